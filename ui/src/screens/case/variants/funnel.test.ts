import { describe, expect, it } from 'vitest';
import type { FunnelView } from '../../../api/types';
import { steps, unaccounted } from './funnel';

const funnel: FunnelView[] = [
  { name: 'called', kept: 100, dropped: [], dropped_clinvar_pathogenic: 0 },
  {
    name: 'passed quality',
    kept: 70,
    dropped: [
      { reason: 'depth', count: 20 },
      { reason: 'strand', count: 10 },
    ],
    dropped_clinvar_pathogenic: 2,
  },
  { name: 'coding', kept: 5, dropped: [{ reason: 'intronic', count: 65 }], dropped_clinvar_pathogenic: 0 },
];

describe('funnel', () => {
  it('shows the sum of what each step dropped, with every reason', () => {
    const shown = steps(funnel);
    expect(shown.map((step) => step.dropped)).toEqual([0, 30, 65]);
    expect(shown[1]?.reasons.map((reason) => [reason.text, reason.count])).toEqual([
      ['depth', 20],
      ['strand', 10],
    ]);
    expect(shown[1]?.clinvar).toBe(2);
    expect(new Set(shown.flatMap((step) => step.reasons.map((reason) => reason.id))).size).toBe(3);
  });

  it('accounts for every variant', () => {
    expect(unaccounted(steps(funnel), 5)).toBeNull();
  });

  it('names the step that loses or invents variants', () => {
    const lost = structuredClone(funnel);
    if (lost[1]) lost[1].kept = 69;
    expect(unaccounted(steps(lost), 5)).toEqual({ step: 'passed quality', missing: 1 });
    const made = structuredClone(funnel);
    if (made[2]) made[2].kept = 6;
    expect(unaccounted(steps(made), 6)).toEqual({ step: 'coding', missing: -1 });
  });

  it('does not accept a table that shows other than the last step keeps', () => {
    expect(unaccounted(steps(funnel), 4)).toEqual({ step: 'coding', missing: 1 });
    expect(unaccounted([], 4)).toBeNull();
  });
});
