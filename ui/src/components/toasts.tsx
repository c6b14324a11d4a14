import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useWords } from '../words';
import { Button } from './Button';
import { classes } from './classes';

/** A short message; `undo` adds a button that takes the thing back. */
export type Toast = { text: string; undo?: () => void; tone?: 'plain' | 'fail' };
type Shown = Toast & { id: number };

const ToastsContext = createContext<{ show: (toast: Toast) => void }>({ show: () => {} });

/** Shows short messages at the foot of the window. */
export function useToasts(): { show: (toast: Toast) => void } {
  return useContext(ToastsContext);
}

/** Milliseconds a message stays; one with Undo stays three times as long, and none goes while it holds the focus. */
const STAY_MS = 8_000;

function ToastView({ toast, onGone }: { toast: Shown; onGone: (id: number) => void }) {
  const w = useWords();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.tone === 'fail') return;
    const timer = window.setTimeout(() => onGone(toast.id), toast.undo ? STAY_MS * 3 : STAY_MS);
    return () => window.clearTimeout(timer);
  }, [held, toast, onGone]);
  return (
    <li
      className={classes('toast', toast.tone === 'fail' && 'toast-fail')}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.undo ? (
        <Button
          onPress={() => {
            toast.undo?.();
            onGone(toast.id);
          }}
        >
          {w.common.undo}
        </Button>
      ) : null}
      <Button variant="quiet" onPress={() => onGone(toast.id)}>
        {w.common.dismiss}
      </Button>
    </li>
  );
}

/** Holds the messages; once, around the frame. */
export function Toasts({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(1);
  const gone = useCallback((id: number) => setShown((list) => list.filter((toast) => toast.id !== id)), []);
  const value = useMemo(
    () => ({
      show: (toast: Toast) => {
        const id = next.current++;
        // Three at most: more would cover the work.
        setShown((list) => [...list.slice(-2), { ...toast, id }]);
        announce(toast.text);
      },
    }),
    [],
  );
  return (
    <ToastsContext.Provider value={value}>
      {children}
      <ul className="toasts">
        {shown.map((toast) => (
          <ToastView key={toast.id} toast={toast} onGone={gone} />
        ))}
      </ul>
    </ToastsContext.Provider>
  );
}

let speak: (text: string) => void = () => {};

/** Says a text through the polite live region; the newest replaces what was not yet said. */
export function announce(text: string): void {
  speak(text);
}

/** The live region; once, in the frame. */
export function LiveRegion() {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer = 0;
    speak = (next) => {
      window.clearTimeout(timer);
      // A held arrow key must not queue a hundred sentences.
      timer = window.setTimeout(() => setText(next), 150);
    };
    return () => {
      window.clearTimeout(timer);
      speak = () => {};
    };
  }, []);
  return (
    <div className="reader-only" role="status" aria-live="polite">
      {text}
    </div>
  );
}
