import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { double } from '../../test/double';
import { renderOver } from '../../test/render';
import { en } from '../../words';
import Setup from './Setup';
import Unlock from './Unlock';

const t = en.gate;
afterEach(() => vi.restoreAllMocks());

describe('unlock', () => {
  it('a wrong passphrase is said beside the field, which keeps the focus; the right one opens', async () => {
    const done = vi.fn();
    const made = double({ gate: 'locked' });
    const { user } = renderOver(made, <Unlock onDone={done} />);
    const field = await screen.findByLabelText(new RegExp(t.unlock.passphrase));
    await waitFor(() => expect(document.activeElement).toBe(field));
    await user.keyboard('not the one{Enter}');
    expect(await screen.findByText(t.unlock.wrong)).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(done).not.toHaveBeenCalled();
    // The field's text is selected: typing replaces the wrong attempt.
    const input = field as HTMLInputElement;
    await waitFor(() =>
      expect([input.selectionStart, input.selectionEnd]).toEqual([0, 'not the one'.length]),
    );
    await user.keyboard('correct horse battery{Enter}');
    await waitFor(() => expect(done).toHaveBeenCalledTimes(1));
    expect(made.calls.filter((call) => call.name === 'unlock').at(-1)?.input).toEqual({
      user: 'anna',
      passphrase: 'correct horse battery',
    });
  });

  it('asks nothing of the host for an empty passphrase', async () => {
    const made = double({ gate: 'locked' });
    const { user } = renderOver(made, <Unlock onDone={() => undefined} />);
    await screen.findByLabelText(new RegExp(t.unlock.passphrase));
    await user.keyboard('{Enter}');
    expect(await screen.findByText(t.unlock.missing)).toBeTruthy();
    expect(made.calls.some((call) => call.name === 'unlock')).toBe(false);
  });
});

describe('first run', () => {
  it('leads to the first wrong field, and shows the key once with a way on only after it is written down', async () => {
    const done = vi.fn();
    const made = double({ gate: 'set_up' });
    const { user } = renderOver(made, <Setup onDone={done} />);
    const login = screen.getByLabelText(new RegExp(t.setUp.user));
    await user.type(login, 'anna');
    await user.type(screen.getByLabelText(new RegExp(t.setUp.name)), 'Anna Example');
    await user.type(screen.getByLabelText(/^Passphrase required/), 'four words make it');
    await user.type(screen.getByLabelText(/^Passphrase again/), 'four words make');
    await user.click(screen.getByRole('button', { name: t.setUp.make }));
    expect(screen.getByText(t.setUp.againWrong)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText(/^Passphrase again/));
    expect(made.calls.some((call) => call.name === 'set_up')).toBe(false);

    await user.type(screen.getByLabelText(/^Passphrase again/), ' it');
    await user.click(screen.getByRole('button', { name: t.setUp.make }));
    expect(await screen.findByText(/K7QFD/)).toBeTruthy();
    const goOn = screen.getByRole('button', { name: t.recovery.goOn });
    expect((goOn as HTMLButtonElement).disabled).toBe(true);
    await user.click(screen.getByRole('checkbox'));
    expect((goOn as HTMLButtonElement).disabled).toBe(false);
    expect(done).not.toHaveBeenCalled();
    await user.click(goOn);
    await waitFor(() => expect(done).toHaveBeenCalledTimes(1));
  });
});
