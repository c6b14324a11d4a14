import type { ClassStep, Role, VariantView } from '../../../api/types';
import type { VariantClass } from '../../../components';

/** What a decision needs besides the class. */
export type Need =
  /** Nothing more. */
  | 'nothing'
  /** A reason: it differs from the class that the rules propose. */
  | 'reason'
  /** A reason: the rules propose no class. */
  | 'reason_unclassified';

/** The class that the rules propose now. */
export function proposedOf(variant: Pick<VariantView, 'classification'>): ClassStep {
  return variant.classification?.class ?? 'not_classified';
}

/** What a decision on `chosen` needs. */
export function needOf(variant: Pick<VariantView, 'classification'>, chosen: ClassStep): Need {
  const proposed = proposedOf(variant);
  if (proposed === 'not_classified') return 'reason_unclassified';
  return proposed === chosen ? 'nothing' : 'reason';
}

/** Why a decision cannot be confirmed, or null when it can. */
export type Refusal = 'no_class' | 'reason_missing' | 'unchanged' | null;

/** Checks a decision before it is sent; the host checks it again. */
export function refusal(
  variant: Pick<VariantView, 'classification' | 'decision'>,
  chosen: VariantClass | null,
  reason: string,
): Refusal {
  if (chosen === null) return 'no_class';
  const given = reason.trim();
  if (needOf(variant, chosen) !== 'nothing' && given === '') return 'reason_missing';
  const now = variant.decision;
  if (now && now.class === chosen && now.reason.trim() === given) return 'unchanged';
  return null;
}

/** Whether the proposed class can be accepted as it stands. */
export function canAccept(variant: Pick<VariantView, 'classification' | 'decision'>): boolean {
  const proposed = proposedOf(variant);
  return proposed !== 'not_classified' && variant.decision?.class !== proposed;
}

/** Whether a role may decide on a class. The host decides; this only spares a refused dialog. */
export function mayDecide(role: Role | undefined): boolean {
  return role === 'clinician' || role === 'admin';
}
