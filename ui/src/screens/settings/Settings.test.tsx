import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { double } from '../../test/double';
import { renderOver } from '../../test/render';
import { en } from '../../words';
import Settings from './Settings';

const t = en.settings;

describe('settings', () => {
  it('refuses a lock time out of range without asking the host, and saves a good one', async () => {
    const made = double();
    const { user } = renderOver(made, <Settings />);
    const minutes = (await screen.findByLabelText(t.lockMinutes)) as HTMLInputElement;
    await user.clear(minutes);
    await user.type(minutes, '500');
    await user.click(screen.getByRole('button', { name: t.save }));
    expect(await screen.findByText(t.lockMinutesWrong)).toBeTruthy();
    expect(made.calls.some((call) => call.name === 'set_settings')).toBe(false);
    await user.clear(minutes);
    await user.type(minutes, '5');
    await user.click(screen.getByRole('button', { name: t.save }));
    await waitFor(() =>
      expect(made.calls.find((call) => call.name === 'set_settings')?.input).toMatchObject({
        lock_minutes: 5,
      }),
    );
  });

  it('a switch saves at once and can be undone', async () => {
    const made = double();
    const { user } = renderOver(made, <Settings />);
    await user.click(await screen.findByLabelText(new RegExp(t.singleKeys)));
    await screen.findAllByText(t.singleKeysOff);
    expect(made.calls.findLast((call) => call.name === 'set_settings')?.input).toMatchObject({
      single_keys: false,
    });
    await user.click(screen.getByRole('button', { name: en.common.undo }));
    await waitFor(() =>
      expect(made.calls.findLast((call) => call.name === 'set_settings')?.input).toMatchObject({
        single_keys: true,
      }),
    );
  });

  it('says a wrong present passphrase beside its field', async () => {
    const { user } = renderOver(double(), <Settings />);
    await user.click(await screen.findByRole('button', { name: t.changePassphrase }));
    const dialog = await screen.findByRole('dialog', { name: t.changeTitle });
    await user.type(within(dialog).getByLabelText(new RegExp(`^${t.oldPassphrase}`)), 'wrong one');
    await user.type(within(dialog).getByLabelText(/^New passphrase required/), 'another horse battery');
    await user.type(within(dialog).getByLabelText(/^New passphrase again/), 'another horse battery');
    await user.click(within(dialog).getByRole('button', { name: t.change }));
    expect(await within(dialog).findByText(t.oldWrong)).toBeTruthy();
  });

  it('tells the verdict on the audit trail', async () => {
    const { user } = renderOver(double(), <Settings />);
    await user.click(await screen.findByRole('button', { name: t.verify }));
    expect((await screen.findAllByText(t.intact)).length).toBeGreaterThan(0);
    expect(screen.getByText(t.rows(1204))).toBeTruthy();
  });
});
