import { describe, expect, it } from 'vitest';
import { isAbsolute, problems, proposedName } from './export';

const full = { kind: 'pdf', recipient: 'Clinic', purpose: 'Care', path: '/tmp/a.pdf' } as const;

describe('an export', () => {
  it('needs recipient, purpose and an absolute path', () => {
    expect(problems(full)).toEqual([]);
    expect(problems({ ...full, recipient: ' ', purpose: '', path: '' })).toEqual([
      'recipient',
      'purpose',
      'path',
    ]);
    expect(problems({ ...full, path: 'a.pdf' })).toEqual(['absolute']);
  });

  it('knows paths from the root on every system', () => {
    expect(['/a', 'C:\\a', 'd:/a', '\\\\server\\a', 'a', './a', '~/a', ''].map(isAbsolute)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('proposes a name of accession, version and DRAFT', () => {
    expect(proposedName('DEMO-01', 'pdf', 2)).toBe('DEMO-01.v2.DRAFT.pdf');
    expect(proposedName('a/b c', 'fhir', 1)).toBe('a_b_c.v1.DRAFT.fhir.json');
    expect(proposedName('DEMO-01', 'vcf', 2)).toBe('DEMO-01.DRAFT.vcf.gz');
  });
});
