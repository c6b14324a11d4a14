import type { ClassStep } from '../components';

/** An illustrative row of the gallery's grid. */
export type GalleryRow = {
  id: number;
  step: ClassStep;
  gene: string;
  c: string;
  p: string;
  consequence: string;
  zygosity: string;
  reads: string;
  frequency: number;
};

const SEED: Omit<GalleryRow, 'id'>[] = [
  {
    step: 'pathogenic',
    gene: 'BRCA1',
    c: 'c.68_69del',
    p: 'p.(Glu23ValfsTer17)',
    consequence: 'frameshift',
    zygosity: 'het',
    reads: '19/41',
    frequency: 0,
  },
  {
    step: 'pathogenic',
    gene: 'CHEK2',
    c: 'c.1100del',
    p: 'p.(Thr367MetfsTer15)',
    consequence: 'frameshift',
    zygosity: 'het',
    reads: '22/47',
    frequency: 0.002,
  },
  {
    step: 'likely_pathogenic',
    gene: 'MSH2',
    c: 'c.942+3A>T',
    p: 'p.?',
    consequence: 'splice region',
    zygosity: 'het',
    reads: '25/52',
    frequency: 0.000008,
  },
  {
    step: 'uncertain',
    gene: 'BRCA2',
    c: 'c.9302T>G',
    p: 'p.(Leu3101Arg)',
    consequence: 'missense',
    zygosity: 'het',
    reads: '18/39',
    frequency: 0.000011,
  },
  {
    step: 'uncertain',
    gene: 'PALB2',
    c: 'c.2748_2749insTTGACCATGGCCATTAGGCATT',
    p: 'p.(Leu917PhefsTer12)',
    consequence: 'frameshift',
    zygosity: 'het',
    reads: '20/36',
    frequency: 0.00041,
  },
  {
    step: 'likely_benign',
    gene: 'ATM',
    c: 'c.2572T>C',
    p: 'p.(Phe858Leu)',
    consequence: 'missense',
    zygosity: 'het',
    reads: '21/40',
    frequency: 0.0098,
  },
  {
    step: 'benign',
    gene: 'APC',
    c: 'c.5465T>A',
    p: 'p.(Val1822Asp)',
    consequence: 'missense',
    zygosity: 'hom',
    reads: '38/38',
    frequency: 0.77,
  },
  {
    step: 'not_classified',
    gene: 'MLH1',
    c: 'c.655A>G',
    p: 'p.(Ile219Val)',
    consequence: 'missense',
    zygosity: 'het',
    reads: '19/43',
    frequency: 0.23,
  },
];

/** Rows as a host would page them. */
export function galleryRows(offset: number, limit: number): GalleryRow[] {
  return Array.from({ length: limit }, (_, at) => {
    const seed = SEED[(offset + at) % SEED.length] as Omit<GalleryRow, 'id'>;
    return { ...seed, id: offset + at };
  });
}
