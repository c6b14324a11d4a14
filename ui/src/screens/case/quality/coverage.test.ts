import { describe, expect, it } from 'vitest';
import type { ExonView, GapView, GeneCoverageView } from '../../../api/types';
import { coordinates, fullyCovered, gapsOf, layExons, leastCovered } from './coverage';

function gene(name: string, fraction: number | null, gaps: GapView[] = []): GeneCoverageView {
  return {
    gene: name,
    transcript: 'NM_1.1',
    bases: 100,
    mean_depth: fraction === null ? null : 40,
    at_least_10: fraction,
    at_least_20: fraction,
    at_least_30: fraction,
    gaps,
  };
}

function exon(number: number, start: number, end: number, bins: number[]): ExonView {
  return { exon: number, contig: 'chr1', start, end, mean: 30, lowest: 1, complete: 0.5, bins };
}

const gap: GapView = {
  exon: 2,
  contig: 'chr1',
  start: 201,
  end: 210,
  lowest: 3,
  mean: 5,
  reason: 'too few reads',
};

describe('coverage', () => {
  it('puts what was not measured first and never counts it as full', () => {
    const genes = [gene('C', 1), gene('B', 0.5, [gap]), gene('A', 1), gene('D', null)];
    expect(leastCovered(genes).map((one) => one.gene)).toEqual(['D', 'B', 'A', 'C']);
    expect(fullyCovered(genes)).toBe(2);
    expect(fullyCovered([gene('A', 1, [gap])])).toBe(0);
    expect(gapsOf(genes)).toEqual([{ gene: 'B', gap }]);
    expect(coordinates(gap)).toBe('chr1:201-210');
  });

  it('lays exons side by side in their order, within the given pixels, without overlap', () => {
    const drawn = layExons({ exons: [exon(1, 100, 199, [1, 2]), exon(2, 201, 500, [3, 4])] }, [gap], 50, 450);
    expect(drawn.map((one) => one.exon)).toEqual([1, 2]);
    expect(drawn[0]?.x).toBe(50);
    const second = drawn[1];
    expect(second && second.x + second.width).toBeCloseTo(450);
    expect((drawn[0]?.x ?? 0) + (drawn[0]?.width ?? 0)).toBeLessThan(second?.x ?? 0);
    expect(second?.gaps).toHaveLength(1);
    expect(second?.gaps[0]?.x).toBeCloseTo(second?.x ?? 0);
    expect(drawn[0]?.gaps).toEqual([]);
  });

  it('reads 5 prime to 3 prime on the minus strand: steps and gaps turn round', () => {
    const [first, second] = layExons(
      { exons: [exon(1, 1000, 1099, [10, 20]), exon(2, 201, 300, [3, 4])] },
      [gap],
      0,
      206,
    );
    expect(first?.steps.map((step) => step.depth)).toEqual([20, 10]);
    const steps = first?.steps ?? [];
    expect(steps[0]?.x).toBeLessThan(steps[1]?.x ?? 0);
    // The gap holds the lowest coordinates, which lie at the right end.
    expect((second?.gaps[0]?.x ?? 0) + (second?.gaps[0]?.width ?? 0)).toBeCloseTo(
      (second?.x ?? 0) + (second?.width ?? 0),
    );
  });

  it('draws nothing where there is no exon', () => {
    expect(layExons({ exons: [] }, [], 0, 100)).toEqual([]);
  });
});
