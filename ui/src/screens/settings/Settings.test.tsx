import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { double, Refusal } from '../../test/double';
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

  it('shows what is installed, that a newer release is out, and asks before an install', async () => {
    const r = en.releases;
    const made = double({
      more: {
        install_release: () => {
          throw new Refusal('wrong_state', 'other work on the data releases goes on');
        },
      },
    });
    const { user } = renderOver(made, <Settings />);
    expect(await screen.findByText(r.outdated('20260308'))).toBeTruthy();
    expect(screen.getByText(new RegExp(r.cases(2)))).toBeTruthy();
    // Two cases use it: it cannot be removed.
    expect(screen.queryByRole('button', { name: r.removeOf('ClinVar', '20260226') })).toBeNull();
    await user.click(screen.getByRole('button', { name: r.installOf('gnomAD sites') }));
    const dialog = await screen.findByRole('dialog', { name: r.installTitle('gnomAD sites') });
    await user.click(within(dialog).getByRole('button', { name: r.start }));
    expect(await within(dialog).findByText(r.pathMissing)).toBeTruthy();
    expect(made.calls.some((call) => call.name === 'install_release')).toBe(false);
    await user.type(within(dialog).getByLabelText(new RegExp(`^${r.path}`)), '/mnt/disk/gnomad');
    await user.type(within(dialog).getByLabelText(new RegExp(`^${r.release}`)), '4.1');
    await user.click(within(dialog).getByRole('button', { name: r.start }));
    await waitFor(() =>
      expect(made.calls.find((call) => call.name === 'install_release')?.input).toEqual({
        source: 'gnomad-sites',
        release: '4.1',
        from: '/mnt/disk/gnomad',
      }),
    );
    expect(await within(dialog).findByText('other work on the data releases goes on')).toBeTruthy();
  });

  it('tells the verdict on the audit trail', async () => {
    const { user } = renderOver(double(), <Settings />);
    await user.click(await screen.findByRole('button', { name: t.verify }));
    expect((await screen.findAllByText(t.intact)).length).toBeGreaterThan(0);
    expect(screen.getByText(t.rows(1204))).toBeTruthy();
  });
});
