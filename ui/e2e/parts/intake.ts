import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from '@playwright/test';
import { expect, PASSPHRASE, type Session } from '../fixtures/session';

/** A new case, the worklist with more than one, and what a lock leaves behind: nothing. */
export function intake(now: () => Session): void {
  test('a new case by keyboard only; what is missing is listed and nothing is lost', async () => {
    const s = now();
    const { page } = s;
    const folder = path.join(s.server.folder, 'reads');
    mkdirSync(folder);
    const sequence = 'ACGTTGCA'.repeat(10);
    const files = [1, 2].map((mate) => {
      const file = path.join(folder, `LAB-26-0117_S1_L001_R${mate}_001.fastq.gz`);
      writeFileSync(file, gzipSync(`@r1 ${mate}:N:0\n${sequence}\n+\n${'I'.repeat(sequence.length)}\n`));
      return file;
    });
    await page.goto('/#/worklist');
    await expect(page.getByRole('heading', { level: 1, name: 'Worklist' })).toBeVisible();
    await page.keyboard.press('n');
    await expect(page.getByRole('heading', { level: 1, name: 'New case' })).toBeVisible();
    await page.keyboard.press('Control+S');
    await expect(page.getByRole('heading', { name: /must be put right/ })).toBeVisible();
    await s.checked('new-case-problems');

    const type = async (name: RegExp, text: string) => {
      await s.tabTo(name);
      await page.keyboard.type(text);
    };
    await type(/^Paths/, `${files[0]}\n${files[1]}`);
    await s.tabTo(/^Add these files/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('rowheader', { name: files[1] })).toBeVisible();
    await expect(page.getByLabel(/^Accession/)).not.toHaveValue('');
    await type(/^Accession/, '');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('KEY-1');
    await type(/^Family name/, 'Synthetic');
    await type(/^Given names/, 'Keyboard');
    await s.tabTo(/Date of birth/);
    await page.keyboard.type('19850214');
    await s.tabTo(/Sex required/);
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Female' }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await type(/^Value of identifier 1/, 'SYNTH-9001');
    await type(/^Value of identifier 2/, 'SYNTH-9002');
    await type(/^Specimen number/, 'SP-1');
    await type(/^Type and source/, 'blood (EDTA)');
    await type(/^Order number/, 'O-1');
    await type(/^Test/, 'Panel');
    await type(/^Family name/, 'Example');
    await type(/^Name required/, 'Example Laboratory');
    await type(/^Address/, '1 Example Street');
    await type(/^Clinical question/, 'Synthetic question');
    await type(/^HPO terms/, 'HP:0003002');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('row', { name: 'HP:0003002' })).toBeVisible();
    await type(/^Gene list/, 'brca1 NOSUCHGENE');
    await expect(page.getByText('1 gene known')).toBeVisible();
    await expect(page.getByText('1 symbol without a transcript in this set')).toBeVisible();
    await expect(page.getByRole('heading', { name: /must be put right/ })).toBeHidden();
    await s.checked('new-case');

    // Another screen and back: everything is still there.
    await page.goto('/#/queue');
    await page.goto('/#/new');
    await expect(page.getByLabel(/^Accession/)).toHaveValue('KEY-1');
    await page.keyboard.press('Control+S');
    await expect(page).toHaveURL(/#\/case\/[^/]+\/overview$/);
  });

  test('worklist: / searches, a state filters, Enter opens', async () => {
    const s = now();
    const { page } = s;
    await page.goto('/#/worklist');
    await expect(page.getByRole('grid').getByText('KEY-1')).toBeVisible();
    await page.keyboard.press('/');
    await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused();
    await page.keyboard.type('nothing has this');
    await expect(page.getByText('No case matches')).toBeVisible();
    await s.checked('worklist-no-match');
    await page.getByRole('button', { name: 'Clear search and states' }).click();
    await page.getByRole('button', { name: /^Received/ }).click();
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '2');
    await page.locator('[data-cursor="true"]').focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/case\/[^/]+\/overview$/);
  });

  test('after a lock nothing of a patient is left in the page', async () => {
    const s = now();
    const { page } = s;
    await page.goto('/#/new');
    await page
      .getByLabel(/^Family name/)
      .first()
      .fill('Unsaved-Synthetic');
    await page.keyboard.press('Control+L');
    await expect(page.getByLabel(/^Passphrase or recovery key/)).toBeFocused();
    expect(await page.content()).not.toMatch(/Synthetic|SYNTH-9001|KEY-1|Unsaved/);
    expect(page.url()).not.toMatch(/case/);
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Worklist' })).toBeVisible();
    await page.goto('/#/new');
    await expect(page.getByLabel(/^Family name/).first()).toHaveValue('');
  });
}
