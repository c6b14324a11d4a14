import type { OrderForm } from '../../api/types';

const clinicianKeys = [
  'clinician_family',
  'clinician_given',
  'clinician_identifier',
  'organization',
] as const;
const laboratoryKeys = [
  'laboratory_name',
  'laboratory_address',
  'laboratory_contact',
  'laboratory_accreditation',
] as const;

/** Clinician and laboratory of the last case of this session: offered, so that nobody types them again. */
export type Again = {
  clinician: Pick<OrderForm, (typeof clinicianKeys)[number]>;
  laboratory: Pick<OrderForm, (typeof laboratoryKeys)[number]>;
};

/** Under this name they are kept until the lock. */
export const lastGiven = 'last-given';

/** What to offer with the next case. */
export function againOf(order: OrderForm): Again {
  const pick = <K extends keyof OrderForm>(keys: readonly K[]) =>
    Object.fromEntries(keys.map((key) => [key, order[key]])) as Pick<OrderForm, K>;
  return { clinician: pick(clinicianKeys), laboratory: pick(laboratoryKeys) };
}

/** `Family, Given`; empty without a family name. */
export function againName(family: string, given: string): string {
  return family === '' || given === '' ? family : `${family}, ${given}`;
}
