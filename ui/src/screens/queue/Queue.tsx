import { useState } from 'react';
import { useAction, useOperation } from '../../api/hooks';
import type { QueueView, RunView } from '../../api/types';
import {
  Await,
  announce,
  ConfirmDialog,
  EmptyState,
  ErrorState,
  LinkButton,
  Screen,
  Section,
  useToasts,
} from '../../components';
import { useKey } from '../../keys';
import { href, navigate } from '../../router';
import { useWords } from '../../words';
import { isAtWork } from '../worklist/query';
import { EndedRuns } from './EndedRuns';
import { RunCard } from './RunCard';
import { movedPlace, parts, resumable } from './view';
import { WaitingRuns } from './WaitingRuns';
import './queue.css';

/** Runs at work, in order of waiting, and ended ones; follows the host while anything is at work. */
export default function Queue() {
  const w = useWords();
  const t = w.queue;
  useKey('screen.back', () => navigate({ screen: 'worklist' }));
  const queue = useOperation(
    'queue',
    {},
    { pollMs: (data) => (data && isAtWork(data.runs) ? 1000 : 10_000) },
  );
  return (
    <Screen title={t.title} note={t.note}>
      <Await query={queue}>{(data) => <QueueParts view={data} />}</Await>
    </Screen>
  );
}

/** What the queue holds. Exported for tests. */
export function QueueParts({ view }: { view: QueueView }) {
  const w = useWords();
  const t = w.queue;
  const toasts = useToasts();
  const [asked, setAsked] = useState<RunView | null>(null);
  const changes = ['queue', 'cases', 'case'] as const;
  const cancel = useAction('cancel_run', {
    invalidates: changes,
    onSuccess: (run) => {
      setAsked(null);
      toasts.show({ text: t.cancelled(run.sample) });
    },
  });
  const resume = useAction('resume_run', {
    invalidates: changes,
    onSuccess: (run) => toasts.show({ text: t.resumed(run.sample) }),
  });
  const move = useAction('move_run', { invalidates: changes });

  const { running, waiting, ended } = parts(view.runs);
  const newest = resumable(view.runs);

  const moveBy = (run: RunView, by: -1 | 1) => {
    const place = movedPlace(waiting, run.id, by);
    if (place === null) return;
    move.mutate({ run: run.id, place }, { onSuccess: () => announce(t.moved(run.sample, place)) });
  };

  if (view.runs.length === 0) {
    return (
      <EmptyState
        title={t.empty.title}
        text={t.empty.text}
        action={
          <div className="queue-row">
            <LinkButton href={href({ screen: 'new' })}>{t.empty.newCase}</LinkButton>
            <LinkButton href={href({ screen: 'worklist' })}>{t.empty.worklist}</LinkButton>
          </div>
        }
      />
    );
  }
  const error = resume.error ?? move.error;
  return (
    <div className="queue">
      {error ? <ErrorState error={error} title={t.actionFailed} /> : null}
      <Section title={t.running}>
        {running.length === 0 ? (
          <p className="queue-none">{t.nothingRuns}</p>
        ) : (
          running.map((run) => <RunCard key={run.id} run={run} onCancel={() => setAsked(run)} />)
        )}
      </Section>
      <Section title={t.waiting}>
        {waiting.length === 0 ? (
          <p className="queue-none">{t.nothingWaits}</p>
        ) : (
          <WaitingRuns runs={waiting} isPending={move.isPending} onMove={moveBy} onCancel={setAsked} />
        )}
      </Section>
      {ended.length > 0 ? (
        <Section title={t.ended} note={t.endedNote}>
          <EndedRuns
            runs={ended}
            canResume={(run) => newest.has(run.id)}
            isPending={resume.isPending}
            onResume={(run) => resume.mutate({ run: run.id })}
          />
        </Section>
      ) : null}
      <ConfirmDialog
        title={t.cancelTitle}
        isOpen={asked !== null}
        onClose={() => {
          setAsked(null);
          cancel.reset();
        }}
        onConfirm={() => asked && cancel.mutate({ run: asked.id })}
        confirm={t.cancelConfirm}
        variant="danger"
        isPending={cancel.isPending}
        error={cancel.error}
      >
        <p>
          {asked
            ? asked.state === 'queued'
              ? t.cancelWaitingText(asked.sample)
              : t.cancelText(asked.sample)
            : null}
        </p>
      </ConfirmDialog>
    </div>
  );
}
