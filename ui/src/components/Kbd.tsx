import { useWords } from '../words';

/** A key or a sequence of keys as a person reads it. */
export function Kbd({ keys }: { keys: string }) {
  const w = useWords();
  const names: Record<string, string> = w.keys.name;
  const shown = keys.split(' ').map((chord) =>
    chord
      .split('+')
      .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
      .join('+'),
  );
  return <kbd className="kbd">{shown.join(' ')}</kbd>;
}
