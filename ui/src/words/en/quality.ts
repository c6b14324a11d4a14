import { number, plural } from '../format';

export const quality = {
  title: 'Quality',
  verdict: 'Verdict',
  verdicts: {
    pass: 'Every check passed.',
    warn: 'At least one check gives a warning. Read its reason before you rely on an absent finding.',
    fail: 'At least one check failed. A negative result must not be read from this sample.',
    not_assessed: 'The quality of this sample was not assessed, or not in every part.',
  },
  counts: (word: string, count: number) => `${number(count)} ${word}`,
  checks: 'Checks',
  noChecks: 'No check was made.',
  figures: 'Figures',
  groups: { reads: 'Reads', variants: 'Variants', sex: 'Sex' } as Record<string, string>,
  notMeasured: 'not measured',
  coverage: 'Coverage of coding exons',
  coverageOver: (over: string, threshold: number) =>
    `Measured over ${over}. A base read fewer than ${number(threshold)} times is part of a gap.`,
  notAssessed: 'Coverage was not assessed',
  bases: 'Bases measured',
  mean: 'Mean depth',
  atLeast: (depth: number) => `Read at least ${number(depth)} times`,
  genesPlot: (threshold: number) => `Bases read at least ${number(threshold)} times, by gene`,
  genesSummary: (genes: number, full: number) =>
    genes === full
      ? plural(genes, {
          one: 'The one gene is covered in full.',
          other: `All ${number(genes)} genes are covered in full.`,
        })
      : `${number(full)} of ${number(genes)} genes are covered in full; the least covered stand first.`,
  genesCut: (shown: number, all: number) =>
    `The ${number(shown)} least covered of ${number(all)} genes are drawn. Choose any gene below.`,
  gene: 'Gene',
  transcript: 'Transcript',
  fraction: '≥ 20×',
  fractions: { ten: '≥ 10×', twenty: '≥ 20×', thirty: '≥ 30×' },
  gaps: 'Gaps',
  gapCount: (count: number) => plural(count, { one: '1 gap', other: `${number(count)} gaps` }),
  noGaps: 'No gap: every coding base of the measured genes was read often enough.',
  noGapsOf: (gene: string) => `${gene} has no gap.`,
  gapsOf: (gene: string) => `Gaps of ${gene}`,
  allGaps: 'Gaps by exon',
  gapsCut: (shown: number, all: number) =>
    `The first ${number(shown)} of ${number(all)} gaps are listed; choose a gene for its own.`,
  chooseGene: 'Gene',
  chooseGenePlaceholder: 'Symbol',
  exon: 'Exon',
  exonNumber: (exon: number) => `exon ${number(exon)}`,
  where: 'Coordinates',
  length: 'Bases',
  lowest: 'Lowest depth',
  meanDepth: 'Mean depth',
  complete: (threshold: number) => `≥ ${number(threshold)}×`,
  profile: (gene: string) => `Depth along the exons of ${gene}`,
  profileSummary: (gene: string, transcript: string, exons: number, gaps: number, threshold: number) =>
    `${gene}, ${transcript}: ${plural(exons, { one: '1 coding exon', other: `${number(exons)} coding exons` })}, measured now from the kept alignments. ${
      gaps === 0
        ? `No stretch below ${number(threshold)}×.`
        : `${plural(gaps, { one: '1 stretch', other: `${number(gaps)} stretches` })} below ${number(threshold)}×.`
    }`,
  profileNone: 'The transcript has no coding exon to measure.',
  threshold: (depth: number) => `${number(depth)}×`,
  depth: 'Depth',
  exons: 'Coding exons in the order of the transcript; introns are left out',
  noRun: 'No run has ended yet',
  noRunText: 'Quality is measured by the run.',
};
