import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { double } from '../../../test/double';
import { renderOver } from '../../../test/render';
import { review } from '../../../test/review';
import { en } from '../../../words';
import Quality from '../Quality';

const q = en.quality;

it('a failed check of identity withholds the report until it is waived with a reason, and again after', async () => {
  const made = double({ more: review() });
  const { user } = renderOver(made, <Quality caseId="case-DEMO-01" />);
  expect(await screen.findByText(q.withheldTitle)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: q.waive('Sex') }));
  await user.click(await screen.findByRole('button', { name: q.waiveConfirm }));
  expect(await screen.findByText(q.waiveReasonMissing)).toBeTruthy();
  expect(made.calls.some((call) => call.name === 'waive')).toBe(false);
  await user.type(
    screen.getByRole('textbox', { name: new RegExp(q.waiveReason.slice(0, 20)) }),
    'donor marrow',
  );
  await user.click(screen.getByRole('button', { name: q.waiveConfirm }));
  await waitFor(() =>
    expect(made.calls.find((call) => call.name === 'waive')?.input).toEqual({
      case: 'case-DEMO-01',
      check: 'Sex',
      reason: 'donor marrow',
    }),
  );
  await waitFor(() => expect(screen.queryByText(q.withheldTitle)).toBeNull());
  expect(screen.getByText('donor marrow')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: q.unwaive }));
  await user.type(await screen.findByRole('textbox', { name: new RegExp(q.reason) }), 'wrong donor');
  await user.click(screen.getByRole('button', { name: q.unwaiveConfirm }));
  expect(await screen.findByText(q.withheldTitle)).toBeTruthy();
});
