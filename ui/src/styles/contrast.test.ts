import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveTheme } from '../theme';

type Tokens = Record<string, string>;
const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8').replace(/@media[\s\S]*$/, '');

function tokens(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`no ${selector}`);
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = parts;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ['paper', 'surface', 'sunken', 'accent-wash'];
const TEXT = [
  'ink',
  'ink-2',
  'ink-3',
  'accent',
  'class-p',
  'class-lp',
  'class-vus',
  'class-lb',
  'class-b',
  'pass',
  'warn',
  'fail',
];
const MARKS = ['line-strong', 'focus', 'points-pathogenic', 'points-benign', 'plot'];

const light = tokens(':root');
const themes: Record<string, Tokens> = {
  light,
  dark: { ...light, ...tokens('[data-theme="dark"]') },
  contrast: { ...light, ...tokens('[data-theme="contrast"]') },
};

it('the measure is right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(Object.keys(themes))('%s', (name) => {
  const theme = themes[name] ?? {};
  const least = (names: string[], minimum: number) =>
    names.flatMap((mark) =>
      SURFACES.map((surface) => {
        const [a, b] = [theme[mark], theme[surface]];
        if (!a || !b) throw new Error(`${mark} on ${surface}: not a colour`);
        return { pair: `${mark} on ${surface}`, ratio: contrast(a, b) };
      }).filter(({ ratio }) => ratio < minimum),
    );
  it('text is 4.5:1 on every surface', () => expect(least(TEXT, 4.5)).toEqual([]));
  it('marks are 3:1 on every surface', () => expect(least(MARKS, 3)).toEqual([]));
  it('text on the accent is 4.5:1', () =>
    expect(contrast(theme['accent-ink'] ?? '', theme.accent ?? '')).toBeGreaterThanOrEqual(4.5));
  it('names every colour anew', () => {
    if (name !== 'light') {
      const own = tokens(`[data-theme="${name}"]`);
      expect(Object.keys(light).filter((token) => !(token in own))).toEqual([]);
    }
  });
});

it('the system decides the theme unless a person did', () => {
  expect(resolveTheme('system', false, false)).toBe('light');
  expect(resolveTheme('system', true, false)).toBe('dark');
  expect(resolveTheme('system', true, true)).toBe('contrast');
  expect(resolveTheme('light', true, true)).toBe('light');
});
