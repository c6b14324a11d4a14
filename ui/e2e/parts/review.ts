import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from '@playwright/test';
import type { VariantView } from '../../src/api/types';
import { expect, type Session } from '../fixtures/session';

/** Review of the finished demonstration: variants, decisions, reads, report, export, history. */
export function review(now: () => Session): void {
  const row = (index: number) =>
    now()
      .page.getByRole('grid')
      .locator(`[role="row"][aria-rowindex="${index + 2}"]`);
  const shownId = () => Number(new URL(now().page.url()).hash.match(/variants\/(\d+)/)?.[1]);
  const shown = (): Promise<VariantView> => now().host('variant', { case: now().demo, variant: shownId() });
  const rowCount = (total: number) =>
    expect(now().page.getByRole('grid')).toHaveAttribute('aria-rowcount', String(total + 1));

  test('the funnel accounts for every variant, and filters and order are the host’s', async () => {
    const s = now();
    const { page } = s;
    await s.open('variants');
    await expect(row(0)).toBeVisible();
    const preset = (await s.host('presets', { case: s.demo })).presets[0];
    if (!preset) throw new Error('there is no preset');
    const query = {
      case: s.demo,
      filter: preset.filter,
      sort: 'priority',
      descending: false,
      offset: 0,
      limit: 100,
    } as const;
    const first = await s.host('variants', query);
    expect(first.total).toBeGreaterThan(3);
    await rowCount(first.total);
    const kept = await page.locator('.funnel-kept').allTextContents();
    expect(kept.map((text) => Number(text.replaceAll(',', '')))).toEqual(
      first.funnel.map((step) => step.kept),
    );
    for (const [index, step] of first.funnel.entries()) {
      const before = first.funnel[index - 1];
      const dropped = step.dropped.reduce((sum, part) => sum + part.count, 0);
      if (before) expect(step.kept + dropped).toBe(before.kept);
    }
    await expect(page.getByText('The counts do not add up')).toHaveCount(0);
    await expect(
      page.getByRole('complementary', { name: 'Variant' }).getByRole('heading', { level: 2 }),
    ).toBeVisible();
    await s.checked('case-variants', ['light', 'dark', 'contrast']);

    const gene = first.rows[0]?.gene ?? '';
    await page.keyboard.press('/');
    await page.keyboard.type(gene);
    const found = await s.host('variants', { ...query, filter: { ...preset.filter, text: gene } });
    expect(found.total).toBeLessThan(first.total);
    await rowCount(found.total);
    await expect(page.getByText(`changed from ${preset.name}`).first()).toBeVisible();
    await page.reload();
    await rowCount(found.total);
    await page.getByRole('button', { name: 'Back to the preset' }).click();
    await rowCount(first.total);
    // More rows than before: every one of them is there.
    await expect(page.locator('.grid-skeleton')).toHaveCount(0);
    await expect(row(found.total)).toBeVisible();

    await page.getByRole('button', { name: /^Filter…/ }).click();
    await expect(page.getByRole('dialog', { name: 'Filter variants' })).toBeVisible();
    await s.checked('case-filter');
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('the detail shows names whole, and every criterion with its source', async () => {
    const s = now();
    const { page } = s;
    await row(0).click();
    const variant = await shown();
    const detail = page.getByRole('complementary', { name: 'Variant' });
    await expect(detail.getByRole('heading', { level: 2 })).toContainText(
      variant.row.hgvs_c ?? variant.row.gene ?? '',
    );
    const criteria = variant.classification?.criteria ?? [];
    const met = criteria.filter((one) => one.state === 'met');
    expect(met.length).toBeGreaterThan(0);
    for (const one of met) await expect(detail.getByText(one.sentence).first()).toBeVisible();
    const silent = criteria.filter((one) => one.state === 'not_evaluated');
    if (silent.length > 0)
      await expect(detail.getByText(`${silent.length} not evaluated`).first()).toBeVisible();
    // Nothing of a name is cut.
    const cut = await detail
      .locator('.mono')
      .evaluateAll((all) =>
        all
          .filter(
            (one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== 'visible',
          )
          .map((one) => one.textContent),
      );
    expect(cut).toEqual([]);
    for (const tab of ['Transcripts', 'Population & ClinVar', 'Decisions']) {
      await detail.getByRole('tab', { name: tab }).click();
      await s.checked(`case-${tab.split(' ')[0]?.toLowerCase()}`);
    }
    await detail.getByRole('tab', { name: 'Evidence' }).click();
  });

  test('a class changes only behind a confirmation, with a reason where it differs, and is undone', async () => {
    const s = now();
    const { page } = s;
    const before = await shown();
    // The table is in the order of priority: another class moves the row.
    const decided = page
      .getByRole('grid')
      .getByRole('row')
      .filter({ hasText: before.row.hgvs_c ?? '' })
      .getByText('decided', { exact: true });
    const digit = before.row.class === 'uncertain' ? '2' : '3';
    await row(0).click();
    await page.keyboard.press(digit);
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toBeVisible();
    expect((await shown()).decision).toBeNull();
    await s.checked('case-decide');
    await dialog.getByRole('button', { name: /^Decide: / }).click();
    await expect(dialog.getByText('Give the reason.')).toBeVisible();
    expect((await shown()).decision).toBeNull();
    await dialog.getByLabel(/^Reason/).fill('Segregation in the family');
    await dialog.getByRole('button', { name: /^Decide: / }).click();
    await expect(dialog).toHaveCount(0);
    await expect(decided).toBeVisible();
    expect((await shown()).decision?.reason).toBe('Segregation in the family');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(decided).toHaveCount(0);
    const after = await shown();
    expect(after.decision).toBeNull();
    expect(after.row.class).toBe(before.row.class);
    expect(after.decisions[0]?.withdrawn).toBeTruthy();
  });

  test('igv shows the sample’s own reads, by this server’s files only', async () => {
    const s = now();
    const { page } = s;
    s.requests.length = 0;
    await row(0).click();
    const asked = page.waitForResponse((response) => response.url().endsWith('/api/reads'));
    await page.keyboard.press('r');
    const tokens = await (await asked).json();
    const view = page.locator('.reads-view');
    await expect(view).toHaveAttribute('data-state', 'ready', { timeout: 120_000 });
    /** Drawn pixels of the alignments: the largest canvas of the read view. Without reads it is blank. */
    const drawn = () =>
      view.evaluate((host) => {
        const all = [...(host.shadowRoot?.querySelectorAll('canvas') ?? [])];
        const canvas = all.sort((a, b) => b.width * b.height - a.width * a.height)[0];
        const context = canvas?.getContext('2d');
        if (!canvas || !context || canvas.width === 0 || canvas.height < 150) return 0;
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4)
          if ((data[at + 3] ?? 0) > 0 && (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) < 750)
            count += 1;
        return count;
      });
    await expect.poll(drawn, { timeout: 120_000 }).toBeGreaterThan(20_000);
    const files = s.requests.map((request) => new URL(request.url()).pathname);
    for (const name of ['fasta', 'bam', 'bai', 'vcf', 'tbi'])
      expect(files, name).toContain(`/file/${tokens[name]}`);
    await s.checked('case-reads');

    // It follows the chosen variant, and moves by keys.
    const locus = page.locator('.reads-locus');
    const at = (await locus.textContent()) ?? '';
    await view.focus();
    await page.keyboard.press('ArrowRight');
    await expect(locus).not.toHaveText(at);
    await page.keyboard.press('0');
    await expect(locus).toHaveText(at);
    await row(1).click();
    await expect(locus).not.toHaveText(at);
    // A failed file makes igv ask its makers' tables: the fence refuses that before it leaves.
    s.requests.length = 0;
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const ask = new XMLHttpRequest();
          try {
            ask.open('GET', 'https://igv.org/data/url_mappings.tsv');
            ask.onloadend = () => resolve();
            ask.send();
          } catch {
            resolve();
          }
        }),
    );
    expect(s.requests.filter((request) => !request.url().startsWith(s.server.url))).toEqual([]);
    await page.keyboard.press('e');
  });

  test('from the worklist to a decision by keyboard alone', async () => {
    const s = now();
    const { page } = s;
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    // The variants' own grid stands until the worklist is there.
    await expect(page.getByRole('heading', { level: 1, name: 'Worklist' })).toBeVisible();
    await expect(page.getByRole('grid', { name: 'Variants' })).toHaveCount(0);
    await expect(page.getByRole('grid')).toBeVisible();
    const inGrid = () => page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null);
    for (let step = 0; step < 60 && !(await inGrid()); step += 1) await page.keyboard.press('Tab');
    expect(await inGrid()).toBe(true);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`case/${encodeURIComponent(s.demo)}/`));
    // The address changes before the case's own keys are there.
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    await expect(row(0)).toBeVisible();
    const detail = page.getByRole('complementary', { name: 'Variant' });
    await expect(detail.getByRole('heading', { level: 2 })).toBeVisible();
    const { classification } = await shown();
    await page.keyboard.press('a');
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toBeVisible();
    // The focus is on Cancel; the next control confirms.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect.poll(async () => (await shown()).decision?.class).toBe(classification?.class);
  });

  test('a new version holds the decision; the preview is the very PDF; the export has the SHA-256 that is shown', async () => {
    const s = now();
    const { page } = s;
    await s.open('report');
    const before = (await s.host('reports', { case: s.demo })).versions;
    expect(before[0]?.outdated).toBe(true);
    await page.getByRole('button', { name: /^Make (report|new version)/ }).click();
    const count = async () => (await s.host('reports', { case: s.demo })).versions.length;
    await expect.poll(count, { timeout: 120_000 }).toBe(before.length + 1);
    const newest = (await s.host('reports', { case: s.demo })).versions[0];
    if (!newest) throw new Error('there is no report');
    expect(newest.outdated).toBe(false);
    const preview = await s.host('preview', { case: s.demo, version: newest.version });
    expect(preview.sha256).toBe(newest.pdf_sha256);
    await expect(page.getByText(preview.sha256).first()).toBeVisible();
    await expect(page.getByText(`Page 1 of ${preview.pages}`, { exact: true })).toBeVisible({
      timeout: 120_000,
    });
    await expect(page.locator('.pdf-sheet')).toHaveCount(preview.pages);
    await expect(page.locator('[data-check="same"]')).toBeVisible();
    await expect(page.locator('.pdf-text').first()).toContainText('DRAFT');
    await s.checked('case-report');
    if (preview.pages > 1) {
      await page.keyboard.press(']');
      await expect(page.getByText(`Page 2 of ${preview.pages}`, { exact: true })).toBeVisible();
    }

    await page.getByRole('button', { name: /^Export…/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(dialog.getByText('Say to whom the file goes.')).toBeVisible();
    await s.checked('case-export');
    const file = path.join(s.server.folder, 'export.pdf');
    await dialog.getByLabel(/^Recipient/).fill('Example clinic');
    await dialog.getByLabel(/^Purpose/).fill('Browser test');
    await dialog.getByLabel(/^New file/).fill(file);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(dialog.getByText(file)).toBeVisible();
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(digest).toBe(preview.sha256);
    await expect(dialog.getByText(digest)).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByText('Example clinic').first()).toBeVisible();
  });

  test('the history tells who did what, with the reason', async () => {
    const s = now();
    const { page } = s;
    await s.open('history');
    await expect(page.getByRole('cell', { name: 'Segregation in the family' }).first()).toBeVisible();
    await expect(page.getByText('Anna Example').first()).toBeVisible();
    await s.checked('case-history');
  });
}
