import { number, plural } from '../format';

export const scores = {
  title: 'Rank and scores',
  noRun: 'No result yet',
  noRunText: 'Genes are ranked and scores are summed by a run of the case.',
  rank: 'Genes ranked by phenotype',
  rankLead: 'A hint where to look first. It classifies no variant and adds no point.',
  rankNot: 'Not evaluated: the newest run was not asked to rank genes.',
  rankHow:
    'Start a run with the folder of HPO’s files; the terms are those of the order. The overview has “Run again”.',
  rankNone: 'No gene has an allele that takes part.',
  terms: 'Features compared',
  excluded: 'Looked for and not seen',
  notUsed: 'Took no part',
  ontology: 'Human Phenotype Ontology',
  annotations: 'Annotations',
  more: (count: number) =>
    plural(count, {
      one: '1 more gene has a lower rank',
      other: `${number(count)} more genes have a lower rank`,
    }),
  column: {
    rank: 'Rank',
    gene: 'Gene',
    score: 'Score',
    disease: 'Disease that fits best, features matched',
    why: 'Why it stands here',
    name: 'Score',
    trait: 'Trait',
    coverage: 'Coverage',
    sum: 'Raw sum',
    percentile: 'Percentile',
  },
  parts: (phenotype: string | null, variant: string) =>
    `features ${phenotype ?? 'not evaluated'}, alleles ${variant}`,
  noDisease: 'no annotated disease',
  scores: 'Polygenic scores',
  scoresLead: 'For research use: a score is no diagnosis and states no absolute risk.',
  scoresNot: 'Not evaluated: the newest run was not asked to sum scores.',
  scoresHow: 'Start a run with scoring files of the PGS Catalog. The overview has “Run again”.',
  notEvaluated: 'not evaluated',
  none: 'none',
  limits: 'Limits',
  termsOfUse: (terms: string) => `Terms of use: ${terms}`,
  notStated: 'not stated',
};
