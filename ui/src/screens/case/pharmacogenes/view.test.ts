import { describe, expect, it } from 'vitest';
import type { DrugView, PharmacogeneView } from '../../../api/types';
import { found, genesOf, ordered, toneOf } from './view';

function drug(name: string, level: DrugView['level'], genes: string[]): DrugView {
  const guideline = {
    source: 'CPIC',
    name,
    date: '2024-03-25',
    genes,
    open: [],
    references: [],
    recommendations: [],
    why_none: null,
  };
  return { drug: name, level, words: level, guidelines: [guideline], notes: [] };
}

const drugs = [
  drug('abacavir', 'no_change', ['HLA-B']),
  drug('tamoxifen', 'not_evaluated', ['CYP2D6']),
  drug('clopidogrel', 'alternate_drug', ['CYP2C19']),
  drug('amitriptyline', 'advice', ['CYP2D6', 'CYP2C19']),
];

describe('the drugs of the page', () => {
  it('stand with the most urgent first', () => {
    expect(found(drugs, '').map((d) => d.drug)).toEqual([
      'clopidogrel',
      'amitriptyline',
      'tamoxifen',
      'abacavir',
    ]);
  });
  it('are found by name and by gene', () => {
    expect(found(drugs, ' CLOPI ').map((d) => d.drug)).toEqual(['clopidogrel']);
    expect(found(drugs, 'cyp2d6').map((d) => d.drug)).toEqual(['amitriptyline', 'tamoxifen']);
    expect(found(drugs, 'metformin')).toEqual([]);
  });
  it('name each gene once', () => {
    expect(genesOf(drug('x', 'advice', ['B', 'A', 'B']))).toEqual(['A', 'B']);
  });
  it('never show silence of a guideline as an alert', () => {
    expect(toneOf('no_recommendation')).toBe('plain');
    expect(toneOf('not_evaluated')).toBe('warn');
  });
});

describe('the genes of the page', () => {
  it('stand with those that have a result first', () => {
    const genes = [
      { gene: 'CYP2D6', called: false },
      { gene: 'TPMT', called: true },
      { gene: 'ABCG2', called: true },
    ] as PharmacogeneView[];
    expect(ordered(genes).map((g) => g.gene)).toEqual(['ABCG2', 'TPMT', 'CYP2D6']);
  });
});
