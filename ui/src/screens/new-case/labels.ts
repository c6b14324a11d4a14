import type { Words } from '../../words';
import { furtherFields } from '../further/further';
import type { Field } from './draft';

/** What each field is called, for the list of problems. */
export function fieldLabels(w: Words): Record<Field, string> {
  const t = w.newCase;
  const of = (section: string, field: string) => `${section}: ${field}`;
  const further = Object.fromEntries(
    furtherFields.map((field) => [`further.${field}`, of(w.further.title, w.further.fields[field].label)]),
  ) as Record<`further.${(typeof furtherFields)[number]}`, string>;
  return {
    ...further,
    files: t.files.title,
    sample: t.sample.accession,
    input_sample: t.sample.input,
    reference_set: t.sample.set,
    family: of(t.patient.title, t.patient.family),
    given: of(t.patient.title, t.patient.given),
    birth_date: of(t.patient.title, t.patient.birthDate),
    sex: of(t.patient.title, t.patient.sex),
    identifiers: of(t.patient.title, t.patient.identifiers),
    specimen_id: of(t.specimen.title, t.specimen.id),
    specimen_type: of(t.specimen.title, t.specimen.type),
    collected: of(t.specimen.title, t.specimen.collected),
    received: of(t.specimen.title, t.specimen.received),
    condition: of(t.specimen.title, t.specimen.condition),
    order_id: of(t.request.title, t.request.id),
    test: of(t.request.title, t.request.test),
    code: of(t.request.title, t.request.code),
    order_date: of(t.request.title, t.request.date),
    clinician_family: of(t.clinician.title, t.clinician.family),
    clinician_given: of(t.clinician.title, t.clinician.given),
    clinician_identifier: of(t.clinician.title, t.clinician.identifier),
    organization: of(t.clinician.title, t.clinician.organization),
    laboratory_name: of(t.laboratory.title, t.laboratory.name),
    laboratory_address: of(t.laboratory.title, t.laboratory.address),
    laboratory_contact: of(t.laboratory.title, t.laboratory.contact),
    laboratory_accreditation: of(t.laboratory.title, t.laboratory.accreditation),
    indication: of(t.indication.title, t.indication.text),
    hpo: of(t.indication.title, t.indication.hpo),
    genes: of(t.genes.title, t.genes.label),
    medications: of(t.medicines.title, t.medicines.label),
    secondary_findings: of(t.consent.title, t.consent.secondary),
    list_vus: of(t.consent.title, t.consent.vus),
    policy: of(t.consent.title, t.consent.policy),
  };
}

/** Fields in the order of the page, so that the list of problems reads from top to bottom. */
export const fieldOrder: readonly Field[] = [
  'files',
  'sample',
  'input_sample',
  'reference_set',
  ...furtherFields.map((field) => `further.${field}` as const),
  'family',
  'given',
  'birth_date',
  'sex',
  'identifiers',
  'specimen_id',
  'specimen_type',
  'collected',
  'received',
  'condition',
  'order_id',
  'test',
  'code',
  'order_date',
  'clinician_family',
  'clinician_given',
  'clinician_identifier',
  'organization',
  'laboratory_name',
  'laboratory_address',
  'laboratory_contact',
  'laboratory_accreditation',
  'indication',
  'hpo',
  'genes',
  'medications',
  'secondary_findings',
  'list_vus',
  'policy',
];
