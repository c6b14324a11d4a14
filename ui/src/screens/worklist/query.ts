import type { CaseRow, CaseSort, CaseState, CasesInput, RunView } from '../../api/types';

/** Rows of the first window; the grid asks for the others as they come into sight. */
export const firstWindow = 200;

/** What the person asked of the worklist. The search may hold a patient's name. */
export type WorklistState = {
  search: string;
  states: CaseState[];
  sort: CaseSort;
  descending: boolean;
};

/** Newest changes first, nothing filtered. */
export const initialState: WorklistState = { search: '', states: [], sort: 'changed', descending: true };

/** States in the order of a case's life. */
export const allStates: readonly CaseState[] = [
  'received',
  'queued',
  'running',
  'stopped',
  'called',
  'in_review',
  'drafted',
];

const sortable: readonly string[] = [
  'changed',
  'sample',
  'patient',
  'state',
  'received',
] satisfies CaseSort[];

/** The operation's input for a window. */
export function toInput(state: WorklistState, offset: number, limit: number): CasesInput {
  return {
    search: state.search.trim(),
    states: allStates.filter((name) => state.states.includes(name)),
    sort: state.sort,
    descending: state.descending,
    offset,
    limit,
  };
}

/** Sorting by a column of the grid; columns that the host does not sort by change nothing. */
export function withSort(state: WorklistState, column: string, descending: boolean): WorklistState {
  return sortable.includes(column) ? { ...state, sort: column as CaseSort, descending } : state;
}

/** Whether search or states leave anything out. */
export function isFiltered(state: WorklistState): boolean {
  return state.search.trim() !== '' || state.states.length > 0;
}

/** Count of a state under the present search; a state that the host does not list has no case. */
export function countOf(counts: readonly { state: CaseState; count: number }[], state: CaseState): number {
  return counts.find((entry) => entry.state === state)?.count ?? 0;
}

/** Cases under the present search, whatever states are chosen. */
export function countAll(counts: readonly { state: CaseState; count: number }[]): number {
  return counts.reduce((sum, entry) => sum + entry.count, 0);
}

/** Whether rows can change by themselves. */
export function isAtWork(runs: readonly RunView[]): boolean {
  return runs.some((run) => run.state === 'running' || run.state === 'queued');
}

/**
 * Changes whenever a run begins, ends, fails or is put into the queue, and not with its percent: the worklist is
 * read again then, and not every second (a search is an entry of the audit trail).
 */
export function signature(runs: readonly RunView[]): string {
  return runs.map((run) => `${run.id}:${run.state}`).join(' ');
}

/** Percent of a row: of its run in the queue where there is one, else as the worklist said. */
export function percentOf(row: CaseRow, progress: ReadonlyMap<string, number>): number | null {
  if (row.state !== 'running') return null;
  return progress.get(row.id) ?? row.percent;
}
