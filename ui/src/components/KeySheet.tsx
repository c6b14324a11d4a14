import { useEffect, useMemo, useRef, useState } from 'react';
import {
  type ActionId,
  actionIds,
  actions,
  isSingle,
  runAction,
  type Scope,
  useRunnable,
  useSingleKeys,
} from '../keys';
import { useWords } from '../words';
import { classes } from './classes';
import { Kbd } from './Kbd';
import { Dialog } from './overlays';
import { Notice } from './states';

/** Every key of the application, by where it acts; made from the key table. */
export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const w = useWords();
  const singles = useSingleKeys();
  const scopes = Object.keys(w.keys.scope) as Scope[];
  return (
    <Dialog title={w.common.sheet.title} isOpen={isOpen} onClose={onClose} width="l">
      {singles ? null : <Notice tone="plain" title={w.common.sheet.singleOff} />}
      <div className="sheet">
        {scopes.map((scope) => {
          const ids = actionIds.filter((id) => actions[id].scope === scope);
          if (ids.length === 0) return null;
          return (
            <section key={scope} aria-label={w.keys.scope[scope]}>
              <h3>{w.keys.scope[scope]}</h3>
              <dl className="sheet-keys">
                {ids.map((id) => (
                  <div key={id}>
                    <dt>
                      {actions[id].keys.map((key) => (
                        <span key={key} className={classes(!singles && isSingle(key) && 'key-off')}>
                          <Kbd keys={key} />
                        </span>
                      ))}
                    </dt>
                    <dd>{actions[id].label(w)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

/** The actions that can run now, found by a word. */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const w = useWords();
  return (
    <Dialog title={w.common.sheet.palette} isOpen={isOpen} onClose={onClose}>
      {isOpen ? <PaletteList onClose={onClose} /> : null}
    </Dialog>
  );
}

function PaletteList({ onClose }: { onClose: () => void }) {
  const w = useWords();
  const runnable = useRunnable();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const matches = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return runnable.filter((id) => {
      const action = actions[id];
      const name = `${action.label(w)} ${w.keys.scope[action.scope]}`.toLowerCase();
      return !action.hidden && name.includes(wanted);
    });
  }, [text, runnable, w]);
  const current = matches[Math.min(at, matches.length - 1)];
  const run = (id: ActionId | undefined) => {
    if (id === undefined) return;
    onClose();
    // After the dialog has given the focus back, so that the action may move it.
    window.setTimeout(() => runAction(id), 0);
  };
  return (
    <div className="palette">
      <input
        ref={input}
        className="input"
        role="combobox"
        aria-label={w.common.sheet.search}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={current ? `palette-${current}` : undefined}
        placeholder={w.common.sheet.paletteHint}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const delta = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (delta !== 0) {
            event.preventDefault();
            setAt((now) => Math.max(0, Math.min(matches.length - 1, now + delta)));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            run(current);
          }
        }}
      />
      {matches.length === 0 ? <p className="list-empty">{w.common.noMatch}</p> : null}
      <div id="palette-list" role="listbox" aria-label={w.common.sheet.palette} className="palette-list">
        {matches.map((id) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus
          <div
            key={id}
            id={`palette-${id}`}
            role="option"
            aria-selected={id === current}
            className={classes('list-item', 'palette-item', id === current && 'palette-on')}
            onClick={() => run(id)}
          >
            <span>
              {actions[id].label(w)}
              <span className="list-note"> {w.keys.scope[actions[id].scope]}</span>
            </span>
            {actions[id].keys[0] ? <Kbd keys={actions[id].keys[0]} /> : null}
          </div>
        ))}
      </div>
    </div>
  );
}
