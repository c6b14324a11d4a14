import { expect, it } from 'vitest';
import type { HistoryRow } from '../../../api/types';
import { matching } from './match';

const rows: HistoryRow[] = [
  {
    seq: 2,
    at: '2026-11-21T09:00:00Z',
    who: 'Anna Example',
    action: 'decided',
    field: 'class',
    old: 'uncertain',
    new: 'benign',
    reason: 'Frequency',
  },
  {
    seq: 1,
    at: '2026-11-20T09:00:00Z',
    who: 'Bert Example',
    action: 'opened',
    field: null,
    old: null,
    new: null,
    reason: null,
  },
];

it('finds entries in which every word occurs, in any field', () => {
  const found = (words: string) => matching(rows, words).map((row) => row.seq);
  expect(found('')).toEqual([2, 1]);
  expect(found('EXAMPLE')).toEqual([2, 1]);
  expect(found('anna benign')).toEqual([2]);
  expect(found('bert benign')).toEqual([]);
  expect(found('null')).toEqual([]);
});
