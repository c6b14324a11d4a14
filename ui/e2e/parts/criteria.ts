import { test } from '@playwright/test';
import type { CriterionView, VariantView } from '../../src/api/types';
import { expect, type Session } from '../fixtures/session';

const REASON = 'Two independent assays agree';

/** Criteria that a person sets, and evidence that is entered; {@link kept} looks again after a new run. */
const set: { key?: string; points?: number } = {};

const keyOf = (variant: VariantView) =>
  [variant.row.contig, variant.row.position, variant.row.reference, variant.row.alternate].join(':');
const rowOf = (variant: VariantView, code: string): CriterionView => {
  const row = variant.classification?.criteria.find((one) => one.code === code);
  if (!row) throw new Error(`no ${code}`);
  return row;
};

/** The variant that the page shows. */
const shown = (s: Session): Promise<VariantView> => {
  const variant = Number(new URL(s.page.url()).hash.match(/variants\/(\d+)/)?.[1]);
  return s.host('variant', { case: s.demo, variant });
};

/** Sets a criterion, enters evidence, confirms and withdraws. */
export function criteria(now: () => Session): void {
  const detail = () => now().page.getByRole('complementary', { name: 'Variant' });

  test('a person sets a criterion: points and conclusion follow at once, what the rules say stays', async () => {
    const s = now();
    const { page } = s;
    await s.open('variants');
    await page.getByRole('grid').locator('[role="row"][aria-rowindex="2"]').click();
    await expect(detail().getByRole('heading', { level: 2 })).toBeVisible();
    await expect.poll(async () => (await shown(s)).classification !== null).toBe(true);
    const before = await shown(s);
    const points = before.classification?.points ?? 0;
    await detail()
      .getByText(/^\d+ not evaluated/)
      .click();
    await detail().getByRole('button', { name: 'Set PS3' }).click();
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: 'Set criterion' }).click();
    await expect(dialog.getByText('Choose a setting.')).toBeVisible();
    await dialog.getByText('met', { exact: true }).click();
    await dialog.getByRole('button', { name: /Strength/ }).click();
    await page.getByRole('option', { name: /^Moderate/ }).click();
    await dialog.getByRole('button', { name: 'Set criterion' }).click();
    await expect(dialog.getByText('Give the reason.')).toBeVisible();
    await s.checked('case-criterion');
    expect(rowOf(await shown(s), 'PS3').decision).toBeNull();
    await dialog.getByLabel(/^Reason/).fill(REASON);
    await dialog.getByRole('button', { name: 'Set criterion' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(detail().getByText('set by a person').first()).toBeVisible();
    await expect(detail().getByText('By rules: PS3 not evaluated').first()).toBeVisible();
    const after = await shown(s);
    expect(after.classification?.points).toBe(points + 2);
    expect(rowOf(after, 'PS3').decision?.reason).toBe(REASON);
    await expect(detail().getByText('1 criterion set by a person').first()).toBeVisible();
    await s.checked('case-criterion-set', ['light', 'dark', 'contrast']);
    set.key = keyOf(after);
    set.points = points + 2;
  });

  test('entered evidence is proposed, counts nothing, and is confirmed with one press', async () => {
    const s = now();
    const { page } = s;
    const before = await shown(s);
    await detail().getByRole('button', { name: 'Enter evidence…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: /Kind/ }).click();
    await page.getByRole('option', { name: /^New in a proband/ }).click();
    await dialog.getByRole('button', { name: 'Enter', exact: true }).click();
    await expect(dialog.getByText('This is needed.').first()).toBeVisible();
    await s.checked('case-evidence');
    await dialog.getByRole('button', { name: /Fit of the phenotype/ }).click();
    await page.getByRole('option', { name: 'consistent with the gene' }).click();
    await dialog.getByRole('button', { name: /Parentage/ }).click();
    await page.getByRole('option', { name: 'confirmed' }).click();
    await dialog.getByLabel(/^Source/).fill('PMID 1');
    await dialog.getByRole('button', { name: 'Enter', exact: true }).click();
    await expect(dialog).toHaveCount(0);
    const confirm = detail().getByRole('button', { name: 'Confirm PS2_Moderate' });
    await expect(confirm).toBeVisible();
    const proposed = await shown(s);
    expect(proposed.classification?.points).toBe(before.classification?.points);
    expect(rowOf(proposed, 'PS2').proposal?.label).toBe('PS2_Moderate');
    await s.checked('case-evidence-proposed');
    await confirm.click();
    await expect.poll(async () => rowOf(await shown(s), 'PS2').points).toBe(2);
    await detail().getByRole('button', { name: 'Withdraw the setting of PS2' }).click();
    await expect.poll(async () => rowOf(await shown(s), 'PS2').decision).toBeNull();
    await expect.poll(async () => (await shown(s)).classification?.points).toBe(set.points);
  });
}

/** After a new run of the case. */
export function kept(now: () => Session): void {
  test('what a person set on a criterion is there after a new run, with its audit rows', async () => {
    const s = now();
    const { page } = s;
    await s.open('variants');
    await expect(page.getByRole('grid').locator('[role="row"][aria-rowindex="2"]')).toBeVisible();
    const view = await s.host('case', { case: s.demo });
    expect(view.runs.filter((run) => run.state === 'done').length).toBeGreaterThan(1);
    const table = await s.host('variants', {
      case: s.demo,
      filter: {
        passed: false,
        ordered: false,
        impacts: [],
        frequencies: [],
        clinvar: [],
        classes: [],
        zygosities: [],
        kinds: [],
        text: (set.key ?? '').split(':').slice(0, 2).join(':'),
        keep_clinvar_pathogenic: false,
      },
      sort: 'priority',
      descending: false,
      offset: 0,
      limit: 10,
    });
    const row = table.rows.find(
      (one) => [one.contig, one.position, one.reference, one.alternate].join(':') === set.key,
    );
    if (!row) throw new Error('the variant is gone');
    expect(row.points).toBe(set.points);
    await page.goto(`/#/case/${encodeURIComponent(s.demo)}/variants/${row.id}`);
    const detail = page.getByRole('complementary', { name: 'Variant' });
    await expect(detail.getByText('set by a person').first()).toBeVisible();
    await expect(detail.getByText(REASON).first()).toBeVisible();
    const variant = await s.host('variant', { case: s.demo, variant: row.id });
    expect(rowOf(variant, 'PS3').decision?.reason).toBe(REASON);
    expect(variant.evidence.length).toBe(1);
    await s.checked('case-criterion-kept');
    await s.open('history');
    await expect(page.getByRole('cell', { name: REASON }).first()).toBeVisible();
  });
}
