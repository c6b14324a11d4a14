import type { GapView, GeneCoverageView, ProfileView } from '../../../api/types';

/** Genes drawn at once; the others are reached by name. */
export const DRAWN = 40;

/** Least covered first: not measured before measured, then by fraction at 20x, by mean depth, by name. */
export function leastCovered(genes: readonly GeneCoverageView[]): GeneCoverageView[] {
  return [...genes].sort(
    (a, b) =>
      (a.at_least_20 ?? -1) - (b.at_least_20 ?? -1) ||
      (a.mean_depth ?? -1) - (b.mean_depth ?? -1) ||
      a.gene.localeCompare(b.gene, 'en'),
  );
}

/** Genes of which every measured base was read at least 20 times. Not measured is not full. */
export function fullyCovered(genes: readonly GeneCoverageView[]): number {
  return genes.filter((gene) => gene.at_least_20 === 1 && gene.gaps.length === 0).length;
}

/** Every gap with its gene, in the order of the genes. */
export function gapsOf(genes: readonly GeneCoverageView[]): { gene: string; gap: GapView }[] {
  return genes.flatMap((gene) => gene.gaps.map((gap) => ({ gene: gene.gene, gap })));
}

/** A gap's coordinates: `chr7:117559500-117559600`, 1-based and inclusive. */
export function coordinates(gap: Pick<GapView, 'contig' | 'start' | 'end'>): string {
  return `${gap.contig}:${gap.start}-${gap.end}`;
}

/** A stretch of an exon's drawing in pixels. */
export type Span = { x: number; width: number };
/** An exon laid out: its place, its depth as steps, its gaps. */
export type ExonDrawing = Span & {
  exon: number;
  /** Steps from left to right: place and depth. */
  steps: (Span & { depth: number })[];
  gaps: (Span & { lowest: number })[];
};

/**
 * Exons side by side in the order of the transcript, introns left out, each as wide as its share of bases and at
 * least `least` pixels. On the minus strand an exon is drawn from its last base, so that the gene reads 5' to 3'.
 */
export function layExons(
  profile: Pick<ProfileView, 'exons'>,
  gaps: readonly GapView[],
  from: number,
  to: number,
  between = 6,
  least = 4,
): ExonDrawing[] {
  const exons = profile.exons;
  if (exons.length === 0) return [];
  const [first, second] = exons;
  const reverse = first !== undefined && second !== undefined && second.start < first.start;
  const lengths = exons.map((exon) => exon.end - exon.start + 1);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const room = Math.max(exons.length * least, to - from - between * (exons.length - 1));
  const spare = Math.max(0, room - exons.length * least);
  let x = from;
  return exons.map((exon, index) => {
    const length = lengths[index] ?? 1;
    const width = least + (spare * length) / all;
    const start = x;
    x += width + between;
    const at = (share: number, wide: number): Span => ({
      x: start + (reverse ? 1 - share - wide : share) * width,
      width: wide * width,
    });
    const steps = exon.bins.map((depth, bin) => ({
      ...at(bin / exon.bins.length, 1 / exon.bins.length),
      depth,
    }));
    return {
      x: start,
      width,
      exon: exon.exon,
      steps: reverse ? steps.reverse() : steps,
      gaps: gaps
        .filter((gap) => gap.contig === exon.contig && gap.start <= exon.end && gap.end >= exon.start)
        .map((gap) => {
          const low = Math.max(gap.start, exon.start);
          const high = Math.min(gap.end, exon.end);
          return { ...at((low - exon.start) / length, (high - low + 1) / length), lowest: gap.lowest };
        }),
    };
  });
}
