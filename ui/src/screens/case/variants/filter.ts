import type { ClassStep, ClinvarStep, FrequencyStep, Preset, VariantFilter } from '../../../api/types';

/** Every step of population frequency, rarest first; the two that are no number lead. */
export const FREQUENCIES: readonly FrequencyStep[] = [
  'not_evaluated',
  'absent',
  'below1e5',
  'below1e4',
  'below1e3',
  'below1e2',
  'below5e2',
  'common',
];
/** Every step of ClinVar. */
export const CLINVAR: readonly ClinvarStep[] = [
  'pathogenic',
  'conflicting',
  'uncertain',
  'benign',
  'other',
  'not_listed',
  'not_evaluated',
];
/** Every class, most severe first. */
export const CLASSES: readonly ClassStep[] = [
  'pathogenic',
  'likely_pathogenic',
  'uncertain',
  'likely_benign',
  'benign',
  'not_classified',
];
/** Impacts, most severe first. */
export const IMPACTS = ['HIGH', 'MODERATE', 'LOW', 'MODIFIER'] as const;
/** Kinds of variant. */
export const KINDS = ['snv', 'indel', 'other'] as const;
/** Zygosity words as the engine writes them. */
export const ZYGOSITIES = [
  'heterozygous',
  'homozygous',
  'hemizygous',
  'homoplasmic',
  'heteroplasmic',
  'not present',
  'genotype not called',
] as const;

/** No restriction at all. */
export const OPEN: VariantFilter = {
  passed: false,
  ordered: false,
  impacts: [],
  frequencies: [],
  clinvar: [],
  classes: [],
  zygosities: [],
  kinds: [],
  text: '',
  keep_clinvar_pathogenic: false,
};

/** The parts of a filter that are yes or no. */
export const FLAGS = ['passed', 'ordered', 'keep_clinvar_pathogenic'] as const;
/** The parts of a filter that hold a list of words. */
export type ListPart = 'impacts' | 'frequencies' | 'clinvar' | 'classes' | 'zygosities' | 'kinds';
/** The parts of a filter that hold a list, in the order of the bar. */
export const LIST_PARTS: readonly ListPart[] = [
  'impacts',
  'frequencies',
  'clinvar',
  'classes',
  'zygosities',
  'kinds',
];

const WORDS: Record<ListPart, readonly string[]> = {
  impacts: IMPACTS,
  frequencies: FREQUENCIES,
  clinvar: CLINVAR,
  classes: CLASSES,
  zygosities: ZYGOSITIES,
  kinds: KINDS,
};

/** The words that a part may hold, in their order on the page. */
export function wordsOf(part: ListPart): readonly string[] {
  return WORDS[part];
}

/**
 * What the variants page shows: the preset it started from, the filter as it stands, and the open variant.
 * `preset` is absent when the filter did not start from one.
 */
export type View = {
  preset: { id: string; version: number } | null;
  filter: VariantFilter;
  variant: number | null;
};

/** Whether two filters let the same variants through; the order of words in a list does not matter. */
export function same(a: VariantFilter, b: VariantFilter): boolean {
  return (
    a.passed === b.passed &&
    a.ordered === b.ordered &&
    a.keep_clinvar_pathogenic === b.keep_clinvar_pathogenic &&
    a.text.trim() === b.text.trim() &&
    LIST_PARTS.every((part) => {
      const left = new Set<string>(a[part]);
      const right = new Set<string>(b[part]);
      return left.size === right.size && [...left].every((word) => right.has(word));
    })
  );
}

/** How the filter stands to the presets. */
export type Standing =
  /** Exactly the preset, in the version that it has now. */
  | { is: 'preset'; preset: Preset }
  /** Started from it and differs now. */
  | { is: 'changed'; preset: Preset }
  /** The address names a version that the preset no longer has. */
  | { is: 'older'; preset: Preset; version: number }
  /** No preset. */
  | { is: 'own' };

/** Tells how a view stands to the presets. */
export function standing(view: View, presets: readonly Preset[]): Standing {
  const from = view.preset;
  const preset = from && presets.find((candidate) => candidate.id === from.id);
  if (preset && same(view.filter, preset.filter)) return { is: 'preset', preset };
  if (preset && from.version !== preset.version) return { is: 'older', preset, version: from.version };
  if (preset) return { is: 'changed', preset };
  const alike = presets.find((candidate) => same(view.filter, candidate.filter));
  return alike ? { is: 'preset', preset: alike } : { is: 'own' };
}

/** The view that a preset opens; the variant stays open. */
export function fromPreset(preset: Preset, variant: number | null = null): View {
  return { preset: { id: preset.id, version: preset.version }, filter: preset.filter, variant };
}

/** Adds or takes away one word of a list. */
export function toggled(filter: VariantFilter, part: ListPart, word: string): VariantFilter {
  const now = new Set<string>(filter[part]);
  if (!now.delete(word)) now.add(word);
  return { ...filter, [part]: wordsOf(part).filter((known) => now.has(known)) };
}

/** How many parts of the filter restrict. */
export function restrictions(filter: VariantFilter): number {
  return (
    Number(filter.passed) +
    Number(filter.ordered) +
    Number(filter.text.trim() !== '') +
    LIST_PARTS.filter((part) => filter[part].length > 0).length
  );
}

const SHORT: Record<ListPart, string> = {
  impacts: 'i',
  frequencies: 'f',
  clinvar: 'v',
  classes: 'c',
  zygosities: 'z',
  kinds: 'k',
};

/**
 * The view as the item of the address: the open variant, then the preset, then only what differs from it.
 * `7001;p=panel:4;passed=0;i=HIGH,MODERATE`. The text is part of it: the address never leaves the window.
 */
export function encode(view: View, presets: readonly Preset[]): string {
  const preset = view.preset;
  const base = presets.find(
    (candidate) => candidate.id === preset?.id && candidate.version === preset.version,
  );
  const from = base?.filter ?? OPEN;
  const parts = [view.variant === null ? '' : String(view.variant)];
  if (preset) parts.push(`p=${encodeURIComponent(preset.id)}:${preset.version}`);
  if (!base) parts.push('all=1');
  for (const part of FLAGS) {
    if (view.filter[part] !== from[part]) parts.push(`${part}=${Number(view.filter[part])}`);
  }
  for (const part of LIST_PARTS) {
    if (!same({ ...OPEN, [part]: view.filter[part] }, { ...OPEN, [part]: from[part] })) {
      parts.push(`${SHORT[part]}=${view.filter[part].join(',')}`);
    }
  }
  if (view.filter.text.trim() !== from.text.trim())
    parts.push(`t=${encodeURIComponent(view.filter.text.trim())}`);
  return parts.join(';');
}

/**
 * Reads an address. Without one, or where it names nothing, the first preset is taken. Words that are not known
 * are left out, never guessed.
 */
export function decode(item: string | undefined, presets: readonly Preset[]): View {
  const [head = '', ...rest] = (item ?? '').split(';');
  const variant = /^\d+$/.test(head) ? Number(head) : null;
  const given = new Map(
    rest.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const),
  );
  const first = presets[0];
  if (given.size === 0) return first ? fromPreset(first, variant) : { preset: null, filter: OPEN, variant };
  const name = /^(.+):(\d+)$/.exec(given.get('p') ?? '');
  const named = name?.[1] === undefined ? null : { id: text(name[1]), version: Number(name[2]) };
  const preset = presets.find((candidate) => candidate.id === named?.id);
  const exact = preset !== undefined && preset.version === named?.version && !given.has('all');
  const filter: VariantFilter = { ...(exact ? preset.filter : OPEN) };
  for (const part of FLAGS) {
    const value = given.get(part);
    if (value === '0' || value === '1') filter[part] = value === '1';
  }
  for (const part of LIST_PARTS) {
    const value = given.get(SHORT[part]);
    if (value !== undefined) {
      const words = new Set(value.split(','));
      Object.assign(filter, { [part]: wordsOf(part).filter((word) => words.has(word)) });
    }
  }
  const words = given.get('t');
  if (words !== undefined) filter.text = text(words);
  return { preset: preset && named ? named : null, filter, variant };
}

function text(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '';
  }
}
