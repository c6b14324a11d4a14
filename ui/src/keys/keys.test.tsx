import { render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { en } from '../words';
import { useKey, useKeyboard } from '.';
import { ariaShortcuts, chord, conflicts, isSingle, step } from './keys';
import { type Action, actionIds, actions } from './table';

const event = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

function Probe({
  run,
  singles = true,
  enabled = true,
}: {
  run: () => void;
  singles?: boolean;
  enabled?: boolean;
}) {
  useKeyboard(singles);
  useKey('app.keys', run, { enabled });
  return (
    <>
      <input data-testid="field" />
      <div data-testid="place" />
    </>
  );
}

describe('the table', () => {
  it('has no conflict', () => expect(conflicts(actions)).toEqual([]));
  it('names every action', () => {
    for (const id of actionIds) expect(actions[id].label(en), id).not.toBe('');
  });
  it('gives the five classes the digits', () => {
    expect(
      [1, 2, 3, 4, 5].map((digit) => actions[`variants.class${digit}` as 'variants.class1'].keys),
    ).toEqual([['1'], ['2'], ['3'], ['4'], ['5']]);
  });
  it('finds a conflict where there is one', () => {
    const label = () => 'x';
    const bad: Record<string, Action> = {
      a: { keys: ['g'], scope: 'app', label },
      b: { keys: ['g w'], scope: 'queue', label },
      c: { keys: ['x'], scope: 'variants', label },
      d: { keys: ['x'], scope: 'case', label },
      e: { keys: ['y'], scope: 'queue', label },
      f: { keys: ['y'], scope: 'worklist', label },
    };
    expect(conflicts(bad)).toHaveLength(2);
  });
});

describe('chord', () => {
  it.each([
    [event('a'), 'a'],
    [event('A', { shiftKey: true }), 'Shift+A'],
    [event('?', { shiftKey: true }), '?'],
    [event('k', { ctrlKey: true }), 'Ctrl+K'],
    [event('k', { metaKey: true }), 'Ctrl+K'],
    [event(' '), 'Space'],
    [event('Enter', { shiftKey: true }), 'Shift+Enter'],
    [event('Shift', { shiftKey: true }), null],
  ])('%o is %s', (pressed, want) => expect(chord(pressed)).toBe(want));
});

describe('step', () => {
  const all = actionIds.map((id) => ({ id, action: actions[id] as Action }));
  it('waits for the second key of a sequence', () => {
    expect(step(all, '', 'g', true)).toEqual({ wait: 'g' });
    expect(step(all, 'g', 'w', true)).toEqual({ run: 'go.worklist' });
  });
  it('takes a key for itself when it continues nothing', () =>
    expect(step(all, 'g', '?', true)).toEqual({ run: 'app.keys' }));
  it('keeps only combinations when single keys are off', () => {
    expect(step(all, '', '?', false)).toEqual({ none: true });
    expect(step(all, '', 'g', false)).toEqual({ none: true });
    expect(step(all, '', 'Ctrl+K', false)).toEqual({ run: 'app.palette' });
    expect(isSingle('g w')).toBe(true);
    expect(ariaShortcuts(actions['app.lock'], false)).toBe('Control+L');
    expect(ariaShortcuts(actions['app.keys'], false)).toBeUndefined();
  });
});

describe('the keyboard', () => {
  const press = (target: Element, key: string, more: KeyboardEventInit = {}) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  afterEach(() => document.querySelector('[data-modal]')?.remove());

  it('runs the action of a mounted screen, once', () => {
    const run = vi.fn();
    const { getByTestId, unmount } = render(<Probe run={run} />);
    press(getByTestId('place'), '?', { shiftKey: true });
    expect(run).toHaveBeenCalledTimes(1);
    unmount();
    press(document.body, '?');
    expect(run).toHaveBeenCalledTimes(1);
  });
  it('leaves a field, a dialog and a switched-off key alone', () => {
    const run = vi.fn();
    const { getByTestId, rerender } = render(<Probe run={run} />);
    press(getByTestId('field'), '?');
    rerender(<Probe run={run} singles={false} />);
    press(getByTestId('place'), '?');
    rerender(<Probe run={run} enabled={false} />);
    press(getByTestId('place'), '?');
    rerender(<Probe run={run} />);
    const modal = document.createElement('div');
    modal.dataset.modal = '';
    document.body.append(modal);
    press(getByTestId('place'), '?');
    expect(run).not.toHaveBeenCalled();
  });
});
