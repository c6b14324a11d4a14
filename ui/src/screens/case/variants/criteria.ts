import type { CriterionSetting, CriterionView, EvidenceEntry, StrengthStep } from '../../../api/types';

/** Strengths from the weakest; a pathogenic criterion never stands alone. */
export function strengthsOf(code: string): StrengthStep[] {
  const all: StrengthStep[] = ['supporting', 'moderate', 'strong', 'very_strong'];
  return code.startsWith('B') ? [...all, 'stand_alone'] : all;
}

/** What a person is about to set. */
export type Choice = { setting: CriterionSetting | null; strength: StrengthStep | null; reason: string };

/** Why a setting cannot be confirmed, or null when it can. */
export type Refusal = 'no_setting' | 'no_strength' | 'reason_missing' | 'unchanged' | null;

/** Whether a choice is what the entered evidence proposes: its sentence is the reason then. */
export function isProposed(criterion: CriterionView, choice: Choice): boolean {
  const proposal = criterion.proposal;
  return (
    proposal !== null &&
    proposal.strength !== null &&
    choice.setting === 'met' &&
    choice.strength === proposal.strength
  );
}

/** Checks a setting before it is sent; the host checks it again. */
export function refusal(criterion: CriterionView, choice: Choice): Refusal {
  if (choice.setting === null) return 'no_setting';
  if (choice.setting === 'met' && choice.strength === null) return 'no_strength';
  const given = choice.reason.trim();
  if (given === '' && !isProposed(criterion, choice)) return 'reason_missing';
  const same = criterion.state === choice.setting && criterion.strength === choice.strength;
  if (same && criterion.decision !== null && criterion.decision.reason.trim() === given) return 'unchanged';
  return null;
}

/** What the dialog opens with: the setting in effect where a person made it, else what is proposed. */
export function initial(criterion: CriterionView): Choice {
  const { state, strength, decision, proposal } = criterion;
  if (decision !== null && state !== 'not_evaluated') {
    return { setting: state, strength: state === 'met' ? strength : null, reason: decision.reason };
  }
  if (proposal !== null && proposal.strength !== null) {
    return { setting: 'met', strength: proposal.strength, reason: '' };
  }
  return { setting: null, strength: null, reason: '' };
}

/** A kind of evidence. */
export type Kind = EvidenceEntry['kind'];
/** The kinds in the order of the menu. */
export const KINDS: readonly Kind[] = [
  'de_novo',
  'second_allele',
  'segregation',
  'probands',
  'case_control',
  'phenotype',
  'assay',
  'other_allele',
  'other_cause',
];

/** A field of the form of a kind. */
export type Field =
  | { name: string; type: 'text'; isRequired: boolean }
  | { name: string; type: 'count' }
  | { name: string; type: 'number' }
  | { name: string; type: 'yes' }
  | { name: string; type: 'choice'; choices: readonly string[] };

const count = (name: string): Field => ({ name, type: 'count' });
const yes = (name: string): Field => ({ name, type: 'yes' });
const choice = (name: string, ...choices: string[]): Field => ({ name, type: 'choice', choices });
const text = (name: string, isRequired: boolean): Field => ({ name, type: 'text', isRequired });

/** The fields of each kind besides the source. */
export const FIELDS: Record<Kind, readonly Field[]> = {
  de_novo: [
    choice('fit', 'highly_specific', 'consistent', 'heterogeneous', 'not_consistent'),
    choice('parentage', 'confirmed', 'assumed'),
    yes('patient'),
  ],
  second_allele: [
    choice('phase', 'confirmed', 'unknown', 'homozygous'),
    choice('class', 'pathogenic', 'likely_pathogenic', 'uncertain', 'likely_benign', 'benign'),
    text('allele', false),
    yes('patient'),
  ],
  segregation: [count('families'), count('meioses'), count('affected_without')],
  probands: [count('unrelated')],
  case_control: [
    count('cases_with'),
    count('cases_without'),
    count('controls_with'),
    count('controls_without'),
  ],
  phenotype: [yes('highly_specific'), yes('single_cause')],
  assay: [{ name: 'odds', type: 'number' }],
  other_allele: [
    text('allele', true),
    choice('phase', 'cis', 'trans', 'unknown'),
    yes('dominant_fully_penetrant'),
  ],
  other_cause: [text('cause', true), yes('explains_all')],
};

/** What a person typed or chose so far, by field. */
export type Draft = Readonly<Record<string, string | boolean>>;

/** The fields that are missing or cannot be read. */
export function missing(kind: Kind, draft: Draft): string[] {
  const wrong = FIELDS[kind].flatMap((field) => {
    const value = draft[field.name];
    const given = typeof value === 'string' ? value.trim() : '';
    switch (field.type) {
      case 'yes':
        return [];
      case 'text':
        return field.isRequired && given === '' ? [field.name] : [];
      case 'choice':
        return field.choices.includes(given) ? [] : [field.name];
      case 'count':
        return /^\d{1,9}$/.test(given) ? [] : [field.name];
      default:
        return /^\d+(\.\d+)?$/.test(given) && Number(given) > 0 ? [] : [field.name];
    }
  });
  const source = draft.source;
  return typeof source === 'string' && source.trim() !== '' ? wrong : [...wrong, 'source'];
}

/** The entry of a whole draft; null while something is missing. */
export function entryOf(kind: Kind, draft: Draft): EvidenceEntry | null {
  if (missing(kind, draft).length > 0) return null;
  const fields = FIELDS[kind].map((field) => {
    const value = draft[field.name];
    if (field.type === 'yes') return [field.name, value === true];
    const given = typeof value === 'string' ? value.trim() : '';
    if (field.type === 'count' || field.type === 'number') return [field.name, Number(given)];
    return [field.name, given === '' ? null : given];
  });
  return { kind, source: String(draft.source).trim(), ...Object.fromEntries(fields) } as EvidenceEntry;
}
