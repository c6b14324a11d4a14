import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { double, run, stage } from '../../test/double';
import { renderOver } from '../../test/render';
import { en } from '../../words';
import Queue from './Queue';

const t = en.queue;

function full() {
  return double({
    runs: [
      run('S-1', 'running', {
        started: '2026-11-21T09:00:00Z',
        seconds: 70,
        stages: [
          stage('align', 'resumed'),
          stage('call', 'working', { percent: 40, seconds_left: 125 }),
          stage('report', 'waiting'),
        ],
      }),
      run('S-2', 'queued', { place: 1 }),
      run('S-3', 'queued', { place: 2 }),
      run('S-4', 'failed', {
        ended: '2026-11-21T08:00:00Z',
        stages: [stage('align', 'failed')],
        error: {
          code: 'invalid_input',
          message: 'A FASTQ record has no quality line',
          place: 'R1.fastq.gz:1201',
          hint: 'Copy the file again.',
        },
      }),
    ],
  });
}

describe('queue', () => {
  it('tells each stage of the run at work by word, percent and time left', async () => {
    renderOver(full(), <Queue />);
    const stages = await screen.findByRole('list', { name: t.stages('S-1') });
    const lines = within(stages)
      .getAllByRole('listitem')
      .map((line) => line.textContent);
    expect(lines[0]).toContain(t.stageState.resumed);
    expect(lines[1]).toContain('working, 40 %, about 2 min 5 s left');
    expect(lines[2]).toContain(t.stageState.waiting);
  });

  it('moves a waiting run by a button, and the ends cannot go further', async () => {
    const made = full();
    const { user } = renderOver(made, <Queue />);
    const up = await screen.findByRole('button', { name: t.upOf('S-2') });
    expect((up as HTMLButtonElement).disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: t.upOf('S-3') }));
    await waitFor(() =>
      expect(made.calls.find((call) => call.name === 'move_run')?.input).toEqual({ run: 'S-3', place: 1 }),
    );
    await waitFor(() =>
      expect((screen.getByRole('button', { name: t.upOf('S-3') }) as HTMLButtonElement).disabled).toBe(true),
    );
  });

  it('cancels only after a question that starts on Cancel', async () => {
    const made = full();
    const { user } = renderOver(made, <Queue />);
    await user.click(await screen.findByRole('button', { name: t.cancelOf('S-1') }));
    const dialog = await screen.findByRole('alertdialog', { name: t.cancelTitle });
    expect(document.activeElement?.textContent).toContain(en.common.cancel);
    expect(made.calls.some((call) => call.name === 'cancel_run')).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: t.cancelConfirm }));
    await waitFor(() => expect(made.calls.some((call) => call.name === 'cancel_run')).toBe(true));
  });

  it('a failure says what, where and what to do, and can be resumed', async () => {
    const made = full();
    const { user } = renderOver(made, <Queue />);
    expect(await screen.findByText('A FASTQ record has no quality line')).toBeTruthy();
    expect(screen.getByText(/Align reads · R1\.fastq\.gz:1201/)).toBeTruthy();
    expect(screen.getByText('Copy the file again.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: t.resumeOf('S-4') }));
    await waitFor(() =>
      expect(made.calls.find((call) => call.name === 'resume_run')?.input).toEqual({ run: 'S-4' }),
    );
  });

  it('says that nothing was run yet', async () => {
    renderOver(double(), <Queue />);
    expect(await screen.findByText(t.empty.title)).toBeTruthy();
  });
});
