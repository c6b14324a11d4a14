import { describe, expect, it } from 'vitest';
import type { CaseRow, RunView } from '../../api/types';
import { en } from '../../words';
import { outcomeOf, qualityOf, stateOf } from './columns';
import {
  countAll,
  countOf,
  initialState,
  isAtWork,
  isFiltered,
  percentOf,
  signature,
  toInput,
  withSort,
} from './query';

const row: CaseRow = {
  id: 'c1',
  sample: 'S',
  patient: null,
  identifiers: [],
  test: null,
  indication: null,
  state: 'running',
  percent: 12,
  outcome: null,
  quality: null,
  received: '2026-11-20T10:00:00Z',
  changed: '2026-11-20T10:00:00Z',
  synthetic: false,
};
const run = (id: string, state: RunView['state']): RunView => ({
  id,
  case: id,
  sample: id,
  state,
  place: null,
  stages: [],
  notes: [],
  error: null,
  asked: '2026-11-20T10:00:00Z',
  started: null,
  ended: null,
  seconds: null,
});

describe('the query of the worklist', () => {
  it('sends the states in the order of a case, however they were chosen, and the search without its white space', () => {
    const input = toInput({ ...initialState, search: ' S-1 ', states: ['drafted', 'received'] }, 200, 50);
    expect(input).toEqual({
      search: 'S-1',
      states: ['received', 'drafted'],
      sort: 'changed',
      descending: true,
      offset: 200,
      limit: 50,
    });
  });

  it('sorts only by what the host sorts by', () => {
    expect(withSort(initialState, 'patient', false)).toMatchObject({ sort: 'patient', descending: false });
    expect(withSort(initialState, 'indication', false)).toBe(initialState);
  });

  it('knows what leaves rows out', () => {
    expect(isFiltered(initialState)).toBe(false);
    expect(isFiltered({ ...initialState, search: '  ' })).toBe(false);
    expect(isFiltered({ ...initialState, search: 'x' })).toBe(true);
    expect(isFiltered({ ...initialState, states: ['called'] })).toBe(true);
  });

  it('counts a state that the host does not list as no case', () => {
    const counts = [
      { state: 'called' as const, count: 3 },
      { state: 'running' as const, count: 1 },
    ];
    expect([countOf(counts, 'called'), countOf(counts, 'queued'), countAll(counts)]).toEqual([3, 0, 4]);
  });
});

describe('what changes by itself', () => {
  it('is asked for while a run is at work or waits', () => {
    expect(isAtWork([run('a', 'done'), run('b', 'failed')])).toBe(false);
    expect(isAtWork([run('a', 'queued')])).toBe(true);
    expect(isAtWork([run('a', 'running')])).toBe(true);
  });

  it('reads the list again when a run changes its state, not with every percent', () => {
    const before = signature([{ ...run('a', 'running'), seconds: 1 }]);
    expect(signature([{ ...run('a', 'running'), seconds: 2 }])).toBe(before);
    expect(signature([run('a', 'done')])).not.toBe(before);
  });

  it('takes the percent of the queue before that of the row, and none of a case that is not running', () => {
    expect(percentOf(row, new Map([['c1', 40]]))).toBe(40);
    expect(percentOf(row, new Map())).toBe(12);
    expect(percentOf({ ...row, state: 'called' }, new Map([['c1', 40]]))).toBeNull();
    expect(stateOf(row, en, new Map())).toBe('Running 12 %');
    expect(stateOf({ ...row, percent: null }, en, new Map())).toBe('Running');
  });
});

describe('words of a row', () => {
  it('an outcome that is not known is shown as it came, an absent one is none', () => {
    expect(outcomeOf({ ...row, outcome: 'POSITIVE' }, en)).toBe('Positive');
    expect(outcomeOf({ ...row, outcome: 'NEW WORD' }, en)).toBe('NEW WORD');
    expect(outcomeOf(row, en)).toBeNull();
  });

  it('quality is one of four words in any spelling, and never a pass by default', () => {
    expect(
      ['pass', 'WARN', 'not assessed', 'NOT_ASSESSED'].map((quality) => qualityOf({ ...row, quality })),
    ).toEqual(['PASS', 'WARN', 'NOT ASSESSED', 'NOT ASSESSED']);
    expect(qualityOf({ ...row, quality: 'other' })).toBeNull();
    expect(qualityOf(row)).toBeNull();
  });
});
