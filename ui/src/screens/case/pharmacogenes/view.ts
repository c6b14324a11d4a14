import type { DrugView, GuidanceLevel, PharmacogeneView } from '../../../api/types';

/** The look of a level; its words always stand beside it. */
export function toneOf(level: GuidanceLevel): 'plain' | 'warn' | 'fail' {
  if (level === 'alternate_drug') return 'fail';
  return level === 'advice' || level === 'not_evaluated' ? 'warn' : 'plain';
}

const URGENT: readonly GuidanceLevel[] = [
  'alternate_drug',
  'advice',
  'not_evaluated',
  'no_recommendation',
  'no_change',
  'unknown',
];

/** Genes of a drug's guidelines, each once. */
export function genesOf(drug: DrugView): string[] {
  return [...new Set(drug.guidelines.flatMap((guideline) => guideline.genes))].sort();
}

/** The drugs whose name or genes hold the text, the most urgent first, then by name. */
export function found(drugs: readonly DrugView[], text: string): DrugView[] {
  const wanted = text.trim().toLowerCase();
  const holds = (drug: DrugView) =>
    wanted === '' || [drug.drug, ...genesOf(drug)].some((name) => name.toLowerCase().includes(wanted));
  return drugs
    .filter(holds)
    .sort((a, b) => URGENT.indexOf(a.level) - URGENT.indexOf(b.level) || a.drug.localeCompare(b.drug));
}

/** Genes with a result first, each group by name. */
export function ordered(genes: readonly PharmacogeneView[]): PharmacogeneView[] {
  return [...genes].sort((a, b) => Number(b.called) - Number(a.called) || a.gene.localeCompare(b.gene));
}
