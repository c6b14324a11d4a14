import { describe, expect, it } from 'vitest';
import { emptyFurther, furtherOf, furtherText, hasFurther } from './further';

describe('further inputs', () => {
  it('reads back what the host remembers', () => {
    const further = {
      evidence: '/data/evidence.json',
      family: null,
      pedigree: null,
      outside: ['/data/a.tsv', '/data/b.tsv'],
      chain: null,
      hpo: '/data/hpo',
      scores: [],
      score_people: null,
    };
    expect(furtherOf(furtherText(further))).toEqual(further);
    expect(furtherText(further).outside).toBe('/data/a.tsv\n/data/b.tsv');
  });

  it('takes white space for nothing', () => {
    const text = { ...emptyFurther(), family: '  ', scores: ' \n/data/PGS1.txt.gz \n\n' };
    expect(furtherOf(text)).toMatchObject({ family: null, scores: ['/data/PGS1.txt.gz'] });
    expect(hasFurther(emptyFurther())).toBe(false);
    expect(hasFurther({ ...emptyFurther(), family: '  ' })).toBe(false);
    expect(hasFurther(text)).toBe(true);
  });
});
