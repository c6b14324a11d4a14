import { useState } from 'react';
import { useAction, useOperation } from '../../api/hooks';
import type { CaseState, CaseView, RunView } from '../../api/types';
import {
  Await,
  Button,
  ConfirmDialog,
  ErrorState,
  LinkButton,
  Notice,
  Screen,
  Section,
  Tag,
} from '../../components';
import { href } from '../../router';
import { useWords } from '../../words';
import { Changes, Newer } from './overview/Changes';
import { Conclusion } from './overview/Conclusion';
import { Files, Further, Inputs, Order, Releases } from './overview/Facts';
import { Runs } from './overview/Runs';
import { StartDialog } from './overview/StartDialog';
import './case.css';

const AT_WORK: readonly CaseState[] = ['queued', 'running'];
const POLL_MS = 1_000;

/** A case from the top: what it concludes, what to do next, what was ordered, what ran. */
export default function Overview({ caseId }: { caseId: string }) {
  const w = useWords();
  const view = useOperation(
    'case',
    { case: caseId },
    { pollMs: (data) => (data && AT_WORK.includes(data.row.state) ? POLL_MS : false) },
  );
  return (
    <Screen
      title={w.overview.title}
      note={view.data?.draft ? <Tag tone="warn">{w.overview.draftNote}</Tag> : null}
    >
      <Await query={view} rows={10}>
        {(data) => <Body view={data} />}
      </Await>
    </Screen>
  );
}

function Body({ view }: { view: CaseView }) {
  const w = useWords();
  const o = w.overview;
  return (
    <div className="case-page">
      {view.notices.map((notice) => (
        <Notice key={notice} tone="warn" title={notice} />
      ))}
      <Newer newer={view.newer} />
      <div className="case-columns">
        <div className="case-main">
          <Next view={view} />
          <Conclusion conclusion={view.conclusion} />
          <Runs runs={view.runs} />
          <Changes view={view} />
        </div>
        <div className="case-side">
          <Order view={view} />
          <Inputs files={view.inputs} />
          <Further further={view.further} />
          <Section title={o.releases}>
            <Releases releases={view.releases} />
          </Section>
          <Files files={view.files} />
        </div>
      </div>
    </div>
  );
}

/** The one thing that comes next, and the ways around it. */
function Next({ view }: { view: CaseView }) {
  const w = useWords();
  const o = w.overview;
  const caseId = view.row.id;
  const newest: RunView | undefined = view.runs[0];
  const start = useAction('start_run');
  const cancel = useAction('cancel_run');
  const resume = useAction('resume_run');
  const [asking, setAsking] = useState<'cancel' | 'again' | null>(null);
  const state = view.row.state;
  const words: Record<CaseState, string> = {
    received: o.nextSteps.received,
    queued: o.nextSteps.queued(newest?.place ?? null),
    running: o.nextSteps.running,
    stopped: o.nextSteps.stopped,
    called: o.nextSteps.called,
    in_review: o.nextSteps.inReview,
    drafted: o.nextSteps.drafted,
  };
  const atWork = state === 'queued' || state === 'running';
  const reviewable = state === 'called' || state === 'in_review' || state === 'drafted';
  const tab = (name: 'variants' | 'report' | 'quality') => href({ screen: 'case', caseId, tab: name });
  const error = start.error ?? cancel.error ?? resume.error;
  return (
    <Section title={o.next}>
      <p className="case-next">{words[state]}</p>
      {state === 'stopped' && newest?.error ? <ErrorState error={newest.error} /> : null}
      {error ? <ErrorState error={error} /> : null}
      <div className="case-actions">
        {state === 'received' ? (
          <Button
            variant="primary"
            isPending={start.isPending}
            onPress={() => start.mutate({ case: caseId, with: 'same' })}
          >
            {o.start}
          </Button>
        ) : null}
        {state === 'stopped' && newest ? (
          <Button
            variant="primary"
            isPending={resume.isPending}
            onPress={() => resume.mutate({ run: newest.id })}
          >
            {o.resume}
          </Button>
        ) : null}
        {atWork && newest ? (
          <Button variant="danger" isPending={cancel.isPending} onPress={() => setAsking('cancel')}>
            {o.cancel}
          </Button>
        ) : null}
        {reviewable ? (
          <>
            <LinkButton variant={state === 'drafted' ? 'plain' : 'primary'} href={tab('variants')}>
              {o.toReview}
            </LinkButton>
            <LinkButton variant={state === 'drafted' ? 'primary' : 'plain'} href={tab('report')}>
              {o.toReport}
            </LinkButton>
            <LinkButton href={tab('quality')}>{o.toQuality}</LinkButton>
          </>
        ) : null}
        {state === 'received' ? (
          <Button variant="quiet" onPress={() => setAsking('again')}>
            {o.startWith}
          </Button>
        ) : null}
        {reviewable || state === 'stopped' ? (
          <Button variant="quiet" isPending={start.isPending} onPress={() => setAsking('again')}>
            {o.startAgain}
          </Button>
        ) : null}
      </div>
      <ConfirmDialog
        title={o.cancelTitle}
        isOpen={asking === 'cancel'}
        onClose={() => setAsking(null)}
        confirm={o.cancelConfirm}
        variant="danger"
        isPending={cancel.isPending}
        onConfirm={() => {
          if (newest) cancel.mutate({ run: newest.id });
          setAsking(null);
        }}
      >
        <p>{o.cancelText}</p>
      </ConfirmDialog>
      {asking === 'again' ? (
        <StartDialog view={view} isFirst={state === 'received'} onClose={() => setAsking(null)} />
      ) : null}
    </Section>
  );
}
