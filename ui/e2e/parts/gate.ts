import { test } from '@playwright/test';
import { expect, PASSPHRASE, type Session } from '../fixtures/session';

/** First start, unlock and settings. */
export function gate(now: () => Session): void {
  test('first run: problems beside their fields, the recovery key once, a way on only when it is written down', async () => {
    const s = now();
    const { page } = s;
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up this workstation');
    await page.getByRole('button', { name: 'Make the encrypted store' }).click();
    await expect(page.getByLabel(/^Log-in name/)).toBeFocused();
    await s.checked('set-up');

    await page.keyboard.type('anna');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Anna Example');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Enter');

    const key = page.getByRole('group', { name: 'Recovery key' });
    await expect(key).toBeFocused();
    expect(((await key.textContent()) ?? '').replace(/[^A-Z0-9]/g, '').length).toBeGreaterThan(20);
    await expect(page.getByRole('button', { name: 'Go on' })).toBeDisabled();
    // The store is open behind it, and the status is asked every few seconds: the key must stay all the same.
    await page.waitForResponse((response) => response.url().endsWith('/api/status'));
    await expect(key).toBeVisible();
    await s.checked('recovery-key');
    await s.tabTo(/written it down/);
    await page.keyboard.press('Space');
    await s.tabTo(/^Go on/);
    await page.keyboard.press('Enter');
    await expect(page.getByText('No case yet')).toBeVisible();
    await s.checked('worklist-empty');
  });

  test('Ctrl+L locks, a wrong passphrase is said beside the field, the right one opens', async () => {
    const s = now();
    const { page } = s;
    await page.keyboard.press('Control+L');
    const field = page.getByLabel(/^Passphrase or recovery key/);
    await expect(field).toBeFocused();
    await expect(page.getByText('Locked at your request.')).toBeVisible();
    await s.checked('unlock');
    await page.keyboard.type('not the passphrase');
    await page.keyboard.press('Enter');
    await expect(page.getByText(/^Wrong passphrase/)).toBeVisible();
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await s.checked('unlock-wrong');
    // Typed over the wrong attempt, which is selected.
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Worklist' })).toBeVisible();
  });

  test('settings: audit trail, a switch that can be undone, passphrase and reference set', async () => {
    const s = now();
    const { page } = s;
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await page.getByRole('button', { name: 'Verify the audit trail' }).click();
    await expect(page.getByText('The audit trail is whole').first()).toBeVisible();
    await s.checked('settings');
    await s.tabTo(/^Single-letter keys/);
    await page.keyboard.press('Space');
    await expect(page.getByRole('checkbox', { name: /^Single-letter keys/ })).not.toBeChecked();
    await expect.poll(async () => (await s.host('settings', {})).single_keys).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('checkbox', { name: /^Single-letter keys/ })).toBeChecked();
    await expect.poll(async () => (await s.host('settings', {})).single_keys).toBe(true);
    await page.getByRole('button', { name: 'Change passphrase…' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await s.checked('passphrase');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.getByRole('button', { name: 'New reference set…' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.getByRole('button', { name: 'Save reference set' }).click();
    await s.checked('reference-set');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('the sheet and the palette show what keys and actions there are', async () => {
    const s = now();
    const { page } = s;
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await s.checked('keys');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('Control+K');
    await expect(page.getByRole('dialog')).toBeVisible();
    await s.checked('palette');
    await page.keyboard.type('worklist');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Worklist' })).toBeVisible();
  });
}
