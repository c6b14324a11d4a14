/** Height of a row in CSS pixels; the same as --row. */
export const ROW = 28;
/** Rows of one request to the host. */
export const PAGE = 100;
/**
 * Tallest scroll range we ask of a browser. Chromium and WebKit clamp elements near 33.5 million px, Firefox near
 * 17.9 million; five million rows would need 140 million.
 */
export const MAX_SCROLL = 15_000_000;

/** Where the cursor is: `row` -1 is the header. */
export type Cell = { row: number; column: number };

/** The size that keys move in. */
export type Extent = { rows: number; columns: number; page: number };

/** A key press, as far as the grid cares. */
export type GridKey = { key: string; ctrl: boolean; alt: boolean; shift: boolean };

/**
 * The cell that a key leads to, or null for keys that are not movement. Ends are clamped; the header is reached
 * upwards from the first row. `singles` false: j and k are off.
 */
export function moveCell(cell: Cell, pressed: GridKey, extent: Extent, singles = true): Cell | null {
  if (pressed.alt) return null;
  const last = extent.rows - 1;
  const row = (next: number) => ({ ...cell, row: Math.max(-1, Math.min(last, next)) });
  const column = (next: number) => ({ ...cell, column: Math.max(0, Math.min(extent.columns - 1, next)) });
  if (pressed.ctrl) {
    if (pressed.key === 'Home') return { row: extent.rows > 0 ? 0 : -1, column: 0 };
    if (pressed.key === 'End') return { row: last, column: extent.columns - 1 };
    return null;
  }
  const plain = !pressed.shift;
  switch (pressed.key) {
    case 'ArrowDown':
      return row(cell.row + 1);
    case 'ArrowUp':
      return row(cell.row - 1);
    case 'j':
      return singles && plain ? row(cell.row + 1) : null;
    case 'k':
      // j and k stay among the rows: the header is not a neighbour of a variant.
      return singles && plain ? row(Math.max(Math.min(0, last), cell.row - 1)) : null;
    case 'ArrowRight':
      return column(cell.column + 1);
    case 'ArrowLeft':
      return column(cell.column - 1);
    case 'PageDown':
      return row(Math.max(0, cell.row) + extent.page);
    case 'PageUp':
      return row(Math.max(Math.min(0, last), cell.row - extent.page));
    case 'Home':
      return column(0);
    case 'End':
      return column(extent.columns - 1);
    default:
      return null;
  }
}

/** The scroll range of a grid: what rows need, and what the browser gets. */
export type Range = { total: number; height: number; view: number };

/** Lays out a scroll range for `rows` rows in a window of `view` px of rows. */
export function scrollRange(rows: number, view: number): Range {
  const total = rows * ROW;
  return { total, height: Math.min(total, MAX_SCROLL), view };
}

/** Largest offset: the last row at the foot of the window. */
export function maxOffset(range: Range): number {
  return Math.max(0, range.total - range.view);
}

/** Where the scroll bar stands for an offset into the rows. */
export function scrollOf(range: Range, offset: number): number {
  const most = maxOffset(range);
  if (range.total === range.height || most === 0) return offset;
  return (offset / most) * Math.max(0, range.height - range.view);
}

/** The offset into the rows that a place of the scroll bar stands for. */
export function offsetOf(range: Range, scroll: number): number {
  const room = range.height - range.view;
  if (range.total === range.height || room <= 0) return scroll;
  return (scroll / room) * maxOffset(range);
}

/**
 * The offset after the browser scrolled from `before` to `after`. In a scaled range a small step (wheel, touch pad)
 * moves the rows by just that many pixels, so that no row is jumped over; a large one is the scroll bar and moves in
 * proportion.
 */
export function offsetAfterScroll(range: Range, offset: number, before: number, after: number): number {
  if (range.total === range.height) return after;
  const delta = after - before;
  const next = Math.abs(delta) <= range.view ? offset + delta : offsetOf(range, after);
  return Math.max(0, Math.min(maxOffset(range), next));
}

/** The smallest change of the offset that shows a row whole, below the header. */
export function offsetToShow(range: Range, offset: number, row: number): number {
  const top = Math.max(0, row) * ROW;
  if (top < offset) return top;
  if (top + ROW > offset + range.view) return Math.max(0, Math.min(maxOffset(range), top + ROW - range.view));
  return offset;
}

/** Rows to draw: those in the window and `over` on either side. */
export function windowOf(
  range: Range,
  offset: number,
  rows: number,
  over = 6,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(offset / ROW) - over);
  const last = Math.min(rows - 1, Math.ceil((offset + range.view) / ROW) + over);
  return { first, last };
}
