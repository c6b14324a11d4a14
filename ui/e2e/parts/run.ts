import { test } from '@playwright/test';
import { expect, type Session } from '../fixtures/session';

const RUN_MS = 300_000;

/** The demonstration case: started, cancelled, resumed, looked at while it runs, concluded. */
export function run(now: () => Session): void {
  test('the demonstration case is one press away, marked SYNTHETIC, and its run can be cancelled', async () => {
    const s = now();
    const { page } = s;
    await page.goto('/#/worklist');
    await page.getByRole('button', { name: 'Open the demonstration case (SYNTHETIC)' }).click();
    await expect(page).toHaveURL(/#\/case\/[^/]+\/overview$/);
    s.demo = decodeURIComponent(page.url().match(/case\/([^/]+)\//)?.[1] ?? '');
    await expect(page.getByRole('list', { name: 'Stages of the run' }).first()).toContainText('working');
    await expect(page.getByText('SYNTHETIC', { exact: true }).first()).toBeVisible();

    await page.goto('/#/queue');
    await page.getByRole('button', { name: 'Cancel the run of DEMO-01' }).click();
    const question = page.getByRole('alertdialog');
    await expect(question.getByRole('button', { name: 'Cancel', exact: true })).toBeFocused();
    await question.getByRole('button', { name: 'Cancel the run' }).click();
    await expect(page.getByText('A person cancelled this run.')).toBeVisible();
    expect((await s.host('case', { case: s.demo })).row.state).toBe('stopped');
    await s.checked('queue-cancelled');
  });

  test('resumed, it runs to its end while one looks on', async () => {
    test.setTimeout(RUN_MS + 120_000);
    const s = now();
    const { page } = s;
    await page.getByRole('button', { name: 'Resume the run of DEMO-01' }).click();
    const stages = page.getByRole('list', { name: 'Stages of the run of DEMO-01' });
    await expect(stages.getByText('working')).toBeVisible();
    await s.checked('queue');
    await page.goto('/#/worklist');
    await expect(page.getByRole('grid').getByText('SYNTHETIC', { exact: true })).toBeVisible();
    await s.open('overview');
    await s.checked('case-running');
    // Nothing is loaded anew: the page follows the run by itself.
    await expect(page.getByRole('link', { name: 'Review variants' })).toBeVisible({ timeout: RUN_MS });
    const view = await s.host('case', { case: s.demo });
    expect(view.runs[0]?.stages.map((stage) => stage.state).filter((state) => state === 'failed')).toEqual(
      [],
    );
    expect(view.runs[0]?.state).toBe('done');
    await expect(page.getByText(view.conclusion?.headline ?? 'no conclusion').first()).toBeVisible();
    for (const limit of view.conclusion?.limits ?? [])
      await expect(page.getByText(limit).first()).toBeVisible();
    await expect(page.getByText('SYNTHETIC', { exact: true }).first()).toBeVisible();
    await expect(page.getByText('DRAFT', { exact: true }).first()).toBeVisible();
    await s.checked('case-overview');
  });

  test('quality says every check with its word and reason, and coverage by gene as drawing and table', async () => {
    const s = now();
    const { page } = s;
    await s.open('quality');
    const quality = await s.host('quality', { case: s.demo });
    expect(quality.checks.length).toBeGreaterThan(3);
    for (const check of quality.checks) await expect(page.getByText(check.reason).first()).toBeVisible();
    const gene = quality.coverage?.genes[0];
    if (!gene) throw new Error(`the demonstration has coverage: ${quality.coverage_reason}`);
    await page.getByRole('button', { name: /by gene: Show as table/ }).click();
    await expect(page.getByRole('rowheader', { name: gene.gene, exact: true }).first()).toBeVisible();
    await page.getByRole('button', { name: /by gene: Show as plot/ }).click();
    await expect(page.getByRole('img', { name: /Depth along the exons/ })).toBeVisible();
    await s.checked('case-quality');
  });
}
