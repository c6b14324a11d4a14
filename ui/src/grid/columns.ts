import type { ReactNode } from 'react';

/** A column of the grid. */
export type Column<Row> = {
  id: string;
  title: string;
  /** Pixels, or `flex`: what is left, at least `minWidth`. */
  width: number | 'flex';
  minWidth?: number;
  align?: 'end';
  /** Sequence font; with `text` the column grows to its longest name in sight, so that none is cut. */
  mono?: boolean;
  sortable?: boolean;
  render: (row: Row) => ReactNode;
  /** The cell as plain text, for measuring and for the full name on hover. */
  text?: (row: Row) => string;
};

/** Width of one character of the sequence font at the grid's size, in px (IBM Plex Mono is 0.6 em wide). */
const CHARACTER = 12.24 * 0.6;
/** Longest name a column grows to; the longer ones (large insertions) are whole in the detail, which wraps. */
export const LONGEST = 90;

/** Pixels that a column needs for its longest name. */
export function grown(width: number, longest: number): number {
  return Math.max(width, Math.ceil(Math.min(longest, LONGEST) * CHARACTER) + 18);
}

function need<Row>(column: Column<Row>, longest: ReadonlyMap<string, number>): number {
  const least = column.width === 'flex' ? (column.minWidth ?? 120) : column.width;
  return column.mono ? grown(least, longest.get(column.id) ?? 0) : least;
}

/** Pixels that every column needs at least: header and rows are this wide or wider, so that they stay in line. */
export function leastWidth<Row>(
  columns: readonly Column<Row>[],
  longest: ReadonlyMap<string, number>,
  hasSelection: boolean,
): number {
  return columns.reduce((sum, column) => sum + need(column, longest), hasSelection ? 30 : 0);
}

/** `grid-template-columns` of every row. */
export function template<Row>(
  columns: readonly Column<Row>[],
  longest: ReadonlyMap<string, number>,
  hasSelection: boolean,
): string {
  const widths = columns.map((column) => {
    const pixels = need(column, longest);
    return column.width === 'flex' ? `minmax(${pixels}px, 1fr)` : `${pixels}px`;
  });
  return `${hasSelection ? '30px ' : ''}${widths.join(' ')}`;
}
