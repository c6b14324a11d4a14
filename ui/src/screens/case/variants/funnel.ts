import type { FunnelView } from '../../../api/types';

/** A step as the funnel draws it. */
export type Step = {
  id: string;
  label: string;
  kept: number;
  dropped: number;
  reasons: { id: string; text: string; count: number }[];
  /** ClinVar P/LP alleles among the dropped. */
  clinvar: number;
};

/** The host's steps with the sum of what each dropped. */
export function steps(funnel: readonly FunnelView[]): Step[] {
  return funnel.map((step, index) => ({
    id: String(index),
    label: step.name,
    kept: step.kept,
    dropped: step.dropped.reduce((sum, part) => sum + part.count, 0),
    reasons: step.dropped.map((part, place) => ({
      id: `${index}.${place}`,
      text: part.reason,
      count: part.count,
    })),
    clinvar: step.dropped_clinvar_pathogenic,
  }));
}

/**
 * The first step whose numbers do not account for every variant: kept and dropped must give what the step before
 * kept, and the last step must keep what the table shows. Null when all add up.
 */
export function unaccounted(list: readonly Step[], total: number): { step: string; missing: number } | null {
  for (const [index, step] of list.entries()) {
    const before = list[index - 1];
    if (before) {
      const missing = before.kept - step.kept - step.dropped;
      if (missing !== 0) return { step: step.label, missing };
    }
  }
  const last = list.at(-1);
  return last && last.kept !== total ? { step: last.label, missing: last.kept - total } : null;
}
