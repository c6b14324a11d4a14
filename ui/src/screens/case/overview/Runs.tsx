import type { RunView } from '../../../api/types';
import { EmptyState, ErrorState, Section, Tag } from '../../../components';
import { dateTime, duration, useWords } from '../../../words';
import { Stages } from '../../queue/Stages';
import '../../queue/queue.css';

/** Runs of the case, newest first, with their stages; live while one is at work. */
export function Runs({ runs }: { runs: readonly RunView[] }) {
  const w = useWords();
  const o = w.overview;
  const [newest, ...older] = runs;
  return (
    <Section title={o.runs}>
      {newest === undefined ? <EmptyState title={o.noRuns} text={o.noRunsText} /> : <Run run={newest} />}
      {older.length > 0 ? (
        <details className="case-older">
          <summary>{o.olderRuns(older.length)}</summary>
          {older.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </details>
      ) : null}
    </Section>
  );
}

function Run({ run }: { run: RunView }) {
  const w = useWords();
  const o = w.overview;
  const bad = run.state === 'failed' || run.state === 'interrupted';
  const title = o.run(dateTime(run.started ?? run.asked));
  return (
    <article className="case-run" aria-label={title}>
      <p className="case-run-head">
        <strong>{title}</strong>
        <Tag
          tone={bad ? 'fail' : run.state === 'done' ? 'pass' : run.state === 'running' ? 'accent' : 'plain'}
        >
          {o.runStates[run.state]}
        </Tag>
        {run.seconds === null ? null : <span className="case-soft">{o.took(duration(run.seconds))}</span>}
      </p>
      {run.error ? <ErrorState error={run.error} /> : null}
      <Stages label={o.stages} stages={run.stages} />
      {run.notes.length > 0 ? (
        <details className="case-older">
          <summary>{o.notes}</summary>
          <ul className="case-list">
            {run.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </article>
  );
}
