import { type ReactNode, useEffect } from 'react';
import { type ActionId, actions, isSingle, useRunnable, useSingleKeys } from '../keys';
import { CASE_TABS, type CaseTab, href, type Route } from '../router';
import { useWords } from '../words';
import { classes } from './classes';
import { Kbd } from './Kbd';
import { Tag } from './states';
import { announce, LiveRegion } from './toasts';

/** Who and what the open case is; always in sight. An absent part is said to be absent. */
export type Identity = {
  patient: string | null;
  identifiers: readonly string[];
  order: string | null;
  build: string | null;
  sample: string;
  /** Steps of the case's life and how many are behind it. */
  steps: readonly string[];
  now: number;
  draft: boolean;
  synthetic: boolean;
};

function IdentityBar({ identity }: { identity: Identity }) {
  const w = useWords();
  const missing = w.common.identity.missing;
  const facts = [
    { term: w.common.identity.patient, value: identity.patient ?? missing, mono: false },
    {
      term: w.common.identity.identifiers,
      value: identity.identifiers.length > 0 ? identity.identifiers.join(' · ') : missing,
      mono: identity.identifiers.length > 0,
    },
    { term: w.common.identity.order, value: identity.order ?? missing, mono: false },
    {
      term: w.common.identity.buildSample,
      value: `${identity.build ?? missing} · ${identity.sample}`,
      mono: true,
    },
  ];
  return (
    <>
      <dl className="identity" aria-label={w.common.identity.label}>
        {facts.map((fact) => (
          <div key={fact.term}>
            <dt>{fact.term}</dt>
            <dd className={classes(fact.mono && 'mono')} title={fact.value}>
              {fact.value}
            </dd>
          </div>
        ))}
      </dl>
      <ol className="steps" aria-label={w.common.identity.state}>
        {identity.steps.map((step, index) => (
          <li
            key={step}
            className={classes(index < identity.now && 'step-done', index === identity.now && 'step-now')}
            aria-current={index === identity.now ? 'step' : undefined}
          >
            <span aria-hidden="true">{step}</span>
            <span className="reader-only">
              {index < identity.now
                ? w.common.identity.stateDone(step)
                : index === identity.now
                  ? w.common.identity.stateNow(step)
                  : w.common.identity.stateNext(step)}
            </span>
          </li>
        ))}
      </ol>
      <div className="marks">
        {identity.synthetic ? <Tag tone="accent">{w.common.identity.synthetic}</Tag> : null}
        {identity.draft ? <Tag tone="warn">{w.common.identity.draft}</Tag> : null}
      </div>
    </>
  );
}

/** A word beside a page's name in the navigation: how many, or how bad. */
export type NavNote = { text: string; tone?: 'warn' | 'fail' };

function NavLink({
  route,
  on,
  action,
  note,
  children,
}: {
  route: Route;
  on: boolean;
  action: ActionId;
  note?: NavNote;
  children: ReactNode;
}) {
  const singles = useSingleKeys();
  const key = actions[action].keys[0];
  return (
    <a
      href={href(route)}
      className={classes('nav-link', on && 'nav-on')}
      aria-current={on ? 'page' : undefined}
    >
      <span>{children}</span>
      {note ? (
        <span className={classes('nav-note', note.tone && `status-${note.tone}`)}>{note.text}</span>
      ) : key && singles ? (
        <Kbd keys={key} />
      ) : null}
    </a>
  );
}

function FootLine({ releases }: { releases: readonly string[] }) {
  const w = useWords();
  const singles = useSingleKeys();
  const runnable = useRunnable();
  const taught = runnable
    .map((id) => actions[id])
    .map((action) => ({ action, keys: action.keys.filter((key) => singles || !isSingle(key)).slice(0, 2) }))
    .filter(({ action, keys }) => action.foot && keys.length > 0);
  return (
    <footer className="foot">
      <ul className="foot-data" aria-label={w.common.foot.data}>
        {releases.map((release) => (
          <li key={release}>{release}</li>
        ))}
      </ul>
      <ul className="foot-keys" aria-label={w.common.foot.label}>
        {taught.map(({ action, keys }) => (
          <li key={action.keys.join()}>
            {keys.map((key) => (
              <Kbd key={key} keys={key} />
            ))}
            <span>{action.label(w)}</span>
          </li>
        ))}
      </ul>
    </footer>
  );
}

/** Said once when it appears; the seconds run on for the eye alone. Any key or movement takes it away. */
function LockWarning({ seconds }: { seconds: number }) {
  const w = useWords();
  const { locksIn, stay } = w.common.lock;
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once, not every second
  useEffect(() => announce(`${locksIn(seconds)} ${stay}`), []);
  return (
    <div className="lock-warning">
      <b>{locksIn(seconds)}</b> {stay}
    </div>
  );
}

/** The window's frame: who, where, the page, and the keys that act here. */
export function AppFrame({
  route,
  identity,
  notes = {},
  queueNote,
  user,
  releases,
  onLock,
  locksIn = null,
  children,
}: {
  route: Route;
  identity: Identity | null;
  notes?: Partial<Record<CaseTab, NavNote>>;
  queueNote?: NavNote;
  user: string | null;
  releases: readonly string[];
  onLock?: () => void;
  /** Seconds until the window locks by itself, once it is near. */
  locksIn?: number | null;
  children: ReactNode;
}) {
  const w = useWords();
  const { nav } = w.common;
  return (
    <div className="frame">
      {/* biome-ignore lint/a11y/useValidAnchor: a link to the content is what readers list; the hash is the router's */}
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          // The hash is the router's.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {w.common.skip}
      </a>
      <header className="head">
        <div className="brand">
          {w.common.productParts.first}
          <b>{w.common.productParts.second}</b>
        </div>
        {identity ? <IdentityBar identity={identity} /> : null}
      </header>
      <nav className="nav" aria-label={nav.label}>
        <NavLink route={{ screen: 'worklist' }} on={route.screen === 'worklist'} action="go.worklist">
          {nav.worklist}
        </NavLink>
        <NavLink route={{ screen: 'new' }} on={route.screen === 'new'} action="go.new">
          {nav.newCase}
        </NavLink>
        <NavLink route={{ screen: 'queue' }} on={route.screen === 'queue'} action="go.queue" note={queueNote}>
          {nav.queue}
        </NavLink>
        {route.screen === 'case' ? (
          <>
            <p className="nav-head">{nav.thisCase}</p>
            {CASE_TABS.map((tab) => (
              <NavLink
                key={tab}
                route={{ screen: 'case', caseId: route.caseId, tab }}
                on={route.tab === tab}
                action={`go.${tab}`}
                note={notes[tab]}
              >
                {nav[tab]}
              </NavLink>
            ))}
          </>
        ) : null}
        <div className="nav-end">
          <NavLink route={{ screen: 'settings' }} on={route.screen === 'settings'} action="go.settings">
            {nav.settings}
          </NavLink>
          {onLock ? (
            <button type="button" className="nav-link" aria-keyshortcuts="Control+L" onClick={onLock}>
              <span>{nav.lock}</span>
              <Kbd keys="Ctrl+L" />
            </button>
          ) : null}
          {user ? <p className="nav-user">{user}</p> : null}
        </div>
      </nav>
      <main className="main" id="main" tabIndex={-1}>
        {children}
      </main>
      <FootLine releases={releases} />
      {locksIn === null ? null : <LockWarning seconds={locksIn} />}
      <LiveRegion />
    </div>
  );
}
