import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from '@playwright/test';
import { expect, type Session } from '../fixtures/session';

const RUN_MS = 300_000;

/** Data releases: installed from a folder, verified, removed; a case run again and compared. */
export function releases(now: () => Session): void {
  test('a release is installed from a folder, verified and removed, each with what came of it', async () => {
    const s = now();
    const { page } = s;
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'clinotype-release-')), 'copy');
    mkdirSync(folder);
    writeFileSync(
      path.join(folder, 'sites.vcf'),
      '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n',
    );
    await page.goto('/#/settings');
    await page.getByRole('button', { name: /^Install gnomAD v4 sites/ }).click();
    const dialog = page.getByRole('dialog');
    await s.checked('settings-install');
    await dialog.getByLabel(/^Folder or file/).fill(folder);
    await dialog.getByLabel(/^Release/).fill('4.1');
    await dialog.getByRole('button', { name: 'Install', exact: true }).click();
    await expect(page.getByText(/4\.1 is installed/)).toBeVisible();
    await page.getByRole('button', { name: 'Verify files' }).click();
    await expect(page.getByText(/every file is as it was installed/)).toBeVisible();
    await s.checked('settings-releases');
    const view = await s.host('data_releases', {});
    const source = view.sources.find((one) => one.id === 'gnomad-sites');
    expect(source?.installed.map((one) => one.release)).toEqual(['4.1']);
    await page.getByRole('button', { name: /^Remove gnomAD v4 sites.* 4\.1/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('4.1', { exact: true })).toHaveCount(0);
  });

  test('a case is run again with its own releases, and what changed is said', async () => {
    test.setTimeout(RUN_MS + 120_000);
    const s = now();
    const { page } = s;
    await s.open('overview');
    await page.getByRole('button', { name: 'Run again' }).click();
    const question = page.getByRole('alertdialog');
    await expect(question.getByRole('radio', { name: /^The same releases/ })).toBeChecked();
    await s.checked('case-run-again');
    await question.getByRole('button', { name: 'Run again' }).click();
    await expect(page.getByText('Both runs used the same data.')).toBeVisible({ timeout: RUN_MS });
    await expect(page.getByText('No variant changed')).toBeVisible();
    await s.checked('case-changes');
  });
}
