import type {
  FurtherInputs,
  IdentifierForm,
  InputFile,
  InspectOutput,
  NewCaseInput,
  OrderForm,
  Problem,
} from '../../api/types';
import { emptyFurther, type FurtherText, furtherFields, furtherOf, hasFurther } from '../further/further';

/** The unfinished form of a new case, exactly as typed. */
export type Draft = {
  /** Input files as `inspect` told them, without the order. */
  files: InputFile[];
  /** What of the given paths cannot be used. */
  fileProblems: Problem[];
  /** Sample names that the files state. */
  samples: string[];
  /** Text of the path field that was not added yet. */
  paths: string;
  accession: string;
  /** Whether the accession came from the file names and was not touched since. */
  accessionProposed: boolean;
  /** Sample name in the files; null: the same as the accession. */
  inputSample: string | null;
  referenceSet: string | null;
  /** Whether the pharmacogenes are called. */
  pharmacogenes: boolean;
  /** What the runs use besides, as typed. */
  further: FurtherText;
  /** Whether there is an order; without one the case is UNIDENTIFIED. */
  identified: boolean;
  order: OrderForm;
  /** The gene list as pasted. */
  geneText: string;
  /** Current medicines, one per line. */
  medicineText: string;
  /** Text of the HPO field that was not added yet. */
  hpoText: string;
};

/** Parts of an order from a file that the form hands on as they came. */
export type Unshown = 'clinician_identifier_system' | 'clinician_identifier_label';

/** Fields of the form that a problem can stand beside. */
export type Field =
  | 'files'
  | 'sample'
  | 'input_sample'
  | 'reference_set'
  | `further.${keyof FurtherInputs}`
  | Exclude<keyof OrderForm, Unshown | 'list_vus' | 'secondary_findings'>
  | 'secondary_findings'
  | 'list_vus';

/** An order with nothing given. */
export function emptyOrder(): OrderForm {
  return {
    family: '',
    given: '',
    birth_date: '',
    sex: '',
    identifiers: [emptyIdentifier('MRN'), emptyIdentifier('')],
    specimen_id: '',
    specimen_type: '',
    collected: '',
    received: '',
    condition: '',
    order_id: '',
    test: '',
    code: '',
    order_date: '',
    clinician_family: '',
    clinician_given: '',
    clinician_identifier: '',
    organization: '',
    laboratory_name: '',
    laboratory_address: '',
    laboratory_contact: '',
    laboratory_accreditation: '',
    indication: '',
    hpo: [],
    genes: [],
    secondary_findings: null,
    list_vus: false,
    policy: '',
  };
}

/** An identifier with nothing but what it is called. */
export function emptyIdentifier(label: string): IdentifierForm {
  return { label, system: '', value: '' };
}

/** The form as it is first seen. */
export function emptyDraft(): Draft {
  return {
    files: [],
    fileProblems: [],
    samples: [],
    paths: '',
    accession: '',
    accessionProposed: false,
    inputSample: null,
    referenceSet: null,
    pharmacogenes: false,
    further: emptyFurther(),
    identified: true,
    order: emptyOrder(),
    geneText: '',
    medicineText: '',
    hpoText: '',
  };
}

/** Whether anything was typed or chosen. The reference set is chosen by the program and does not count. */
export function isTouched(draft: Draft): boolean {
  const clean: Draft = { ...emptyDraft(), referenceSet: draft.referenceSet };
  return JSON.stringify(draft) !== JSON.stringify(clean);
}

/** Gene symbols of a pasted text, each once, in order: anything but letters, digits, `-`, `.`, `@` separates. */
export function genesOf(text: string): string[] {
  return unique(text.split(/[^A-Za-z0-9.@-]+/).filter((symbol) => symbol !== ''));
}

/** Current medicines, one per line. Without a line: none where an order file says so, else not stated. */
export function medicinesOf(draft: Draft): Pick<OrderForm, 'medications'> {
  const lines = unique(
    draft.medicineText
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
  if (lines.length > 0) return { medications: lines };
  return draft.order.medications?.length === 0 ? { medications: [] } : {};
}

/** HPO terms of a pasted text, and what of it is none. Names after a term, as in `HP:0003002 Breast carcinoma`, are passed over. */
export function hpoOf(text: string): { terms: string[]; wrong: string[] } {
  const terms: string[] = [];
  const wrong: string[] = [];
  for (const part of text.split(/[,;\n\t|]+/)) {
    const piece = part.trim();
    if (piece === '') continue;
    const found = piece.match(/\bHP[:_]\d+\b/gi) ?? [];
    if (found.length === 0) wrong.push(piece);
    for (const term of found) {
      const plain = term.toUpperCase().replace('_', ':');
      if (isHpo(plain)) terms.push(plain);
      else wrong.push(term);
    }
  }
  return { terms: unique(terms), wrong };
}

/** `HP:` and seven digits. */
export function isHpo(term: string): boolean {
  return /^HP:\d{7}$/.test(term);
}

/** Paths of a pasted text: one per line, quotes of a file manager removed, `file://` understood. */
export function pathsOf(text: string): string[] {
  return unique(
    text
      .split(/\r?\n/)
      .map((line) => line.trim().replace(/^(["'])(.*)\1$/, '$2'))
      .map((line) => (line.startsWith('file://') ? decoded(line.slice('file://'.length)) : line))
      .filter((line) => line !== ''),
  );
}

/** Whether a path starts at the root of a file system (Unix, or a drive of Windows). */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}

/** Whether an accession has the form that the laboratory's file names allow. */
export function isAccession(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text);
}

/** The order as it is sent: white space around values removed, identifiers without any text left out. */
export function orderOf(draft: Draft): OrderForm {
  const { order } = draft;
  // The medicines are those of their field, also where an order file named others.
  const { medications: _, ...others } = order;
  const trimmed = Object.fromEntries(
    Object.entries(others).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]),
  ) as OrderForm;
  return {
    ...trimmed,
    identifiers: order.identifiers
      .map((identifier) => ({
        label: identifier.label.trim(),
        system: identifier.system.trim(),
        value: identifier.value.trim(),
      }))
      .filter((identifier) => identifier.value !== '' || identifier.system !== ''),
    genes: genesOf(draft.geneText),
    ...medicinesOf(draft),
  };
}

/** The draft as the operation takes it. */
export function toNewCase(draft: Draft, start: boolean): NewCaseInput {
  const sample = draft.accession.trim();
  const input = draft.inputSample?.trim() ?? '';
  return {
    sample,
    input_sample: input === '' || input === sample ? null : input,
    order: draft.identified ? orderOf(draft) : null,
    files: draft.files,
    reference_set: draft.referenceSet ?? '',
    ...(draft.pharmacogenes ? { pharmacogenes: true } : {}),
    ...(hasFurther(draft.further) ? { further: furtherOf(draft.further) } : {}),
    start,
  };
}

/**
 * Takes in what the files are. An accession that a person typed stays; the name of the sample in the files is taken
 * over where the files agree on one.
 */
export function withInspection(draft: Draft, seen: InspectOutput): Draft {
  const proposed = seen.accession ?? '';
  const keepsOwn = draft.accession !== '' && !draft.accessionProposed;
  const accession = keepsOwn || proposed === '' ? draft.accession : proposed;
  const only = seen.samples.length === 1 ? (seen.samples[0] ?? null) : null;
  const stays = draft.inputSample !== null && seen.samples.includes(draft.inputSample);
  return {
    ...draft,
    files: seen.files.filter((file) => file.kind !== 'order' && file.kind !== 'unknown'),
    fileProblems: seen.problems,
    samples: seen.samples,
    accession,
    accessionProposed: !keepsOwn && accession !== '' && accession === proposed,
    inputSample: stays ? draft.inputSample : only,
  };
}

/** Puts an order that was read from a file into the form. At least two rows for identifiers stay open. */
export function withOrder(draft: Draft, order: OrderForm): Draft {
  const identifiers = [...order.identifiers];
  while (identifiers.length < 2) identifiers.push(emptyIdentifier(''));
  return {
    ...draft,
    identified: true,
    order: { ...order, identifiers },
    geneText: order.genes.join(' '),
    medicineText: (order.medications ?? []).join('\n'),
  };
}

/** Whether the order part of the form holds anything. */
export function orderIsEmpty(draft: Draft): boolean {
  return (
    JSON.stringify(draft.order) === JSON.stringify(emptyOrder()) &&
    draft.geneText === '' &&
    draft.medicineText === '' &&
    draft.hpoText === ''
  );
}

/** What the page itself can tell, without asking the host. The host checks everything again. */
export type LocalProblem =
  | 'files'
  | 'mixed'
  | 'pathsLeft'
  | 'hpoLeft'
  | 'accessionMissing'
  | 'accessionWrong'
  | 'setMissing';

/** The first problem of each field outside the order. */
export function localProblems(draft: Draft): Partial<Record<Field, LocalProblem>> {
  const found: Partial<Record<Field, LocalProblem>> = {};
  const kinds = new Set(draft.files.map((file) => file.kind));
  // Text that was typed and not added would be lost without a word.
  if (draft.paths.trim() !== '') found.files = 'pathsLeft';
  else if (draft.files.length === 0) found.files = 'files';
  else if (kinds.size > 1) found.files = 'mixed';
  const accession = draft.accession.trim();
  if (accession === '') found.sample = 'accessionMissing';
  else if (!isAccession(accession)) found.sample = 'accessionWrong';
  if (!draft.referenceSet) found.reference_set = 'setMissing';
  if (draft.identified && draft.hpoText.trim() !== '') found.hpo = 'hpoLeft';
  return found;
}

/** Places of an order file and the field of the form that each stands for. */
const places: Record<string, Field> = {
  'patient.name.family': 'family',
  'patient.name.given': 'given',
  'patient.name': 'family',
  'patient.birth_date': 'birth_date',
  'patient.sex': 'sex',
  'patient.identifiers': 'identifiers',
  'specimen.id': 'specimen_id',
  'specimen.type': 'specimen_type',
  'specimen.collected': 'collected',
  'specimen.received': 'received',
  'specimen.condition': 'condition',
  'order.id': 'order_id',
  'order.test': 'test',
  'order.code': 'code',
  'order.date': 'order_date',
  'clinician.name.family': 'clinician_family',
  'clinician.name.given': 'clinician_given',
  'clinician.name': 'clinician_family',
  'clinician.identifier': 'clinician_identifier',
  'clinician.organization': 'organization',
  'laboratory.name': 'laboratory_name',
  'laboratory.address': 'laboratory_address',
  'laboratory.contact': 'laboratory_contact',
  'laboratory.accreditation': 'laboratory_accreditation',
  'indication.text': 'indication',
  'indication.hpo': 'hpo',
  'consent.secondary_findings': 'secondary_findings',
  'policy.list_vus': 'list_vus',
  'policy.name': 'policy',
};

const own = new Set<string>([
  'files',
  'sample',
  'input_sample',
  'reference_set',
  'medications',
  ...furtherFields.map((field) => `further.${field}`),
  ...Object.keys(emptyOrder()),
] satisfies string[]);

/** The field that a problem's place names: the form's own name or the path in an order file; null: none of them. */
export function fieldOf(place: string): Field | null {
  const plain = place
    .trim()
    .replace(/^order\.(?=(patient|specimen|clinician|laboratory|indication|policy|consent)\b)/, '');
  const noIndex = plain.replace(/(\[\d+\]|\.\d+)(\..*)?$/, '');
  for (const name of [plain, noIndex, noIndex.replace(/^order\./, '')]) {
    const listed = places[name];
    if (listed) return listed;
    if (own.has(name)) return name as Field;
  }
  const parent = noIndex.slice(0, noIndex.lastIndexOf('.'));
  return places[parent] ?? null;
}

/** One problem per field, the first one given; problems without a field of the form are kept apart. */
export function byField(problems: readonly Problem[]): {
  fields: Partial<Record<Field, string>>;
  others: Problem[];
} {
  const fields: Partial<Record<Field, string>> = {};
  const others: Problem[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem.place);
    if (field === null) others.push(problem);
    else fields[field] ??= problem.words;
  }
  return { fields, others };
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
