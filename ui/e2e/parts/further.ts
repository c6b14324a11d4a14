import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from '@playwright/test';
import { expect, type Session } from '../fixtures/session';

/** A run that uses a family and a score besides: asked for in the window, refused by its field, shown afterwards. */
export function further(now: () => Session): void {
  test('a run is asked to use a family and a score; half a family is refused at its field', async () => {
    const s = now();
    const { page } = s;
    const folder = path.join(s.server.folder, 'pgx');
    const file = (name: string, text: string): string => {
      const whole = path.join(folder, name);
      writeFileSync(whole, text);
      return whole;
    };
    // The person's own genotypes, with two parents beside them.
    const own = readFileSync(path.join(folder, 'PGX-1.vcf'), 'utf8');
    const family = file(
      'family.vcf',
      own
        .split('\n')
        .map((line) => {
          if (line.startsWith('#CHROM')) return `${line}\tdad\tmum`;
          return line === '' || line.startsWith('#') ? line : `${line}\t0/0:40:99\t0/1:40:99`;
        })
        .join('\n'),
    );
    const pedigree = file('family.ped', 'F PGX-1 dad mum 2 2\nF dad 0 0 1 1\nF mum 0 0 2 1\n');
    const score = file(
      'PGS900001.txt',
      [
        '###PGS CATALOG SCORING FILE',
        '#format_version=2.0',
        '#pgs_id=PGS900001',
        '#pgs_name=Example',
        '#trait_reported=Example trait',
        '#genome_build=GRCh38',
        'chr_name\tchr_position\teffect_allele\tother_allele\teffect_weight',
        '6\t18138997\tT\tC\t0.25',
        '',
      ].join('\n'),
    );
    const cases = await s.host('cases', {
      search: 'PGX-1',
      states: [],
      sort: 'changed',
      descending: true,
      offset: 0,
      limit: 10,
    });
    const id = cases.rows[0]?.id ?? '';
    const overview = `/#/case/${encodeURIComponent(id)}/overview`;

    await page.goto(`/#/case/${encodeURIComponent(id)}/scores`);
    await expect(page.getByText('Not evaluated: the newest run was not asked to rank genes.')).toBeVisible();
    await expect(page.getByText('Not evaluated: the newest run was not asked to sum scores.')).toBeVisible();
    await s.checked('case-scores-not-asked');

    await page.goto(overview);
    await page.getByRole('button', { name: 'Run again' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('Family, evidence, outside calls, scores').click();
    await dialog.getByLabel(/^VCF of the family/).fill(family);
    await dialog.getByLabel(/^Scoring files/).fill(score);
    await dialog.getByRole('button', { name: 'Run again' }).click();
    await expect(dialog.getByText('The run was not started')).toBeVisible();
    await expect(dialog.getByLabel(/^Pedigree of the family/)).toHaveAttribute('aria-invalid', 'true');
    await s.checked('case-run-again-refused');
    await dialog.getByLabel(/^Pedigree of the family/).fill(pedigree);
    await dialog.getByRole('button', { name: 'Run again' }).click();
    await expect(dialog).toBeHidden();
    const newest = async () => (await s.host('case', { case: id })).runs;
    await expect.poll(async () => (await newest())[0]?.state, { timeout: 120_000 }).toBe('done');
    expect(await newest()).toHaveLength(2);

    // Remembered with the case, and in the dialog of the next run.
    await page.goto('/#/worklist');
    await page.goto(overview);
    await expect(page.getByRole('rowheader', { name: family })).toBeVisible();
    await page.getByRole('button', { name: 'Run again' }).click();
    await expect(dialog.getByLabel(/^VCF of the family/)).toHaveValue(family);
    await page.keyboard.press('Escape');

    await page.goto(`/#/case/${encodeURIComponent(id)}/scores`);
    const table = page.getByRole('table', { name: 'Polygenic scores' });
    await expect(table.getByRole('rowheader', { name: 'PGS900001 (Example)' })).toBeVisible();
    await expect(table.getByText('0.250000')).toBeVisible();
    await expect(table.getByText('none: no reference of people was given')).toBeVisible();
    await s.checked('case-scores');
  });

  test('a new case offers the same fields', async () => {
    const s = now();
    const { page } = s;
    await page.goto('/#/new');
    await page.getByLabel(/^Evidence file/).fill('evidence.json');
    await expect(page.getByRole('heading', { name: 'Family, evidence, scores' })).toBeVisible();
    await s.checked('new-case-further');
    await page.getByLabel(/^Evidence file/).fill('');
  });
}
