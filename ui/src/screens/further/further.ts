import type { FurtherInputs } from '../../api/types';

/** What a run uses besides, as typed: one path, or one per line. */
export type FurtherText = Record<keyof FurtherInputs, string>;

/** The fields in the order of the page. */
export const furtherFields = [
  'evidence',
  'family',
  'pedigree',
  'outside',
  'chain',
  'hpo',
  'scores',
  'score_people',
] as const satisfies readonly (keyof FurtherInputs)[];

/** A field that takes several files, one per line. */
export function takesSeveral(field: keyof FurtherInputs): field is 'outside' | 'scores' {
  return field === 'outside' || field === 'scores';
}

/** Nothing typed. */
export function emptyFurther(): FurtherText {
  return Object.fromEntries(furtherFields.map((field) => [field, ''])) as FurtherText;
}

/** What the host remembers, as it is typed. */
export function furtherText(further: FurtherInputs): FurtherText {
  return Object.fromEntries(
    furtherFields.map((field) => [
      field,
      takesSeveral(field) ? further[field].join('\n') : (further[field] ?? ''),
    ]),
  ) as FurtherText;
}

/** What was typed, as the host takes it. */
export function furtherOf(text: FurtherText): FurtherInputs {
  const one = (field: keyof FurtherInputs) => text[field].trim() || null;
  const several = (field: keyof FurtherInputs) =>
    text[field]
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  return {
    evidence: one('evidence'),
    family: one('family'),
    pedigree: one('pedigree'),
    outside: several('outside'),
    chain: one('chain'),
    hpo: one('hpo'),
    scores: several('scores'),
    score_people: one('score_people'),
  };
}

/** Whether anything was typed. */
export function hasFurther(text: FurtherText): boolean {
  return furtherFields.some((field) => text[field].trim() !== '');
}
