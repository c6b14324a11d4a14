import { QueryClientProvider } from '@tanstack/react-query';
import { Component, lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useActivity } from './activity';
import { onRefused } from './api/client';
import { invalidate, queries, useAction, useOperation } from './api/hooks';
import type { CaseState, CaseView, Status } from './api/types';
import { EmptyState, ErrorState, LinkButton, LoadingState, Screen } from './components';
import { AppFrame, type Identity, type NavNote } from './components/AppFrame';
import { KeySheet, Palette } from './components/KeySheet';
import { Toasts } from './components/toasts';
import { SingleKeysContext, useKey, useKeyboard } from './keys';
import { CASE_TABS, type CaseTab, navigate, type Route, useRoute } from './router';
import { useTheme } from './theme';
import { number, useWords, type Words } from './words';

const Setup = lazy(() => import('./screens/gate/Setup'));
const Unlock = lazy(() => import('./screens/gate/Unlock'));
const Worklist = lazy(() => import('./screens/worklist/Worklist'));
const NewCase = lazy(() => import('./screens/new-case/NewCase'));
const Queue = lazy(() => import('./screens/queue/Queue'));
const Settings = lazy(() => import('./screens/settings/Settings'));
const PAGES: Record<CaseTab, ReturnType<typeof lazy<(props: { caseId: string }) => ReactNode>>> = {
  overview: lazy(() => import('./screens/case/Overview')),
  quality: lazy(() => import('./screens/case/Quality')),
  variants: lazy(() => import('./screens/case/Variants')),
  pharmacogenes: lazy(() => import('./screens/case/Pharmacogenes')),
  scores: lazy(() => import('./screens/case/Scores')),
  report: lazy(() => import('./screens/case/Report')),
  history: lazy(() => import('./screens/case/History')),
};

/** Milliseconds between two questions for the status: an idle lock is followed within this time. */
const STATUS_MS = 5_000;

/** A fault while drawing a screen stays in that screen. */
class Guard extends Component<{ words: Words; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    const { crash } = this.props.words.common;
    if (!this.state.broken) return this.props.children;
    return (
      <Screen title={crash.title} titleHidden>
        <ErrorState
          title={crash.title}
          error={{ code: 'internal', message: crash.message, place: null, hint: crash.hint }}
          onRetry={() => this.setState({ broken: false })}
        />
      </Screen>
    );
  }
}

function Page({ route }: { route: Route }) {
  const w = useWords();
  switch (route.screen) {
    case 'worklist':
      return <Worklist />;
    case 'new':
      return <NewCase />;
    case 'queue':
      return <Queue />;
    case 'settings':
      return <Settings />;
    case 'case': {
      const CasePage = PAGES[route.tab];
      return <CasePage key={route.caseId} caseId={route.caseId} />;
    }
    default:
      return (
        <Screen title={w.common.gone.title}>
          <EmptyState
            title={w.common.gone.title}
            text={w.common.gone.text}
            action={<LinkButton href="#/worklist">{w.common.gone.action}</LinkButton>}
          />
        </Screen>
      );
  }
}

/** Steps of a case's life as the identity bar shows them; queue, run and stop are one. */
const STEP_OF: Record<CaseState, number> = {
  received: 0,
  queued: 1,
  running: 1,
  stopped: 1,
  called: 2,
  in_review: 3,
  drafted: 4,
};

/** What the identity bar says of a case. */
export function identityOf(view: CaseView, w: Words): Identity {
  const { row } = view;
  const steps = w.common.steps;
  return {
    patient: row.patient,
    identifiers: row.identifiers,
    order: row.test,
    build: view.build,
    sample: row.sample,
    steps: [steps.received, steps.run[row.state], steps.called, steps.in_review, steps.drafted],
    now: STEP_OF[row.state],
    draft: view.draft,
    synthetic: row.synthetic,
  };
}

function notesOf(view: CaseView | undefined, w: Words): Partial<Record<CaseTab, NavNote>> {
  if (!view) return {};
  const quality = view.row.quality;
  const notes: Partial<Record<CaseTab, NavNote>> = {};
  if (view.variants !== null) notes.variants = { text: number(view.variants) };
  if (quality === 'warn' || quality === 'fail') {
    notes.quality = { text: w.common.status[quality === 'warn' ? 'WARN' : 'FAIL'], tone: quality };
  }
  return notes;
}

function Open({ status }: { status: Status }) {
  const w = useWords();
  const route = useRoute();
  const settings = useOperation('settings', {});
  const caseId = route.screen === 'case' ? route.caseId : null;
  const view = useOperation('case', { case: caseId ?? '' }, { enabled: caseId !== null });
  const lock = useAction('lock', { invalidates: ['status'] });
  const singleKeys = settings.data?.single_keys ?? true;
  const [sheet, setSheet] = useState(false);
  const [palette, setPalette] = useState(false);
  useTheme(settings.data?.theme ?? 'system');
  useKeyboard(singleKeys);
  const locksIn = useActivity(status.lock_minutes);

  const inCase = caseId !== null;
  const goTab = (tab: CaseTab) => caseId !== null && navigate({ screen: 'case', caseId, tab });
  useKey('app.keys', () => setSheet(true));
  useKey('app.palette', () => setPalette(true));
  useKey('app.lock', () => lock.mutate({}));
  useKey('go.worklist', () => navigate({ screen: 'worklist' }));
  useKey('go.new', () => navigate({ screen: 'new' }));
  useKey('go.queue', () => navigate({ screen: 'queue' }));
  useKey('go.settings', () => navigate({ screen: 'settings' }));
  useKey('go.overview', () => goTab(CASE_TABS[0]), { enabled: inCase });
  useKey('go.quality', () => goTab('quality'), { enabled: inCase });
  useKey('go.variants', () => goTab('variants'), { enabled: inCase });
  useKey('go.pharmacogenes', () => goTab('pharmacogenes'), { enabled: inCase });
  useKey('go.scores', () => goTab('scores'), { enabled: inCase });
  useKey('go.report', () => goTab('report'), { enabled: inCase });
  useKey('go.history', () => goTab('history'), { enabled: inCase });

  const data = inCase ? view.data : undefined;
  return (
    <SingleKeysContext value={singleKeys}>
      <Toasts>
        <AppFrame
          route={route}
          identity={data ? identityOf(data, w) : null}
          notes={notesOf(data, w)}
          user={status.user?.name ?? null}
          releases={[
            ...(data?.releases ?? []).slice(0, 4).map((source) => `${source.name} ${source.release}`),
            status.version,
          ]}
          onLock={() => lock.mutate({})}
          locksIn={locksIn}
        >
          <Guard words={w} key={`${route.screen}-${route.screen === 'case' ? route.tab : ''}`}>
            <Suspense fallback={<LoadingState />}>
              <Page route={route} />
            </Suspense>
          </Guard>
        </AppFrame>
        <KeySheet isOpen={sheet} onClose={() => setSheet(false)} />
        <Palette isOpen={palette} onClose={() => setPalette(false)} />
      </Toasts>
    </SingleKeysContext>
  );
}

function Gate() {
  const w = useWords();
  const status = useOperation('status', {}, { pollMs: STATUS_MS });
  const gate = status.data?.gate;
  // The set-up shows the recovery key once and after the store is open: it stays until the person goes on.
  const [settingUp, setSettingUp] = useState(false);
  if (gate === 'set_up' && !settingUp) setSettingUp(true);
  useTheme('system');
  useEffect(
    () =>
      onRefused((error, name) => {
        if (error.code === 'locked' && name !== 'status') void invalidate(['status']);
      }),
    [],
  );
  useEffect(() => {
    if (gate === undefined || gate === 'open') return;
    // Nothing of a patient stays in memory or in the address behind a lock.
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'status' });
    queries.getMutationCache().clear();
    navigate({ screen: 'worklist' }, { replace: true });
  }, [gate]);
  if (status.data === undefined) {
    return status.error ? (
      <div className="gate">
        <ErrorState error={status.error} onRetry={() => void status.refetch()} />
      </div>
    ) : (
      <LoadingState />
    );
  }
  if (gate === 'open' && !settingUp) return <Open status={status.data} />;
  const done = () => void invalidate(['status']).then(() => setSettingUp(false));
  return (
    <Toasts>
      <Guard words={w} key={settingUp ? 'set_up' : gate}>
        <Suspense fallback={<LoadingState />}>
          <main className="gate">{settingUp ? <Setup onDone={done} /> : <Unlock onDone={done} />}</main>
        </Suspense>
      </Guard>
    </Toasts>
  );
}

/** The application. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Gate />
    </QueryClientProvider>
  );
}
