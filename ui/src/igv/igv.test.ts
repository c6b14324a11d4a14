import { describe, expect, it } from 'vitest';
import type { ReadsView, VariantRow } from '../api/types';
import { around, configOf, locusOf, moved, stretchOf } from './config';
import { isInside } from './fence';

const view: ReadsView = {
  build: 'GRCh38',
  sample: 'DEMO-01',
  fasta: 'f',
  fai: 'i',
  gzi: null,
  bam: 'b',
  bai: 'x',
  vcf: 'v',
  tbi: 't',
  contigs: ['chr7'],
};
const row = { contig: 'chr7', position: 1000, reference: 'ACT', alternate: 'A' } as VariantRow;
const words = { alignments: 'Reads', calls: 'Variants' };

describe('the read view', () => {
  it('shows a variant with its surroundings, whole, and never before the first base', () => {
    expect(around(row, 40)).toEqual({ contig: 'chr7', start: 960, end: 1042 });
    expect(around({ ...row, position: 3 }, 40).start).toBe(1);
  });

  it('reads igv’s own words for a place back', () => {
    expect(stretchOf('chr7:1,001-12,200')).toEqual({ contig: 'chr7', start: 1001, end: 12200 });
    expect(stretchOf(locusOf(around(row)))).toEqual(around(row));
    expect(stretchOf('all')).toBeNull();
  });

  it('moves without changing its width', () => {
    const now = { contig: 'chr7', start: 101, end: 201 };
    expect(moved(now, 0.25)).toEqual({ contig: 'chr7', start: 126, end: 226 });
    expect(moved({ ...now, start: 5, end: 105 }, -1)).toEqual({ contig: 'chr7', start: 1, end: 101 });
  });

  it('asks only for the case’s own files, and for no list or search of others', () => {
    const config = configOf(view, row, words, (token) => `/file/${token}`, 300) as unknown as Record<
      string,
      unknown
    >;
    expect(config.loadDefaultGenomes).toBe(false);
    expect(config.search).toBe(false);
    const addresses = JSON.stringify(config).match(/"[A-Za-z]*(url|URL)":"[^"]*"/g) ?? [];
    expect(addresses).toHaveLength(6);
    for (const address of addresses) expect(address).toContain(':"/file/');
    expect(JSON.stringify(config)).not.toContain('http');
  });

  it('sorts by the base that carries the allele: after the anchor of a deletion', () => {
    const at = (alternate: string) =>
      JSON.stringify(configOf(view, { ...row, alternate }, words, (token) => token, 300));
    expect(at('A')).toContain('"position":1001');
    expect(at('ACTG')).toContain('"position":1000');
  });

  it('leaves out what the case does not have', () => {
    const config = configOf(
      { ...view, bam: null, bai: null },
      row,
      words,
      (token) => token,
      300,
    ) as unknown as {
      tracks: { type: string }[];
    };
    expect(config.tracks.map((track) => track.type)).toEqual(['variant']);
  });
});

describe('the fence', () => {
  const page = 'tauri://localhost/index.html#/case/1';
  const files = 'clinofile://localhost/x';
  it.each([
    ['clinofile://localhost/abc', true],
    ['tauri://localhost/assets/a.js', true],
    ['assets/a.js', true],
    ['blob:tauri://localhost/1', true],
    ['data:text/plain,x', true],
    ['https://igv.org/data/url_mappings.tsv', false],
    ['//igv.org/a', false],
    ['clinofile://elsewhere/abc', false],
    ['https://localhost/a', false],
    ['http://[', false],
  ])('%s: %s', (address, inside) => {
    expect(isInside(address, page, files)).toBe(inside);
  });

  it('keeps the loopback server to itself', () => {
    const own = 'http://127.0.0.1:4000/#/case/1';
    expect(isInside('/file/abc', own, '/file/x')).toBe(true);
    expect(isInside('http://127.0.0.1:4001/file/abc', own, '/file/x')).toBe(false);
  });
});
