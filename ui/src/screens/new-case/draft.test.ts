import { describe, expect, it } from 'vitest';
import type { InputFile, InspectOutput, OrderForm } from '../../api/types';
import { furtherFields } from '../further/further';
import { againName, againOf } from './again';
import {
  byField,
  type Draft,
  emptyDraft,
  emptyOrder,
  fieldOf,
  fileName,
  genesOf,
  hpoOf,
  isAbsolute,
  isAccession,
  isTouched,
  localProblems,
  medicinesOf,
  orderIsEmpty,
  orderOf,
  pathsOf,
  toNewCase,
  withInspection,
  withOrder,
} from './draft';
import { fieldOrder } from './labels';

const file = (path: string, kind: InputFile['kind'] = 'fastq'): InputFile => ({
  path,
  kind,
  mate: null,
  pair: null,
  bytes: 10,
});
const seen = (part: Partial<InspectOutput>): InspectOutput => ({
  files: [],
  samples: [],
  accession: null,
  order: null,
  problems: [],
  ...part,
});
const order = (part: Partial<OrderForm>): OrderForm => ({ ...emptyOrder(), ...part });

describe('what is sent', () => {
  const draft: Draft = {
    ...emptyDraft(),
    files: [file('/d/a.fastq')],
    accession: ' S-1 ',
    referenceSet: 'set',
    geneText: 'BRCA1, brca2\nTP53;BRCA1',
    order: order({
      family: ' Synthetic ',
      identifiers: [
        { label: 'MRN', system: '', value: ' 1 ' },
        { label: 'Lab', system: '', value: '' },
        { label: '', system: 'urn:x', value: '' },
      ],
    }),
  };

  it('is the order without white space at its ends and without empty identifiers', () => {
    const sent = orderOf(draft);
    expect(sent.family).toBe('Synthetic');
    expect(sent.identifiers).toEqual([
      { label: 'MRN', system: '', value: '1' },
      { label: '', system: 'urn:x', value: '' },
    ]);
    expect(sent.genes).toEqual(['BRCA1', 'brca2', 'TP53']);
    expect(sent.secondary_findings).toBeNull();
  });

  it('has no order at all when the case is UNIDENTIFIED, whatever was typed', () => {
    expect(toNewCase({ ...draft, identified: false }, true).order).toBeNull();
    expect(toNewCase(draft, true)).toMatchObject({
      sample: 'S-1',
      reference_set: 'set',
      start: true,
      files: draft.files,
    });
  });

  it('names the sample in the files only where it differs', () => {
    expect(toNewCase({ ...draft, inputSample: 'S-1' }, false).input_sample).toBeNull();
    expect(toNewCase({ ...draft, inputSample: null }, false).input_sample).toBeNull();
    expect(toNewCase({ ...draft, inputSample: 'lib7' }, false).input_sample).toBe('lib7');
  });
});

describe('files', () => {
  it('of the order and of no known kind are not input of the case', () => {
    const next = withInspection(
      emptyDraft(),
      seen({ files: [file('/a'), file('/order.json', 'order'), file('/x', 'unknown')], accession: 'A' }),
    );
    expect(next.files.map((f) => f.path)).toEqual(['/a']);
    expect(next).toMatchObject({ accession: 'A', accessionProposed: true });
  });

  it('never replace an accession that a person typed', () => {
    const typed = { ...emptyDraft(), accession: 'MINE', accessionProposed: false };
    expect(withInspection(typed, seen({ accession: 'A' }))).toMatchObject({
      accession: 'MINE',
      accessionProposed: false,
    });
    const proposed = { ...emptyDraft(), accession: 'OLD', accessionProposed: true };
    expect(withInspection(proposed, seen({ accession: 'A' })).accession).toBe('A');
    expect(withInspection(proposed, seen({})).accession).toBe('OLD');
  });

  it('give the name of the sample where they agree on one, and keep a choice that still holds', () => {
    expect(withInspection(emptyDraft(), seen({ samples: ['x'] })).inputSample).toBe('x');
    expect(withInspection(emptyDraft(), seen({ samples: ['x', 'y'] })).inputSample).toBeNull();
    expect(
      withInspection({ ...emptyDraft(), inputSample: 'y' }, seen({ samples: ['x', 'y'] })).inputSample,
    ).toBe('y');
    expect(
      withInspection({ ...emptyDraft(), inputSample: 'z' }, seen({ samples: ['x', 'y'] })).inputSample,
    ).toBeNull();
  });

  it.each([
    ['/a b/c.fq\n\n "/d e" \r\nfile:///tmp/x%20y.bam\n/a b/c.fq', ['/a b/c.fq', '/d e', '/tmp/x y.bam']],
    ['file:///100%', ['/100%']],
    ['  ', []],
  ])('paths of %j', (text, wanted) => expect(pathsOf(text)).toEqual(wanted));

  it('paths from the root', () => {
    expect(['/a', 'C:\\a', 'c:/a', '\\\\server\\a'].every(isAbsolute)).toBe(true);
    expect(['a', './a', '~/a', ''].some(isAbsolute)).toBe(false);
    expect([fileName('/a/b.c'), fileName('C:\\x\\y.z'), fileName('plain')]).toEqual(['b.c', 'y.z', 'plain']);
  });
});

describe('an order from a file', () => {
  it('fills the form, and two rows of identifiers stay open', () => {
    const next = withOrder(
      { ...emptyDraft(), identified: false },
      order({ family: 'F', genes: ['A', 'B'], identifiers: [{ label: 'MRN', system: '', value: '1' }] }),
    );
    expect(next.identified).toBe(true);
    expect(next.order.identifiers).toHaveLength(2);
    expect(next.geneText).toBe('A B');
    expect(orderOf(next).genes).toEqual(['A', 'B']);
  });

  it('is taken without a question only into an empty form', () => {
    expect(orderIsEmpty(emptyDraft())).toBe(true);
    expect(orderIsEmpty({ ...emptyDraft(), order: order({ test: 't' }) })).toBe(false);
    expect(orderIsEmpty({ ...emptyDraft(), hpoText: 'HP' })).toBe(false);
  });
});

describe('lists that are pasted', () => {
  it.each([
    ['BRCA1 BRCA2', ['BRCA1', 'BRCA2']],
    ['"BRCA1","HLA-A"\t(TRA@)\r\nAC004.1', ['BRCA1', 'HLA-A', 'TRA@', 'AC004.1']],
    [' ,;', []],
  ])('genes of %j', (text, wanted) => expect(genesOf(text)).toEqual(wanted));

  it.each([
    ['HP:0003002', ['HP:0003002'], []],
    ['hp:0003002, HP_0003141', ['HP:0003002', 'HP:0003141'], []],
    ['HP:0003002 Breast carcinoma\nHP:0003141 Hyperbetalipoproteinemia', ['HP:0003002', 'HP:0003141'], []],
    ['HP:0003002 HP:0003002', ['HP:0003002'], []],
    ['HP:300, breast cancer', [], ['HP:300', 'breast cancer']],
    ['HP:00030021', [], ['HP:00030021']],
    ['', [], []],
  ])('HPO terms of %j', (text, terms, wrong) => expect(hpoOf(text)).toEqual({ terms, wrong }));
});

describe('problems', () => {
  it.each([
    ['family', 'family'],
    ['patient.name.family', 'family'],
    ['patient.identifiers', 'identifiers'],
    ['patient.identifiers[1].value', 'identifiers'],
    ['identifiers[0].value', 'identifiers'],
    ['identifiers.1', 'identifiers'],
    ['order.patient.birth_date', 'birth_date'],
    ['order.id', 'order_id'],
    ['order.test', 'test'],
    ['specimen.type', 'specimen_type'],
    ['clinician.identifier.value', 'clinician_identifier'],
    ['indication.hpo', 'hpo'],
    ['hpo[2]', 'hpo'],
    ['genes', 'genes'],
    ['order.medications', 'medications'],
    ['sample', 'sample'],
    ['policy.name', 'policy'],
    ['nowhere', null],
    ['', null],
  ])('at %j belong to %j', (place, wanted) => expect(fieldOf(place)).toBe(wanted));

  it('stand one per field, the first, and none is lost', () => {
    const { fields, others } = byField([
      { place: 'family', words: 'first' },
      { place: 'patient.name.family', words: 'second' },
      { place: 'line 3', words: 'elsewhere' },
    ]);
    expect(fields).toEqual({ family: 'first' });
    expect(others).toEqual([{ place: 'line 3', words: 'elsewhere' }]);
  });

  it('of the page itself: files, accession, reference set', () => {
    expect(localProblems(emptyDraft())).toEqual({
      files: 'files',
      sample: 'accessionMissing',
      reference_set: 'setMissing',
    });
    const filled = { ...emptyDraft(), files: [file('/a')], accession: 'A', referenceSet: 's' };
    expect(localProblems(filled)).toEqual({});
    expect(localProblems({ ...filled, accession: 'Müller, Anna' })).toEqual({ sample: 'accessionWrong' });
    expect(localProblems({ ...filled, files: [file('/a'), file('/b', 'bam')] })).toEqual({ files: 'mixed' });
    expect(localProblems({ ...filled, paths: '/b', hpoText: 'HP' })).toEqual({
      files: 'pathsLeft',
      hpo: 'hpoLeft',
    });
    expect(localProblems({ ...filled, identified: false, hpoText: 'HP' })).toEqual({});
    expect([isAccession('a'.repeat(64)), isAccession('a'.repeat(65))]).toEqual([true, false]);
  });

  it('can be listed for every field of the form', () => {
    const others = ['files', 'sample', 'input_sample', 'reference_set', 'medications'];
    const besides = furtherFields.map((field) => `further.${field}`);
    const fields = [...others, ...besides, ...Object.keys(emptyOrder())];
    expect([...fieldOrder].sort()).toEqual(fields.sort());
  });
});

describe('current medicines', () => {
  it('are one per line; not stated and none are two things', () => {
    const draft = { ...emptyDraft(), medicineText: ' clopidogrel 75 mg \n\nmetformin\nmetformin' };
    expect(medicinesOf(draft)).toEqual({ medications: ['clopidogrel 75 mg', 'metformin'] });
    expect(medicinesOf(emptyDraft())).toEqual({});
    const none = { ...emptyDraft(), order: order({ medications: [] }) };
    expect(medicinesOf(none)).toEqual({ medications: [] });
    expect(medicinesOf(withOrder(emptyDraft(), order({ medications: ['a', 'b'] })))).toEqual({
      medications: ['a', 'b'],
    });
    const emptied = { ...withOrder(emptyDraft(), order({ medications: ['a'] })), medicineText: '' };
    expect('medications' in orderOf(emptied)).toBe(false);
    expect(toNewCase({ ...emptyDraft(), pharmacogenes: true }, false).pharmacogenes).toBe(true);
    expect('pharmacogenes' in toNewCase(emptyDraft(), false)).toBe(false);
  });
});

describe('the unfinished form', () => {
  it('is touched by anything but the choice of the only reference set', () => {
    expect(isTouched(emptyDraft())).toBe(false);
    expect(isTouched({ ...emptyDraft(), referenceSet: 's' })).toBe(false);
    expect(isTouched({ ...emptyDraft(), paths: '/' })).toBe(true);
    expect(isTouched({ ...emptyDraft(), order: order({ list_vus: true }) })).toBe(true);
  });

  it('offers clinician and laboratory of the last case, and nothing of its patient', () => {
    const again = againOf(
      order({ family: 'PATIENT', clinician_family: 'C', laboratory_name: 'L', indication: 'I' }),
    );
    expect(again.clinician.clinician_family).toBe('C');
    expect(again.laboratory.laboratory_name).toBe('L');
    expect(JSON.stringify(again)).not.toMatch(/PATIENT|"I"/);
    expect([againName('C', 'D'), againName('C', ''), againName('', '')]).toEqual(['C, D', 'C', '']);
  });
});
