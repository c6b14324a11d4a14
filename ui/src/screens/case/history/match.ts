import type { HistoryRow } from '../../../api/types';

/** Entries in which every word occurs, in any field; letters' case does not matter. */
export function matching(rows: readonly HistoryRow[], words: string): HistoryRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = [row.seq, row.at, row.who, row.action, row.field, row.old, row.new, row.reason]
      .filter((part) => part !== null)
      .join('\n')
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
