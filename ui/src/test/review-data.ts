import type {
  ClassStep,
  CriterionView,
  DecisionView,
  OrderForm,
  Preset,
  ProfileView,
  QualityView,
  VariantFilter,
  VariantRow,
  VariantView,
} from '../api/types';

/** The invented data of the review double: they follow no patient and state no clinical fact. */

const open: VariantFilter = {
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

/** The presets of the double. */
export const presets: Preset[] = [
  {
    id: 'panel-coding',
    name: 'Panel, coding and splice',
    version: 4,
    words: 'Ordered genes, passed quality, coding or splice',
    filter: {
      ...open,
      passed: true,
      ordered: true,
      impacts: ['HIGH', 'MODERATE', 'LOW'],
      keep_clinvar_pathogenic: true,
    },
  },
  {
    id: 'dominant-rare',
    name: 'Dominant, rare',
    version: 2,
    words: 'Heterozygous and rarer than 0.001',
    filter: {
      ...open,
      passed: true,
      frequencies: ['not_evaluated', 'absent', 'below1e5', 'below1e4', 'below1e3'],
      zygosities: ['heterozygous'],
    },
  },
  { id: 'all', name: 'Every variant', version: 1, words: 'No restriction', filter: open },
];

/** The order. */
export const order: OrderForm = {
  family: 'Synthetic',
  given: 'Demo',
  birth_date: '1970-01-01',
  sex: 'female',
  identifiers: [
    { label: 'MRN', system: 'urn:lab:mrn', value: 'S-000123' },
    { label: 'Lab', system: 'urn:lab:id', value: 'SYN-1' },
  ],
  specimen_id: 'SP-1',
  specimen_type: 'EDTA blood',
  collected: '2026-11-01',
  received: '2026-11-02',
  condition: 'good',
  order_id: 'O-77',
  test: 'Hereditary cancer (12)',
  code: '',
  order_date: '2026-11-01',
  clinician_family: 'Example',
  clinician_given: 'Dana',
  clinician_identifier: '',
  organization: 'Example clinic',
  laboratory_name: 'Example laboratory',
  laboratory_address: '',
  laboratory_contact: '',
  laboratory_accreditation: '',
  indication: 'Breast cancer at 41; mother with ovarian cancer',
  hpo: ['HP:0003002'],
  genes: ['BRCA1', 'BRCA2', 'CHEK2', 'MSH2', 'TP53', 'PALB2', 'ATM', 'MSH6', 'APC', 'MLH1'],
  secondary_findings: false,
  list_vus: true,
  policy: '',
};

/** Class, gene, names, and what the row says. */
export type Short = [
  ClassStep,
  string,
  string,
  string,
  string,
  string,
  number,
  number,
  number | null,
  VariantRow['clinvar_step'],
];
/** The variants in short. */
export const shorts: Short[] = [
  [
    'pathogenic',
    'BRCA1',
    'c.68_69del',
    'p.(Glu23ValfsTer17)',
    'frameshift',
    'heterozygous',
    19,
    41,
    0,
    'pathogenic',
  ],
  [
    'pathogenic',
    'CHEK2',
    'c.1100del',
    'p.(Thr367MetfsTer15)',
    'frameshift',
    'heterozygous',
    22,
    47,
    2e-3,
    'pathogenic',
  ],
  [
    'likely_pathogenic',
    'MSH2',
    'c.942+3A>T',
    'p.?',
    'splice region',
    'heterozygous',
    25,
    52,
    8e-6,
    'conflicting',
  ],
  [
    'uncertain',
    'BRCA2',
    'c.9302T>G',
    'p.(Leu3101Arg)',
    'missense',
    'heterozygous',
    18,
    39,
    1.1e-5,
    'uncertain',
  ],
  ['uncertain', 'TP53', 'c.847C>T', 'p.(Arg283Cys)', 'missense', 'heterozygous', 17, 35, 1.1e-4, 'uncertain'],
  [
    'uncertain',
    'PALB2',
    'c.2794G>A',
    'p.(Val932Met)',
    'missense',
    'heterozygous',
    20,
    36,
    null,
    'not_listed',
  ],
  [
    'likely_benign',
    'ATM',
    'c.2572T>C',
    'p.(Phe858Leu)',
    'missense',
    'heterozygous',
    21,
    40,
    9.8e-3,
    'benign',
  ],
  [
    'likely_benign',
    'MSH6',
    'c.2633T>C',
    'p.(Val878Ala)',
    'missense',
    'heterozygous',
    23,
    44,
    6.5e-3,
    'benign',
  ],
  ['benign', 'APC', 'c.5465T>A', 'p.(Val1822Asp)', 'missense', 'homozygous', 38, 38, 0.77, 'benign'],
  ['benign', 'MLH1', 'c.655A>G', 'p.(Ile219Val)', 'missense', 'heterozygous', 19, 43, 0.23, 'benign'],
  [
    'not_classified',
    'BRCA2',
    'c.7242A>G',
    'p.(Ser2414=)',
    'synonymous',
    'heterozygous',
    24,
    45,
    null,
    'not_evaluated',
  ],
];

/** A row of the table. */
export function rowOf(short: Short, index: number): VariantRow {
  const [step, gene, hgvsC, hgvsP, consequence, zygosity, alternate, depth, frequency, clinvar] = short;
  return {
    id: 7001 + index,
    contig: 'chrM',
    position: 1000 + 700 * index,
    reference: 'A',
    alternate: 'G',
    gene,
    hgvs_c: hgvsC,
    hgvs_p: hgvsP,
    consequence,
    impact: consequence === 'frameshift' ? 'HIGH' : 'MODERATE',
    zygosity,
    alternate_depth: alternate,
    depth,
    quality: 812,
    failed: [],
    frequency_step:
      frequency === null
        ? 'not_evaluated'
        : frequency === 0
          ? 'absent'
          : frequency < 1e-5
            ? 'below1e5'
            : frequency < 1e-3
              ? 'below1e3'
              : frequency < 0.05
                ? 'below5e2'
                : 'common',
    frequency,
    clinvar_step: clinvar,
    clinvar: clinvar === 'not_listed' || clinvar === 'not_evaluated' ? null : clinvar,
    class: step,
    points: step === 'not_classified' ? null : 10,
    reviewed: false,
  };
}

/** A criterion. */
export function criterion(
  label: string,
  points: number,
  state: CriterionView['state'],
  part: Partial<CriterionView> = {},
): CriterionView {
  return {
    code: label.split('_')[0] ?? label,
    label,
    state,
    points,
    sentence: `Sentence of ${label}.`,
    source: 'ClinGen 2024',
    rule: 'clinotype',
    rule_version: '2018.1',
    compared: [],
    strength: null,
    decision: null,
    file_decision: null,
    automatic: null,
    proposal: null,
    ...part,
  };
}

const criteria: CriterionView[] = [
  criterion('PS3', 0, 'not_evaluated', { sentence: 'No functional data were entered.', source: 'none' }),
  criterion('PM2_Supporting', 1, 'met', {
    sentence: '0 of 152,186 genomes at a covered site.',
    source: 'gnomAD 4.1',
    compared: [
      { name: 'allele count', value: '0' },
      { name: 'allele number', value: '152,186' },
    ],
  }),
  criterion('PVS1', 8, 'met', {
    sentence:
      'Frameshift; new stop in exon 3 of 23, decay expected; loss of function is the disease mechanism.',
    source: 'ClinGen HI 3',
  }),
  criterion('PM5_Supporting', 1, 'met', { sentence: 'Truncating variants in this exon are pathogenic.' }),
  criterion('BA1', 0, 'not_met', { sentence: 'The frequency is below 0.05.' }),
  criterion('PP3', 0, 'not_applicable', { sentence: 'Not used together with PVS1.' }),
];

/** Everything about a variant of the double. */
export function viewOf(row: VariantRow, decisions: DecisionView[]): VariantView {
  const decision = decisions.find((one) => one.withdrawn === null) ?? null;
  const proposed = shorts[row.id - 7001]?.[0] ?? 'uncertain';
  return {
    row: { ...row, class: decision?.class ?? proposed, reviewed: decision !== null },
    hgvs_g: `NC_012920.1:g.${row.position}A>G`,
    genotype: '0/1',
    genotype_quality: 99,
    reference_depth: (row.depth ?? 0) - (row.alternate_depth ?? 0),
    transcripts: [
      {
        transcript: 'NM_007294.4',
        gene: row.gene,
        mane: 'MANE Select',
        shown: true,
        biotype: 'protein coding',
        consequences: ['frameshift_variant'],
        impact: 'HIGH',
        place: 'exon 2 of 23',
        hgvs_c: `NM_007294.4:${row.hgvs_c}`,
        hgvs_p: `NP_009225.1:${row.hgvs_p}`,
        protein: 'NP_009225.1',
        warnings: [],
      },
      {
        transcript: 'NM_007300.4',
        gene: row.gene,
        mane: null,
        shown: false,
        biotype: 'protein coding',
        consequences: ['frameshift_variant', 'splice_region_variant'],
        impact: 'HIGH',
        place: 'exon 2 of 24',
        hgvs_c: `NM_007300.4:${row.hgvs_c}`,
        hgvs_p: `NP_009231.2:${row.hgvs_p}`,
        protein: 'NP_009231.2',
        warnings: ['the transcript differs from the reference'],
      },
    ],
    clinvar: {
      step: row.clinvar_step,
      reason: row.clinvar_step === 'not_evaluated' ? 'no ClinVar file is set up' : null,
      significance: row.clinvar,
      review_status: 'reviewed by expert panel',
      stars: 4,
      conditions: ['Hereditary breast ovarian cancer syndrome'],
      conflicts: null,
      variation_id: '17662',
      release: '2026-02-26',
    },
    frequency: {
      step: row.frequency_step,
      reason: row.frequency_step === 'not_evaluated' ? 'no frequency file is set up' : null,
      frequency: row.frequency,
      allele_count: row.frequency === null ? null : Math.round(row.frequency * 152_186),
      allele_number: row.frequency === null ? null : 152_186,
      homozygotes: row.frequency === null ? null : 0,
      filtering_frequency: null,
      group: null,
      filters: [],
      release: row.frequency === null ? null : 'gnomAD 4.1',
    },
    classification:
      proposed === 'not_classified'
        ? null
        : {
            class: proposed,
            points: 10,
            pathogenic_points: 10,
            benign_points: 0,
            class_2015: 'pathogenic',
            posterior: 0.994,
            flags: [],
            criteria,
          },
    why_not:
      proposed === 'not_classified' ? 'Synonymous outside the splice region: not assessed by rule.' : null,
    gene: {
      symbol: row.gene ?? '',
      hgnc_id: 'HGNC:1100',
      disease: 'Hereditary breast ovarian cancer syndrome',
      inheritance: 'autosomal dominant',
      loss_of_function: true,
      validity: 'definitive',
      source: 'ClinGen 2026-02-01',
    },
    decision,
    decisions,
    sentences: ['A pathogenic variant was found in BRCA1; parents were not tested.'],
    evidence: [],
    file_evidence: [],
    former_criteria: [],
    releases: [
      { name: 'ClinVar', release: '2026-02-26', sha256: 'a'.repeat(64) },
      { name: 'gnomAD', release: '4.1', sha256: 'b'.repeat(64) },
    ],
  };
}

/** Quality of the run. */
export const quality: QualityView = {
  verdict: 'warn',
  checks: [
    {
      name: 'Mean depth',
      result: 'pass',
      reason: '43.1 over the ordered genes; at least 30 is expected.',
      withholds: false,
      waiver: null,
    },
    {
      name: 'Coverage at 20x',
      result: 'warn',
      reason: '98.2 % of coding bases; at least 99 % is expected.',
      withholds: false,
      waiver: null,
    },
    {
      name: 'Duplicates',
      result: 'pass',
      reason: '6.1 % of reads; at most 20 % is expected.',
      withholds: false,
      waiver: null,
    },
    {
      name: 'Contamination',
      result: 'not_assessed',
      reason: 'Too few common sites were read.',
      withholds: false,
      waiver: null,
    },
    {
      name: 'Sex',
      result: 'fail',
      reason: 'The reads say male, the order says female.',
      withholds: true,
      waiver: null,
    },
  ],
  figures: [
    { name: 'Reads', value: '81,204,112', group: 'reads' },
    { name: 'Mapped', value: '99.1 %', group: 'reads' },
    { name: 'Insert size', value: null, group: 'reads' },
    { name: 'Ti/Tv', value: '2.07', group: 'variants' },
    { name: 'Sex by depth', value: 'male', group: 'sex' },
  ],
  coverage: {
    over: 'coding exons of the ordered genes ± 8 bases',
    threshold: 20,
    bases: 61_234,
    mean_depth: 43.1,
    at_least_10: 0.998,
    at_least_20: 0.982,
    at_least_30: 0.91,
    depths: Array.from({ length: 90 }, (_, depth) =>
      Math.round(2000 * Math.exp(-(((depth - 43) / 14) ** 2))),
    ),
    genes: order.genes.map((gene, index) => ({
      gene,
      transcript: `NM_00${1000 + index}.4`,
      bases: 3000 + 617 * index,
      mean_depth: index === 9 ? null : 40 + index,
      at_least_10: index === 9 ? null : 1,
      at_least_20: index === 9 ? null : index === 2 ? 0.871 : index === 4 ? 0.962 : 1,
      at_least_30: index === 9 ? null : 0.95,
      gaps:
        index === 2
          ? [
              {
                exon: 1,
                contig: 'chr22',
                start: 28_690_000,
                end: 28_690_120,
                lowest: 3,
                mean: 11.4,
                reason: 'too few reads',
              },
              {
                exon: 3,
                contig: 'chr22',
                start: 28_686_010,
                end: 28_686_050,
                lowest: 12,
                mean: 15.2,
                reason: 'too few reads',
              },
            ]
          : index === 4
            ? [
                {
                  exon: 2,
                  contig: 'chr17',
                  start: 7_676_000,
                  end: 7_676_020,
                  lowest: 0,
                  mean: 4,
                  reason: 'reads map elsewhere equally well (MAPQ < 20)',
                },
              ]
            : [],
    })),
  },
  coverage_reason: null,
  targets: {
    targets: 312,
    bases: 61_204,
    mean_depth: 42.8,
    at_least_10: 0.998,
    at_least_20: 0.981,
    at_least_30: 0.902,
    complete: 309,
    on_target: 0.712,
    on_or_near: 0.834,
    distance: 100,
    rows: [
      {
        contig: 'chr17',
        start: 7_675_950,
        end: 7_676_150,
        mean: 21.4,
        lowest: 0,
        at_least_10: 0.9,
        at_least_20: 0.85,
        at_least_30: 0.1,
      },
    ],
  },
  distributions: {
    inserts: Array.from({ length: 80 }, (_, bin) => Math.round(9000 * Math.exp(-(((bin - 32) / 9) ** 2)))),
    insert_bin: 10,
    qualities: Array.from({ length: 42 }, (_, value) => (value === 37 ? 90_000 : value === 25 ? 6_000 : 40)),
    gc: Array.from({ length: 101 }, (_, share) => Math.round(5000 * Math.exp(-(((share - 42) / 10) ** 2)))),
  },
  limits: 'Clinotype defaults',
  limits_sha256: null,
  withheld: true,
};

/** Depth along a gene. */
export function profile(gene: string): ProfileView {
  return {
    gene,
    transcript: 'NM_001002.4',
    threshold: 20,
    exons: Array.from({ length: 6 }, (_, index) => {
      const start = 28_690_000 - index * 2_000;
      return {
        exon: index + 1,
        contig: 'chr22',
        start,
        end: start + 180 + index * 60,
        mean: 40,
        lowest: index === 0 ? 3 : 25,
        complete: index === 0 ? 0.4 : 1,
        bins: Array.from({ length: 24 }, (_, bin) =>
          index === 0 && bin < 14 ? 4 + bin / 2 : 36 + 14 * Math.sin(bin / 3 + index),
        ),
      };
    }),
  };
}
