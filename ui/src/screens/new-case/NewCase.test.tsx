import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { NewCaseInput } from '../../api/types';
import { double, row } from '../../test/double';
import { renderOver } from '../../test/render';
import { en } from '../../words';
import NewCase from './NewCase';

const t = en.newCase;
const label = (text: string) => new RegExp(`^${text.replace(/[()]/g, '\\$&')}`);

/** Puts a text into a field at once. */
function fill(field: HTMLElement, text: string) {
  fireEvent.change(field, { target: { value: text } });
}

function sent(made: ReturnType<typeof double>): NewCaseInput | undefined {
  return made.calls.findLast((call) => call.name === 'new_case')?.input as NewCaseInput | undefined;
}

describe('new case', () => {
  it('saves an UNIDENTIFIED case only when that was chosen, without anything of the order', async () => {
    const made = double();
    const { user } = renderOver(made, <NewCase />);
    fill(screen.getByLabelText(label(t.files.paths)), '/data/S1_R1.fastq.gz\n/data/S1_R2.fastq.gz');
    await user.click(screen.getByRole('button', { name: t.files.addLabel }));
    expect(await screen.findByText('/data/S1_R2.fastq.gz')).toBeTruthy();
    expect((screen.getByLabelText(label(t.sample.accession)) as HTMLInputElement).value).toBe('LAB-26-0117');
    fill(document.querySelector('[data-field="given"] input') as HTMLElement, 'Someone');
    await user.click(screen.getByLabelText(new RegExp(t.identity.unidentified)));
    expect(screen.getByText(t.identity.unidentifiedTitle)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: label(t.saveAndRun) }));
    await waitFor(() => expect(sent(made)).toBeDefined());
    expect(sent(made)).toMatchObject({
      sample: 'LAB-26-0117',
      order: null,
      reference_set: 'demo',
      start: true,
    });
    expect(JSON.stringify(sent(made))).not.toContain('Someone');
    await waitFor(() => expect(window.location.hash).toBe('#/queue'));
  });

  it('keeps everything typed when the host refuses, and says it beside the field', async () => {
    const made = double({ cases: [row('LAB-26-0117', 'called')] });
    const { user } = renderOver(made, <NewCase />);
    fill(screen.getByLabelText(label(t.files.paths)), '/data/S1_R1.fastq.gz');
    await user.click(screen.getByRole('button', { name: t.files.addLabel }));
    await screen.findByText('/data/S1_R1.fastq.gz');
    await user.click(screen.getByLabelText(new RegExp(t.identity.unidentified)));
    await user.click(screen.getByRole('button', { name: /^Save(?! and)/ }));
    expect(await screen.findByText(t.notSaved)).toBeTruthy();
    const accession = screen.getByLabelText(label(t.sample.accession)) as HTMLInputElement;
    expect(accession.value).toBe('LAB-26-0117');
    expect(accession.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('/data/S1_R1.fastq.gz')).toBeTruthy();
  });

  it('asks before it is left by Escape, and the form is there again when the person comes back', async () => {
    const made = double();
    const first = renderOver(made, <NewCase />);
    fill(screen.getByLabelText(label(t.sample.accession)), 'S-77');
    await first.user.keyboard('{Escape}');
    const dialog = await screen.findByRole('dialog', { name: t.leave.title });
    await first.user.click(within(dialog).getByRole('button', { name: t.leave.keep }));
    await waitFor(() => expect(window.location.hash).toBe('#/worklist'));
  });
});
