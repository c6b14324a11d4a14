import { describe, expect, it } from 'vitest';
import { grown, template } from './columns';
import {
  type Cell,
  MAX_SCROLL,
  maxOffset,
  moveCell,
  offsetAfterScroll,
  offsetOf,
  offsetToShow,
  ROW,
  scrollOf,
  scrollRange,
  windowOf,
} from './model';

const extent = { rows: 1_000, columns: 8, page: 20 };
const press = (key: string, more: Partial<{ ctrl: boolean; alt: boolean; shift: boolean }> = {}) => ({
  key,
  ctrl: false,
  alt: false,
  shift: false,
  ...more,
});

describe('moveCell', () => {
  const at: Cell = { row: 5, column: 2 };
  it.each([
    ['ArrowDown', { row: 6, column: 2 }],
    ['j', { row: 6, column: 2 }],
    ['ArrowUp', { row: 4, column: 2 }],
    ['k', { row: 4, column: 2 }],
    ['ArrowRight', { row: 5, column: 3 }],
    ['ArrowLeft', { row: 5, column: 1 }],
    ['Home', { row: 5, column: 0 }],
    ['End', { row: 5, column: 7 }],
    ['PageDown', { row: 25, column: 2 }],
    ['PageUp', { row: 0, column: 2 }],
  ])('%s', (key, want) => expect(moveCell(at, press(key), extent)).toEqual(want));

  it('goes to the corners with Ctrl', () => {
    expect(moveCell(at, press('Home', { ctrl: true }), extent)).toEqual({ row: 0, column: 0 });
    expect(moveCell(at, press('End', { ctrl: true }), extent)).toEqual({ row: 999, column: 7 });
  });
  it('reaches the header upwards by arrow, but not by k or PageUp', () => {
    const top = { row: 0, column: 1 };
    expect(moveCell(top, press('ArrowUp'), extent)?.row).toBe(-1);
    expect(moveCell(top, press('k'), extent)?.row).toBe(0);
    expect(moveCell(top, press('PageUp'), extent)?.row).toBe(0);
  });
  it('stops at the last row and column', () => {
    const end = { row: 999, column: 7 };
    for (const key of ['ArrowDown', 'j', 'PageDown', 'ArrowRight']) {
      expect(moveCell(end, press(key), extent)).toEqual(end);
    }
  });
  it('leaves letters alone when single keys are off, and every key with Alt', () => {
    expect(moveCell(at, press('j'), extent, false)).toBeNull();
    expect(moveCell(at, press('ArrowDown', { alt: true }), extent)).toBeNull();
    expect(moveCell(at, press('a'), extent)).toBeNull();
  });
  it('stays in the header of an empty table', () => {
    const none = { ...extent, rows: 0 };
    for (const key of ['ArrowDown', 'j', 'k', 'PageDown', 'PageUp']) {
      expect(moveCell({ row: -1, column: 0 }, press(key), none)?.row).toBe(-1);
    }
  });
});

describe('scroll range', () => {
  const small = scrollRange(1_000, 600);
  const large = scrollRange(5_000_000, 600);

  it('is never taller than browsers allow', () => {
    expect(small.height).toBe(28_000);
    expect(large.height).toBe(MAX_SCROLL);
    expect(large.total).toBe(140_000_000);
  });
  it('maps ends to ends and back', () => {
    for (const range of [small, large]) {
      expect(scrollOf(range, 0)).toBe(0);
      expect(scrollOf(range, maxOffset(range))).toBeCloseTo(range.height - range.view, 3);
      expect(offsetOf(range, range.height - range.view)).toBeCloseTo(maxOffset(range), 3);
      expect(offsetOf(range, scrollOf(range, 12_345))).toBeCloseTo(12_345, 3);
    }
  });
  it('moves by the pixels of the wheel, however large the table', () => {
    const scroll = scrollOf(large, 50_000_000);
    expect(offsetAfterScroll(large, 50_000_000, scroll, scroll + 100)).toBe(50_000_100);
    expect(offsetAfterScroll(small, 700, 700, 800)).toBe(800);
  });
  it('follows the dragged scroll bar in proportion', () => {
    const half = (large.height - large.view) / 2;
    expect(offsetAfterScroll(large, 0, 0, half)).toBeCloseTo(maxOffset(large) / 2, 0);
  });
  it('never leaves the rows', () => {
    expect(offsetAfterScroll(large, 10, 500, 0)).toBe(0);
    expect(offsetAfterScroll(large, maxOffset(large) - 1, 1_000, 1_500)).toBe(maxOffset(large));
  });
});

describe('offsetToShow', () => {
  const range = scrollRange(5_000_000, 600);
  it('does not move for a row in sight', () => expect(offsetToShow(range, 280, 15)).toBe(280));
  it.each([0, 9, 31, 2_500_000, 4_999_999])('shows row %i whole', (row) => {
    const offset = offsetToShow(range, 280, row);
    expect(row * ROW).toBeGreaterThanOrEqual(offset);
    expect((row + 1) * ROW).toBeLessThanOrEqual(offset + range.view);
  });
});

describe('windowOf', () => {
  it('holds every row in sight and only rows that exist', () => {
    const range = scrollRange(5_000_000, 600);
    expect(windowOf(range, 0, 5_000_000)).toEqual({ first: 0, last: 28 });
    expect(windowOf(range, maxOffset(range), 5_000_000).last).toBe(4_999_999);
    expect(windowOf(scrollRange(0, 600), 0, 0).last).toBe(-1);
  });
});

describe('columns', () => {
  const render = () => null;
  it('grow to the longest name and share what is left', () => {
    const columns = [
      { id: 'c', title: 'c.', width: 100, mono: true, render },
      { id: 'x', title: 'x', width: 'flex' as const, minWidth: 90, render },
    ];
    expect(template(columns, new Map(), false)).toBe('100px minmax(90px, 1fr)');
    expect(template(columns, new Map([['c', 40]]), true)).toBe(`30px ${grown(100, 40)}px minmax(90px, 1fr)`);
    expect(grown(100, 40)).toBeGreaterThan(40 * 7);
    expect(grown(100, 5_000)).toBe(grown(100, 90));
  });
});
