import type { Action, ActionId, Scope } from './table';

const CASE_PAGES: readonly Scope[] = ['overview', 'quality', 'variants', 'report', 'history'];

/** Whether two scopes can be in force at once. */
export function overlap(a: Scope, b: Scope): boolean {
  if (a === b || a === 'app' || b === 'app' || a === 'grid' || b === 'grid') return true;
  return (a === 'case' && CASE_PAGES.includes(b)) || (b === 'case' && CASE_PAGES.includes(a));
}

/**
 * Keys that two actions claim where both can act, or where one key is the start of another's sequence.
 * Empty in a sound table.
 */
export function conflicts(table: Readonly<Record<string, Action>>): string[] {
  const claims = Object.entries(table).flatMap(([id, action]) =>
    action.keys.map((key) => ({ id, key, scope: action.scope })),
  );
  const found: string[] = [];
  claims.forEach((a, index) => {
    for (const b of claims.slice(index + 1)) {
      const same = a.key === b.key || a.key.startsWith(`${b.key} `) || b.key.startsWith(`${a.key} `);
      if (same && overlap(a.scope, b.scope)) found.push(`${a.id} and ${b.id}: ${a.key}, ${b.key}`);
    }
  });
  return found;
}

/** Whether a key is a single character, alone or in a sequence (WCAG 2.1.4: these can be switched off). */
export function isSingle(key: string): boolean {
  return key.split(' ').every((part) => [...part].length === 1);
}

/** The part of a keyboard event that says which key it was. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * An event in the words of the table, or null for a bare modifier. Shift counts where the character does not
 * already show it: `?` stays `?`, `Shift+A` is told from `a`, `Shift+Enter` from `Enter`.
 */
export function chord(event: Pressed): string | null {
  if (
    ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(event.key)
  ) {
    return null;
  }
  const control = event.ctrlKey || event.metaKey;
  let key = event.key === ' ' ? 'Space' : event.key;
  const letter = /^\p{L}$/u.test(key);
  if (letter) key = control || event.shiftKey ? key.toUpperCase() : key.toLowerCase();
  const shift = event.shiftKey && (letter || [...key].length > 1);
  return `${control ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** Milliseconds in which the second key of a sequence must come. */
export const SEQUENCE_MS = 1_500;

/** What a key press means among the actions that can run now. */
export type Step = { run: ActionId } | { wait: string } | { none: true };

/** Resolves a chord after `prefix` (the first key of a sequence, or empty). */
export function step(
  candidates: readonly { id: ActionId; action: Action }[],
  prefix: string,
  pressed: string,
  singles: boolean,
): Step {
  const full = prefix === '' ? pressed : `${prefix} ${pressed}`;
  const allowed = (key: string) => singles || !isSingle(key);
  for (const { id, action } of candidates) {
    if (action.keys.some((key) => key === full && allowed(key))) return { run: id };
  }
  if (
    candidates.some(({ action }) => action.keys.some((key) => key.startsWith(`${full} `) && allowed(key)))
  ) {
    return { wait: full };
  }
  return prefix === '' ? { none: true } : step(candidates, '', pressed, singles);
}

/** `aria-keyshortcuts` of an action, or nothing where it has none that acts. Sequences have no notation there. */
export function ariaShortcuts(action: Action, singles: boolean): string | undefined {
  const keys = action.keys.filter((key) => !key.includes(' ') && (singles || !isSingle(key)));
  return keys.length === 0 ? undefined : keys.map((key) => key.replace('Ctrl+', 'Control+')).join(' ');
}
