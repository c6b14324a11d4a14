import { useEffect, useRef } from 'react';
import type { RunView } from '../../api/types';
import { announce, Button, LinkButton, Mono, ProgressBar } from '../../components';
import { href } from '../../router';
import { dateTime, duration, useWords } from '../../words';
import { Stages } from './Stages';
import { presentStage, progress } from './view';

/** A run at work: where it is, what is done, what is left. */
export function RunCard({ run, onCancel }: { run: RunView; onCancel: () => void }) {
  const w = useWords();
  const t = w.queue;
  const present = presentStage(run);
  const at = present ? t.stageOf(present.at, run.stages.length, present.stage.words) : null;
  // Heard once per stage, not with every percent.
  const said = useRef(at);
  useEffect(() => {
    if (at !== null && said.current !== at) announce(`${run.sample}: ${at}`);
    said.current = at;
  }, [at, run.sample]);
  return (
    <article className="queue-run" aria-label={run.sample}>
      <header className="queue-head">
        <h3 className="queue-sample">
          <Mono size="l">{run.sample}</Mono>
        </h3>
        <span className="queue-when">
          {run.started ? `${t.column.started} ${dateTime(run.started)}` : null}
          {run.seconds !== null ? ` · ${t.soFar(duration(run.seconds))}` : null}
        </span>
        <span className="queue-row queue-end">
          <LinkButton href={href({ screen: 'case', caseId: run.case, tab: 'overview' })}>
            {t.openCase} <span className="reader-only">{run.sample}</span>
          </LinkButton>
          <Button variant="danger" onPress={onCancel} label={t.cancelOf(run.sample)}>
            {t.cancel}
          </Button>
        </span>
      </header>
      <ProgressBar label={t.overall(run.sample)} labelHidden value={progress(run)} note={at ?? undefined} />
      <Stages label={t.stages(run.sample)} stages={run.stages} />
      {run.notes.length > 0 ? (
        <details className="queue-notes">
          <summary>{t.notes}</summary>
          <ul>
            {run.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </article>
  );
}
