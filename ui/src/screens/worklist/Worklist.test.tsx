import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { double, row, run, stage } from '../../test/double';
import { renderOver } from '../../test/render';
import { en } from '../../words';
import Worklist from './Worklist';

const t = en.worklist;

describe('worklist', () => {
  it('an empty store offers a new case and the demonstration', async () => {
    const made = double();
    const { user } = renderOver(made, <Worklist />);
    expect(await screen.findByText(t.empty.title)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: t.empty.demo }));
    await waitFor(() => expect(window.location.hash).toBe('#/case/case-DEMO-01/overview'));
  });

  it('counts states, filters by them, and says when nothing matches', async () => {
    const made = double({ cases: [row('S-1', 'called'), row('S-2', 'received'), row('S-3', 'called')] });
    const { user } = renderOver(made, <Worklist />);
    const called = await screen.findByRole('button', { name: `${t.state.called} 2` });
    await user.click(called);
    await waitFor(() => expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('3'));
    expect(made.calls.findLast((call) => call.name === 'cases')?.input).toMatchObject({ states: ['called'] });
    await user.click(screen.getByRole('button', { name: `${t.allStates} 3` }));
    await waitFor(() => expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('4'));
    await user.type(screen.getByLabelText(t.search), 'nobody');
    expect(await screen.findByText(t.noMatch.title, {}, { timeout: 3000 })).toBeTruthy();
  });

  it('asks the host once per search, not once per letter: a search is audited', async () => {
    const made = double({ cases: [row('S-1', 'called')] });
    const { user } = renderOver(made, <Worklist />);
    await screen.findByRole('grid');
    const before = made.calls.filter((call) => call.name === 'cases').length;
    await user.type(screen.getByLabelText(t.search), 'S-1');
    await waitFor(() =>
      expect(made.calls.findLast((call) => call.name === 'cases')?.input).toMatchObject({ search: 'S-1' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(made.calls.filter((call) => call.name === 'cases').length - before).toBe(1);
  });

  it('shows the percent of a run at work and marks SYNTHETIC and UNIDENTIFIED', async () => {
    const made = double({
      cases: [
        row('S-1', 'running', { patient: null, percent: 1 }),
        row('DEMO-01', 'called', { synthetic: true }),
      ],
      runs: [
        run('S-1', 'running', {
          stages: [stage('align', 'done'), stage('call', 'working', { percent: 50 })],
        }),
      ],
    });
    renderOver(made, <Worklist />);
    expect(await screen.findByText('Running 75 %')).toBeTruthy();
    expect(await screen.findByText(t.unidentified)).toBeTruthy();
    expect(await screen.findByText(t.synthetic)).toBeTruthy();
  });
});
