import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import { chord, SEQUENCE_MS, step } from './keys';
import { type ActionId, actionIds, actions } from './table';

export { ariaShortcuts, isSingle } from './keys';
export { type Action, type ActionId, actionIds, actions, type Scope } from './table';

type Handler = { id: ActionId; run: { current: () => void } };

let handlers: readonly Handler[] = [];
let singles = true;
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether single-character keys act (a setting of the person; WCAG 2.1.4). */
export const SingleKeysContext = createContext(true);

/** Whether single-character keys act. */
export function useSingleKeys(): boolean {
  return useContext(SingleKeysContext);
}

/**
 * Lets an action run while the component is mounted and `enabled`. Of two mounted handlers of one action the later
 * mounted acts: a drawer's Back goes before the screen's.
 */
export function useKey(id: ActionId, run: () => void, options: { enabled?: boolean } = {}): void {
  const { enabled = true } = options;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const handler: Handler = { id, run: latest };
    handlers = [...handlers, handler];
    changed();
    return () => {
      handlers = handlers.filter((other) => other !== handler);
      changed();
    };
  }, [id, enabled]);
}

let runnable: readonly ActionId[] = [];
let runnableOf: readonly Handler[] | undefined;

function runnableNow(): readonly ActionId[] {
  if (runnableOf !== handlers) {
    runnableOf = handlers;
    const ids = new Set(handlers.map((handler) => handler.id));
    runnable = actionIds.filter((id) => ids.has(id));
  }
  return runnable;
}

/** The actions that can run now, in the order of the table. */
export function useRunnable(): readonly ActionId[] {
  return useSyncExternalStore(subscribe, runnableNow);
}

/** Runs an action's newest handler; false where it has none now. */
export function runAction(id: ActionId): boolean {
  const handler = handlers.findLast((candidate) => candidate.id === id);
  handler?.run.current();
  return handler !== undefined;
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  ) {
    return true;
  }
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  );
}

let prefix = '';
let prefixAt = 0;

/** Acts on one key press of the window. Exported for tests; `useKeyboard` installs it. */
export function onKeyDown(event: KeyboardEvent): void {
  const pressed = chord(event);
  if (pressed === null || event.defaultPrevented || event.isComposing) return;
  // A field, a dialog or an open list owns its plain keys; combinations with Ctrl or Alt remain ours.
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const target = event.target instanceof Element ? event.target : null;
  if (plain && (isField(target) || target?.closest('[role="listbox"],[role="menu"]'))) return;
  if (document.querySelector('[data-modal]')) return;
  // Space and Enter belong to the control that has the focus.
  if ((pressed === 'Enter' || pressed === 'Space') && target?.closest('a,button,[role="button"],summary'))
    return;
  const now = event.timeStamp;
  const held = now - prefixAt <= SEQUENCE_MS ? prefix : '';
  const candidates = runnableNow()
    .filter((id) => actions[id].scope !== 'grid')
    .map((id) => ({ id, action: actions[id] }));
  const next = step(candidates, held, pressed, singles);
  prefix = 'wait' in next ? next.wait : '';
  prefixAt = now;
  if ('run' in next) {
    event.preventDefault();
    runAction(next.run);
  } else if ('wait' in next) {
    event.preventDefault();
  }
}

/** Installs the registry on the window; once, in the frame. */
export function useKeyboard(singleKeys: boolean): void {
  useEffect(() => {
    singles = singleKeys;
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [singleKeys]);
}
