import { number, plural } from '../format';

export const history = {
  title: 'History',
  note: (rows: number) =>
    plural(rows, { one: '1 entry of the audit trail', other: `${number(rows)} entries of the audit trail` }),
  caption: 'Audit trail of this case, newest first',
  number: 'No.',
  at: 'When',
  who: 'Who',
  action: 'What',
  change: 'Field',
  old: 'Before',
  new: 'After',
  reason: 'Reason',
  none: '–',
  empty: 'No entry',
  emptyText: 'The audit trail has no entry about this case.',
  filter: 'Filter entries',
  filterNote: 'Person, action, field, value or reason',
  noMatch: 'No entry holds these words',
  clear: 'Show all',
  more: (count: number) => `Show ${number(count)} older`,
  shown: (shown: number, all: number) => `${number(shown)} of ${number(all)} shown`,
};
