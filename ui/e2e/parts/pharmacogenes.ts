import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from '@playwright/test';
import type { OrderForm } from '../../src/api/types';
import { expect, type Session } from '../fixtures/session';

/** Bases of GRCh38 at three positions of TPMT, and the genotypes of a person with *1/*3A. */
const TPMT = [
  { position: 18_130_687, ref: 'T', alt: 'C', genotype: '0/1' },
  { position: 18_138_997, ref: 'C', alt: 'T', genotype: '0/1' },
  { position: 18_143_724, ref: 'C', alt: 'G', genotype: '0/0' },
];
const LENGTH = 18_200_000;

/** A reference of one contig, a transcript and the genotypes, written into a folder. */
function files(folder: string): { reference: string; transcripts: string; vcf: string } {
  mkdirSync(folder);
  const file = (name: string, text: string): string => {
    const whole = path.join(folder, name);
    writeFileSync(whole, text);
    return whole;
  };
  const bases = new Array<string>(LENGTH / 100).fill('N'.repeat(100));
  for (const { position, ref } of TPMT) {
    const line = Math.floor((position - 1) / 100);
    const at = (position - 1) % 100;
    bases[line] = `${'N'.repeat(at)}${ref}${'N'.repeat(99 - at)}`;
  }
  const parts = ['gene', 'mRNA', 'exon', 'CDS'].map((kind, index) => {
    const of = [
      'ID=gene-TPMT;Name=TPMT;gene=TPMT',
      'ID=tx;Parent=gene-TPMT;transcript_id=NM_000367.5;gene=TPMT',
    ];
    const rest = `ID=${kind}-1;Parent=tx;transcript_id=NM_000367.5;gene=TPMT`;
    const phase = kind === 'CDS' ? '0' : '.';
    return ['chr6', 'test', kind, 18_130_601, 18_130_900, '.', '-', phase, of[index] ?? rest].join('\t');
  });
  const rows = TPMT.map((site) =>
    [
      'chr6',
      site.position,
      '.',
      site.ref,
      site.alt,
      100,
      'PASS',
      '.',
      'GT:DP:GQ',
      `${site.genotype}:40:99`,
    ].join('\t'),
  );
  return {
    reference: file('reference.fa', `>chr6\n${bases.join('\n')}\n`),
    transcripts: file('transcripts.gff3', `##gff-version 3\n${parts.join('\n')}\n`),
    vcf: file(
      'PGX-1.vcf',
      [
        '##fileformat=VCFv4.2',
        `##contig=<ID=chr6,length=${LENGTH}>`,
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
        '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
        '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tPGX-1',
        ...rows,
        '',
      ].join('\n'),
    ),
  };
}

const order: OrderForm = {
  family: 'Synthetic',
  given: 'Kim',
  birth_date: '1970-01-31',
  sex: 'female',
  identifiers: ['SYNTH-7001', 'SYNTH-7002'].map((value) => ({ label: '', system: '', value })),
  specimen_id: 'SP-7',
  specimen_type: 'blood',
  collected: '',
  received: '',
  condition: '',
  order_id: 'O-7',
  test: 'Pharmacogenes',
  code: '',
  order_date: '',
  clinician_family: 'Example',
  clinician_given: '',
  clinician_identifier: '',
  organization: '',
  laboratory_name: 'Example Laboratory',
  laboratory_address: '1 Example Street',
  laboratory_contact: '',
  laboratory_accreditation: '',
  indication: 'Synthetic question',
  hpo: [],
  genes: [],
  medications: ['Azathioprine 50 mg', 'clopidogrel', 'metformin'],
  secondary_findings: null,
  list_vus: false,
  policy: '',
};

/** Pharmacogenes: asked for with a case, shown by gene and by medicine, printed on the report. */
export function pharmacogenes(now: () => Session): void {
  test('pharmacogenes are asked for with a new case or later', async () => {
    const s = now();
    const { page } = s;
    await page.goto('/#/new');
    await page.getByRole('checkbox', { name: /Call the pharmacogenes/ }).focus();
    await page.keyboard.press('Space');
    await expect(page.getByRole('checkbox', { name: /Call the pharmacogenes/ })).toBeChecked();
    await page.getByLabel(/^Medicines that the patient takes/).fill('clopidogrel 75 mg\nmetformin');
    await s.checked('new-case-pharmacogenes');
    await page.goto(`/#/case/${encodeURIComponent(s.demo)}/pharmacogenes`);
    await expect(page.getByText('The newest run did not call the pharmacogenes')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Run again with pharmacogenes' })).toBeVisible();
    await s.checked('case-pharmacogenes-not-called');
  });

  test('alerts first, then by gene and by medicine; the report says the same', async () => {
    const s = now();
    const { page } = s;
    const made = files(path.join(s.server.folder, 'pgx'));
    const set = await s.host('save_reference_set', {
      id: null,
      name: 'One contig',
      reference: made.reference,
      transcripts: made.transcripts,
      clinvar: null,
      frequencies: null,
      targets: null,
      thresholds: null,
      comparators: null,
      scores: [],
      missense_tool: null,
      build: 'GRCh38',
      synthetic: true,
    });
    const seen = await s.host('inspect', { paths: [made.vcf] });
    const { case: id } = await s.host('new_case', {
      sample: 'PGX-1',
      input_sample: null,
      order,
      files: seen.files,
      reference_set: set.set.id ?? '',
      pharmacogenes: true,
      start: true,
    });
    await expect
      .poll(async () => (await s.host('case', { case: id })).runs[0]?.state, { timeout: 120_000 })
      .toBe('done');

    await page.goto(`/#/case/${encodeURIComponent(id)}/pharmacogenes`);
    const rows = page.getByRole('region', { name: 'Current medicines' }).getByRole('rowheader');
    // The most urgent first; what is not known is said, not passed over.
    await expect(rows).toContainText(['Azathioprine 50 mg', 'clopidogrel', 'metformin']);
    const view = await s.host('pharmacogenes', { case: id });
    expect(view.genes.filter((gene) => gene.called).map((gene) => gene.gene)).toEqual(['TPMT']);
    await page.getByText('TPMT', { exact: true }).click();
    await expect(page.getByText('*1/*3A').first()).toBeVisible();
    await expect(page.getByRole('table', { name: 'Missing positions of TPMT' })).toBeVisible();
    await s.checked('case-pharmacogenes-genes');

    await page.getByRole('tab', { name: 'By medicine' }).click();
    await page.getByLabel('Find a medicine or gene').fill('tpmt');
    await expect(page.getByText('3 medicines')).toBeVisible();
    await page.getByText('azathioprine', { exact: true }).click();
    const guideline = page.getByRole('region', { name: /^CPIC: azathioprine/ });
    await expect(guideline.getByText('No result for NUDT15, which this guideline needs too.')).toBeVisible();
    await s.checked('case-pharmacogenes-medicines');

    const versions = (await s.host('reports', { case: id })).versions;
    expect(versions.map((version) => version.outdated)).toEqual([false]);
  });
}
