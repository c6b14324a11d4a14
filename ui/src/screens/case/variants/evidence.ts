import type { CriterionView } from '../../../api/types';

/** Criteria in the groups of the evidence page. */
export type Groups = {
  met: CriterionView[];
  /** Not counted, and entered evidence speaks to them: a person should look. */
  proposed: CriterionView[];
  notMet: CriterionView[];
  notApplicable: CriterionView[];
  notEvaluated: CriterionView[];
};

/** Heaviest first; of equal weight pathogenic before benign, then by code. */
function byWeight(a: CriterionView, b: CriterionView): number {
  return (
    Math.abs(b.points) - Math.abs(a.points) ||
    b.points - a.points ||
    a.code.localeCompare(b.code, 'en', { numeric: true })
  );
}

function byCode(a: CriterionView, b: CriterionView): number {
  return a.code.localeCompare(b.code, 'en', { numeric: true });
}

/** Groups criteria: those that count first and by weight, the others by code. None is left out. */
export function grouped(criteria: readonly CriterionView[]): Groups {
  const isProposed = (one: CriterionView) =>
    one.state !== 'met' && one.proposal !== null && one.decision === null;
  const of = (state: CriterionView['state']) =>
    criteria.filter((one) => one.state === state && !isProposed(one));
  return {
    met: of('met').sort(byWeight),
    proposed: criteria.filter(isProposed).sort(byCode),
    notMet: of('not_met').sort(byCode),
    notApplicable: of('not_applicable').sort(byCode),
    notEvaluated: of('not_evaluated').sort(byCode),
  };
}

/**
 * What the points rail draws: the criteria that are met and weigh, pathogenic ones from the heaviest, then benign
 * ones. Criteria that are not met or were not evaluated never reach the rail.
 */
export function railItems(criteria: readonly CriterionView[]): { code: string; points: number }[] {
  const weighing = criteria.filter((one) => one.state === 'met' && one.points !== 0).sort(byWeight);
  return [...weighing.filter((one) => one.points > 0), ...weighing.filter((one) => one.points < 0)].map(
    (one) => ({
      code: one.code,
      points: one.points,
    }),
  );
}

/** `PM2_Supporting` -> code `PM2`, strength `supporting`; the standard strength has none. */
export function strengthOf(criterion: Pick<CriterionView, 'code' | 'label'>): string | undefined {
  const [, ...rest] = criterion.label.split('_');
  const strength = rest.join(' ').toLowerCase();
  return strength === '' ? undefined : strength;
}
