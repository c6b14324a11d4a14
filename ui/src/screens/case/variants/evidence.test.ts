import { describe, expect, it } from 'vitest';
import { criterion } from '../../../test/review';
import { grouped, railItems, strengthOf } from './evidence';

const criteria = [
  criterion('PS3', 0, 'not_evaluated'),
  criterion('PM2_Supporting', 1, 'met'),
  criterion('BP4', -1, 'met'),
  criterion('BA1', 0, 'not_met'),
  criterion('PVS1', 8, 'met'),
  criterion('BS1', -4, 'met'),
  criterion('PP3', 0, 'not_applicable'),
  criterion('PM1', 2, 'met'),
  criterion('PM5', 2, 'met'),
  criterion('PM3', 4, 'not_met'),
];

describe('criteria', () => {
  it('puts those that count first, by weight, and leaves none out', () => {
    const groups = grouped(criteria);
    expect(groups.met.map((one) => one.code)).toEqual(['PVS1', 'BS1', 'PM1', 'PM5', 'PM2', 'BP4']);
    expect(groups.notMet.map((one) => one.code)).toEqual(['BA1', 'PM3']);
    expect(groups.notEvaluated.map((one) => one.code)).toEqual(['PS3']);
    expect(groups.notApplicable.map((one) => one.code)).toEqual(['PP3']);
    expect(Object.values(groups).flat()).toHaveLength(criteria.length);
  });

  it('puts what evidence speaks to and nobody set by itself, and leaves none out', () => {
    const proposal = {
      label: 'PS2',
      strength: 'strong' as const,
      sentence: 's',
      compared: [],
      confirmed: false,
    };
    const decision = { id: 'd', by: 'A', role: 'admin' as const, at: 't', reason: 'r', rules_then: null };
    const more = [
      ...criteria,
      criterion('PS2', 0, 'not_evaluated', { proposal }),
      criterion('PP1', 0, 'not_met', { proposal, decision }),
      criterion('PS4', 4, 'met', { proposal }),
    ];
    const groups = grouped(more);
    expect(groups.proposed.map((one) => one.code)).toEqual(['PS2']);
    expect(groups.notEvaluated.map((one) => one.code)).toEqual(['PS3']);
    expect(Object.values(groups).flat()).toHaveLength(more.length);
  });

  it('does not depend on the order in which they come', () => {
    expect(grouped([...criteria].reverse())).toEqual(grouped(criteria));
  });

  it('draws only met criteria that weigh: pathogenic ones from the heaviest, then benign ones', () => {
    expect(railItems(criteria)).toEqual([
      { code: 'PVS1', points: 8 },
      { code: 'PM1', points: 2 },
      { code: 'PM5', points: 2 },
      { code: 'PM2', points: 1 },
      { code: 'BS1', points: -4 },
      { code: 'BP4', points: -1 },
    ]);
    expect(railItems([])).toEqual([]);
  });

  it('names a strength that is not the standard one', () => {
    expect(strengthOf({ code: 'PM2', label: 'PM2_Supporting' })).toBe('supporting');
    expect(strengthOf({ code: 'PVS1', label: 'PVS1' })).toBeUndefined();
    expect(strengthOf({ code: 'PP1', label: 'PP1_Very_Strong' })).toBe('very strong');
  });
});
