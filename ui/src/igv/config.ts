import type { CreateOpt, TrackLoad } from 'igv';
import type { ReadsView, VariantRow } from '../api/types';

/** Bases shown on each side of a variant at first. */
export const FLANK = 40;

/** The words that the tracks carry. */
export type TrackWords = { alignments: string; calls: string };

/** A stretch of a contig, 1-based and inclusive. */
export type Stretch = { contig: string; start: number; end: number };

/** The stretch that shows a variant with its surroundings; never before the first base. */
export function around(row: Pick<VariantRow, 'contig' | 'position' | 'reference'>, flank = FLANK): Stretch {
  return {
    contig: row.contig,
    start: Math.max(1, row.position - flank),
    end: row.position + Math.max(1, row.reference.length) - 1 + flank,
  };
}

/** A stretch as igv reads it. */
export function locusOf(stretch: Stretch): string {
  return `${stretch.contig}:${stretch.start}-${stretch.end}`;
}

/** A stretch from igv's own words: `chr7:1,001-1,200`; null where it shows something else. */
export function stretchOf(locus: string): Stretch | null {
  const match = /^(.+):([\d,]+)-([\d,]+)$/.exec(locus.trim());
  const [, contig, start, end] = match ?? [];
  if (contig === undefined || start === undefined || end === undefined) return null;
  const plain = (text: string) => Number(text.replaceAll(',', ''));
  return { contig, start: plain(start), end: plain(end) };
}

/** The stretch moved by a share of its width; it never leaves the contig's first base. */
export function moved(stretch: Stretch, share: number): Stretch {
  const width = stretch.end - stretch.start;
  const start = Math.max(1, Math.round(stretch.start + width * share));
  return { ...stretch, start, end: start + width };
}

/**
 * igv's configuration: the case's own reference, alignments and variants, by token; no list of genomes, no search
 * service, no session from the address, none of its own toolbars (the page has its own).
 */
export function configOf(
  view: ReadsView,
  row: VariantRow,
  words: TrackWords,
  url: (token: string) => string,
  height: number,
): CreateOpt {
  const tracks: TrackLoad<'alignment' | 'variant'>[] = [];
  if (view.vcf !== null && view.tbi !== null) {
    tracks.push({
      type: 'variant',
      format: 'vcf',
      name: words.calls,
      url: url(view.vcf),
      indexURL: url(view.tbi),
      height: 52,
      displayMode: 'COLLAPSED',
      showGenotypes: false,
      order: 1,
    } as TrackLoad<'variant'>);
  }
  if (view.bam !== null && view.bai !== null) {
    tracks.push({
      type: 'alignment',
      format: 'bam',
      name: words.alignments,
      url: url(view.bam),
      indexURL: url(view.bai),
      height,
      displayMode: 'SQUISHED',
      showSoftClips: false,
      // Reads that carry the allele stand on top.
      // The first base that a deletion takes stands after the one it is anchored at.
      sort: {
        chr: row.contig,
        position: row.position + (row.reference.length > row.alternate.length ? 1 : 0),
        option: 'BASE',
        direction: 'ASC',
      },
      order: 2,
    } as unknown as TrackLoad<'alignment'>);
  }
  const options = {
    loadDefaultGenomes: false,
    queryParametersSupported: false,
    search: false,
    reference: {
      // An id that no table of igv knows, so that nothing is looked up for it.
      id: 'clinotype-case',
      name: view.build,
      fastaURL: url(view.fasta),
      indexURL: url(view.fai),
      ...(view.gzi === null ? {} : { compressedIndexURL: url(view.gzi) }),
      wholeGenomeView: false,
    },
    locus: locusOf(around(row)),
    showIdeogram: false,
    showNavigation: false,
    showControls: false,
    showCircularView: false,
    showCircularViewButton: false,
    showTrackDragHandles: false,
    showGearColumn: false,
    showCenterGuide: true,
    showTrackLabels: true,
    showRuler: true,
    minimumBases: 20,
    tracks,
  };
  return options as unknown as CreateOpt;
}
