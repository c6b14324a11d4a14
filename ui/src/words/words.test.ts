import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from './en';
import { bytes, date, dateTime, duration, frequency, list, number, percent, plural } from './format';

describe('format', () => {
  it('groups digits', () => expect(number(4_812_331)).toBe('4,812,331'));
  it('says percent', () => expect(percent(0.9874)).toBe('98.7 %'));
  it.each([
    [0, '0'],
    [0.77, '0.770'],
    [0.000008, '8.0×10⁻⁶'],
    [0.002, '2.0×10⁻³'],
  ])('frequency %d', (value, want) => expect(frequency(value)).toBe(want));
  it('never moves a bare date', () => expect(date('1970-01-01')).toBe('1970-01-01'));
  it('gives back what is no date', () => {
    expect(date('unknown')).toBe('unknown');
    expect(dateTime('unknown')).toBe('unknown');
  });
  it('shows a moment with its zone', () =>
    expect(dateTime('2026-11-21T11:58:00Z')).toMatch(/^2026-11-2\d \d\d:\d\d \S/));
  it.each([
    [4.2, '4 s'],
    [200, '3 min 20 s'],
    [7_500, '2 h 5 min'],
    [3_600, '1 h'],
  ])('duration %d', (value, want) => expect(duration(value)).toBe(want));
  it('says bytes', () => expect(bytes(12_400_000_000)).toBe('12.4 GB'));
  it('picks the plural', () => {
    expect(plural(1, { one: 'gap', other: 'gaps' })).toBe('gap');
    expect(plural(0, { one: 'gap', other: 'gaps' })).toBe('gaps');
    expect(en.common.points(-1)).toBe('-1 point');
  });
  it('joins', () => expect(list(['a', 'b', 'c'])).toBe('a, b and c'));
});

/** Source files of the product: the gallery is a page for developers and has words of its own. */
function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return ['gallery', 'words'].includes(name) ? [] : sources(path);
    return name.endsWith('.tsx') && !name.includes('.test.') ? [path] : [];
  });
}

/** Text of a source that a person would read or hear and that is not from the words. */
function literals(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const attributes =
    /\s(?:aria-label|aria-description|aria-roledescription|aria-valuetext|placeholder|title|alt|label|text|note|summary|description|confirm|caption|xLabel|yLabel)="([^"]*\p{L}[^"]*)"/gu;
  // Between a tag's end and the next tag or brace: JSX text. Arrows and comparisons have code around them.
  const text = /(?:<\/?[A-Za-z][^<>{}=;]*|"|\})>\s*([\p{L}][^<>{}();=]*?)\s*(?=<\/?[A-Za-z]|\{)/gu;
  return [...code.matchAll(attributes), ...code.matchAll(text)].map((match) => match[1] ?? '');
}

describe('words', () => {
  it('are in one place', () => {
    const found = sources(join(import.meta.dirname, '..')).flatMap((path) =>
      literals(readFileSync(path, 'utf8')).map((text) => `${path}: ${text}`),
    );
    expect(found).toEqual([]);
  });
  it('the search finds literals', () => {
    expect(literals('<p className="x">Hello you</p>')).toEqual(['Hello you']);
    expect(literals('<Button label="Close it" />')).toEqual(['Close it']);
    expect(literals('<p>\n  Save {name}\n</p>')).toEqual(['Save']);
    expect(literals('<p>{w.common.close}</p>')).toEqual([]);
  });
  it('hold no empty text', () => {
    const walk = (value: unknown, path: string): string[] => {
      if (typeof value === 'string') return value.trim() === '' ? [path] : [];
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, inner]) => walk(inner, `${path}.${key}`));
    };
    expect(walk(en, 'en')).toEqual([]);
  });
});
