import { describe, expect, it } from 'vitest';
import type { CriterionView } from '../../../api/types';
import { entryOf, FIELDS, initial, KINDS, missing, refusal, strengthsOf } from './criteria';

const criterion = (change: Partial<CriterionView> = {}): CriterionView => ({
  code: 'PS3',
  label: 'PS3',
  state: 'not_evaluated',
  points: 0,
  sentence: 'PS3 was not evaluated.',
  source: 'none',
  rule: 'r',
  rule_version: '1',
  compared: [],
  strength: null,
  decision: null,
  file_decision: null,
  automatic: null,
  proposal: null,
  ...change,
});
const proposal = {
  label: 'PS3_Moderate',
  strength: 'moderate' as const,
  sentence: 'The assay gives odds of 5.',
  compared: [],
  confirmed: false,
};
const decision = { id: 'd', by: 'A', role: 'clinician' as const, at: 't', reason: 'seen', rules_then: null };

describe('setting a criterion', () => {
  it('needs a setting, a strength where met, and a reason', () => {
    const one = criterion();
    expect(refusal(one, { setting: null, strength: null, reason: 'r' })).toBe('no_setting');
    expect(refusal(one, { setting: 'met', strength: null, reason: 'r' })).toBe('no_strength');
    expect(refusal(one, { setting: 'not_met', strength: null, reason: '  ' })).toBe('reason_missing');
    expect(refusal(one, { setting: 'met', strength: 'strong', reason: 'r' })).toBeNull();
  });

  it('takes the proposal as reason only where it is what is proposed', () => {
    const one = criterion({ proposal });
    expect(refusal(one, { setting: 'met', strength: 'moderate', reason: '' })).toBeNull();
    expect(refusal(one, { setting: 'met', strength: 'strong', reason: '' })).toBe('reason_missing');
    expect(refusal(one, { setting: 'not_met', strength: null, reason: '' })).toBe('reason_missing');
    expect(initial(one)).toEqual({ setting: 'met', strength: 'moderate', reason: '' });
  });

  it('opens with what a person set, and does not set it again', () => {
    const one = criterion({ state: 'met', strength: 'strong', decision, proposal });
    expect(initial(one)).toEqual({ setting: 'met', strength: 'strong', reason: 'seen' });
    expect(refusal(one, initial(one))).toBe('unchanged');
    expect(refusal(one, { ...initial(one), strength: 'moderate' })).toBeNull();
  });

  it('lets only a benign criterion stand alone', () => {
    expect(strengthsOf('PS3')).not.toContain('stand_alone');
    expect(strengthsOf('BS1')).toContain('stand_alone');
  });
});

describe('entering evidence', () => {
  it('asks for every field and the source', () => {
    for (const kind of KINDS) {
      expect(missing(kind, {})).toContain('source');
      const needed = FIELDS[kind].filter(
        (field) => field.type !== 'yes' && !(field.type === 'text' && !field.isRequired),
      );
      expect(missing(kind, { source: 'PMID 1' })).toEqual(needed.map((field) => field.name));
      expect(entryOf(kind, {})).toBeNull();
    }
  });

  it('makes numbers of what was typed and refuses what is none', () => {
    expect(entryOf('assay', { source: ' PMID 1 ', odds: '12.5' })).toEqual({
      kind: 'assay',
      source: 'PMID 1',
      odds: 12.5,
    });
    expect(missing('assay', { source: 's', odds: '-1' })).toEqual(['odds']);
    expect(missing('probands', { source: 's', unrelated: '2.5' })).toEqual(['unrelated']);
    expect(
      entryOf('de_novo', { source: 's', fit: 'consistent', parentage: 'confirmed', patient: true }),
    ).toEqual({ kind: 'de_novo', source: 's', fit: 'consistent', parentage: 'confirmed', patient: true });
    expect(entryOf('second_allele', { source: 's', phase: 'confirmed', class: 'pathogenic' })).toEqual({
      kind: 'second_allele',
      source: 's',
      phase: 'confirmed',
      class: 'pathogenic',
      allele: null,
      patient: false,
    });
  });
});
