import type { RunView, StageView } from '../../api/types';

/** The runs of the queue by what a person can do with them. */
export type QueueParts = { running: RunView[]; waiting: RunView[]; ended: RunView[] };

/** Divides the host's list; its order is kept, waiting runs stand by their place. */
export function parts(runs: readonly RunView[]): QueueParts {
  const running = runs.filter((run) => run.state === 'running');
  const waiting = runs
    .filter((run) => run.state === 'queued')
    .sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity));
  const ended = runs.filter((run) => run.state !== 'running' && run.state !== 'queued');
  return { running, waiting, ended };
}

/** Whether a run can be put back into the queue from its finished stages. */
export function canResume(run: RunView): boolean {
  return run.state === 'failed' || run.state === 'cancelled' || run.state === 'interrupted';
}

/** Only the newest run of a case may be resumed: an older one was replaced by it. `runs` is newest first. */
export function resumable(runs: readonly RunView[]): ReadonlySet<string> {
  const cases = new Set<string>();
  const found = new Set<string>();
  const order = parts(runs);
  for (const run of [...order.running, ...order.waiting, ...order.ended]) {
    if (!cases.has(run.case) && canResume(run)) found.add(run.id);
    cases.add(run.case);
  }
  return found;
}

/** The stage at work; before the first begins, the first that waits; null: none is left. */
export function presentStage(run: RunView): { stage: StageView; at: number } | null {
  const working = run.stages.findIndex((stage) => stage.state === 'working' || stage.state === 'failed');
  const at = working >= 0 ? working : run.stages.findIndex((stage) => stage.state === 'waiting');
  const stage = run.stages[at];
  return stage ? { stage, at: at + 1 } : null;
}

/**
 * Progress of a run, 0 to 1, by stages: every stage that is needed counts the same, since their times cannot be
 * known beforehand. null: it cannot be told.
 */
export function progress(run: RunView): number | null {
  const needed = run.stages.filter((stage) => stage.state !== 'skipped');
  if (needed.length === 0) return null;
  const done = needed.reduce((sum, stage) => {
    if (stage.state === 'done' || stage.state === 'resumed') return sum + 1;
    if (stage.state === 'working') return sum + Math.min(100, Math.max(0, stage.percent ?? 0)) / 100;
    return sum;
  }, 0);
  return Math.min(1, done / needed.length);
}

/** Progress of every run at work by its case, in whole percent, never 100 before the run is done. */
export function percentByCase(runs: readonly RunView[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const run of runs) {
    const value = run.state === 'running' ? progress(run) : null;
    if (value !== null) found.set(run.case, Math.min(99, Math.floor(value * 100)));
  }
  return found;
}

/** The place after a move by one, or null where the run stands at that end already. */
export function movedPlace(waiting: readonly RunView[], id: string, by: -1 | 1): number | null {
  const at = waiting.findIndex((run) => run.id === id);
  const next = at + by;
  return at < 0 || next < 0 || next >= waiting.length ? null : next + 1;
}
