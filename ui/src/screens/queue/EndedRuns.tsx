import type { RunView } from '../../api/types';
import { Button, FactList, LinkButton, Mono, Tag } from '../../components';
import { href } from '../../router';
import { dateTime, duration, useWords } from '../../words';
import { presentStage } from './view';

/** Runs that ended, newest first; a failure says what, where and what to do. */
export function EndedRuns({
  runs,
  canResume,
  isPending,
  onResume,
}: {
  runs: readonly RunView[];
  canResume: (run: RunView) => boolean;
  isPending: boolean;
  onResume: (run: RunView) => void;
}) {
  const t = useWords().queue;
  return (
    <ul className="queue-ended">
      {runs.map((run) => {
        const stage = run.state === 'done' ? null : presentStage(run);
        return (
          <li key={run.id} className="queue-over">
            <div className="queue-head">
              <Mono>{run.sample}</Mono>
              <Tag tone={run.state === 'failed' ? 'fail' : run.state === 'done' ? 'pass' : 'warn'}>
                {t.runState[run.state]}
              </Tag>
              <span className="queue-when">
                {run.ended ? dateTime(run.ended) : null}
                {run.seconds !== null ? ` · ${t.took(duration(run.seconds))}` : null}
              </span>
              <span className="queue-row queue-end">
                <LinkButton href={href({ screen: 'case', caseId: run.case, tab: 'overview' })}>
                  {t.openCase} <span className="reader-only">{run.sample}</span>
                </LinkButton>
                {canResume(run) ? (
                  <Button onPress={() => onResume(run)} isDisabled={isPending} label={t.resumeOf(run.sample)}>
                    {t.resume}
                  </Button>
                ) : null}
              </span>
            </div>
            {run.state === 'interrupted' ? <p className="queue-why">{t.interruptedNote}</p> : null}
            {run.state === 'cancelled' ? <p className="queue-why">{t.cancelledNote}</p> : null}
            {run.error && run.state === 'failed' ? (
              <FactList
                facts={[
                  { term: t.what, value: run.error.message },
                  {
                    term: t.where,
                    value: [stage?.stage.words, run.error.place].filter(Boolean).join(' · ') || t.noPlace,
                  },
                  { term: t.whatToDo, value: run.error.hint ?? t.noHint },
                ]}
              />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
