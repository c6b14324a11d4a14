import { useEffect, useRef, useState } from 'react';
import { announce, Button, Checkbox, Mono } from '../../components';
import { dateTime, useWords } from '../../words';
import { GateFrame } from './GateFrame';

/** Shows the recovery key, once. It is in no state but this component's, and goes with it. */
export function RecoveryKey({
  recoveryKey,
  store,
  onDone,
}: {
  recoveryKey: string;
  store: string;
  onDone: () => void;
}) {
  const w = useWords();
  const t = w.gate.recovery;
  const [written, setWritten] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const copied = useRef(false);
  const [made] = useState(() => new Date().toISOString());
  const keyText = useRef<HTMLDivElement>(null);

  // The page has changed under the person: the reader starts at the key, not at the vanished button.
  useEffect(() => keyText.current?.focus(), []);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(recoveryKey);
      copied.current = true;
      setNote(t.copied);
      announce(t.copied);
    } catch {
      setNote(t.copyFailed);
      announce(t.copyFailed);
    }
  };

  const goOn = async () => {
    // The key opens every record: it must not lie in the clipboard for the next paste.
    if (copied.current) await navigator.clipboard.writeText('').catch(() => undefined);
    onDone();
  };

  return (
    <GateFrame title={t.title} wide>
      <p className="gate-intro">{t.intro}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: focus lands on the key when the page changes */}
      <div className="gate-key" role="group" aria-label={t.key} tabIndex={0} ref={keyText}>
        <Mono size="l">{recoveryKey}</Mono>
      </div>
      <dl className="gate-print">
        <dt>{t.printTitle}</dt>
        <dd>{t.printNote}</dd>
        <dt>{t.printStore}</dt>
        <dd>{store}</dd>
        <dt>{t.printMade}</dt>
        <dd>{dateTime(made)}</dd>
      </dl>
      <div className="gate-row">
        <Button onPress={copy}>{t.copy}</Button>
        <Button onPress={() => window.print()}>{t.print}</Button>
        <span className="gate-note">{note}</span>
      </div>
      <Checkbox isSelected={written} onChange={setWritten} description={t.doneNote}>
        {t.done}
      </Checkbox>
      <div className="gate-actions">
        <Button variant="primary" isDisabled={!written} onPress={goOn}>
          {t.goOn}
        </Button>
        <span className="gate-note">{t.open}</span>
      </div>
    </GateFrame>
  );
}
