import { describe, expect, it } from 'vitest';
import type { ClassificationView, ClassStep, DecisionView } from '../../../api/types';
import { canAccept, mayDecide, needOf, proposedOf, refusal } from './decision';

function classified(step: ClassStep): ClassificationView {
  return {
    class: step,
    points: 7,
    pathogenic_points: 7,
    benign_points: 0,
    class_2015: step,
    posterior: 0.9,
    flags: [],
    criteria: [],
  };
}

function decided(step: ClassStep, reason: string): DecisionView {
  return {
    id: 'd1',
    class: step,
    proposed: 'likely_pathogenic',
    reason,
    by: 'Anna Example',
    role: 'clinician',
    at: '2026-11-21T09:00:00Z',
    withdrawn: null,
  };
}

const fresh = { classification: classified('likely_pathogenic'), decision: null };

describe('a decision', () => {
  it('needs no reason where it accepts the proposed class', () => {
    expect(needOf(fresh, 'likely_pathogenic')).toBe('nothing');
    expect(refusal(fresh, 'likely_pathogenic', '')).toBeNull();
    expect(canAccept(fresh)).toBe(true);
  });

  it('needs a reason where it differs, and blanks are none', () => {
    expect(needOf(fresh, 'uncertain')).toBe('reason');
    expect(refusal(fresh, 'uncertain', '  \n')).toBe('reason_missing');
    expect(refusal(fresh, 'uncertain', 'Segregation')).toBeNull();
  });

  it('needs a reason where the rules propose nothing, and then nothing can be accepted', () => {
    for (const none of [
      { classification: null, decision: null },
      { classification: classified('not_classified'), decision: null },
    ]) {
      expect(proposedOf(none)).toBe('not_classified');
      expect(needOf(none, 'benign')).toBe('reason_unclassified');
      expect(refusal(none, 'benign', '')).toBe('reason_missing');
      expect(canAccept(none)).toBe(false);
    }
  });

  it('needs a class', () => {
    expect(refusal(fresh, null, 'why')).toBe('no_class');
  });

  it('is refused where it is in effect already; another reason makes it another', () => {
    const done = { ...fresh, decision: decided('uncertain', 'Segregation') };
    expect(refusal(done, 'uncertain', ' Segregation ')).toBe('unchanged');
    expect(refusal(done, 'uncertain', 'Segregation, two families')).toBeNull();
    expect(canAccept(done)).toBe(true);
    expect(canAccept({ ...fresh, decision: decided('likely_pathogenic', '') })).toBe(false);
  });

  it('is for clinicians and administrators', () => {
    expect((['viewer', 'technician', 'clinician', 'admin', undefined] as const).map(mayDecide)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
