import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError, ShownError } from '../api/client';
import { number, useWords } from '../words';
import { Button } from './Button';
import { classes } from './classes';

/** Nothing to show, why, and what can be done. */
export function EmptyState({ title, text, action }: { title: string; text: ReactNode; action?: ReactNode }) {
  return (
    <div className="state-box">
      <p className="state-title">{title}</p>
      <p className="state-text">{text}</p>
      {action ? <div className="state-action">{action}</div> : null}
    </div>
  );
}

const BARS = Array.from({ length: 12 }, (_, index) => ({
  id: index,
  width: `${[72, 88, 54, 80][index % 4]}%`,
}));

/** Grey bars while an answer is awaited. */
export function LoadingState({ label, rows = 4 }: { label?: string; rows?: number }) {
  const w = useWords();
  return (
    <div className="state-loading" role="status" aria-busy="true">
      <span className="reader-only">{label ?? w.common.loading}</span>
      {BARS.slice(0, rows).map((bar) => (
        <span key={bar.id} className="skeleton" style={{ width: bar.width }} />
      ))}
    </div>
  );
}

/** What went wrong, where, what to do, and a way to try again. */
export function ErrorState({
  error,
  onRetry,
  title,
}: {
  error: ShownError;
  onRetry?: () => void;
  title?: string;
}) {
  const w = useWords();
  const own =
    error.code === 'unreachable'
      ? w.common.notReached
      : error.code === 'unreadable'
        ? w.common.notUnderstood
        : error.message;
  const hint =
    error.hint ??
    (error.code === 'unreachable' || error.code === 'unreadable' ? w.common.notReachedHint : null);
  return (
    <div className="notice notice-fail" role="alert">
      <p className="notice-title">
        <StatusShape status="fail" />
        {title ?? w.common.unknownTitle}
      </p>
      <p>{own}</p>
      <dl className="facts">
        {error.place ? (
          <>
            <dt>{w.common.where}</dt>
            <dd className="mono">{error.place}</dd>
          </>
        ) : null}
        {hint ? (
          <>
            <dt>{w.common.whatToDo}</dt>
            <dd>{hint}</dd>
          </>
        ) : null}
      </dl>
      <div className="notice-foot">
        {onRetry ? <Button onPress={onRetry}>{w.common.retry}</Button> : null}
        <span className="faint mono">{w.common.errorCode(error.code)}</span>
      </div>
    </div>
  );
}

/** The answer of a query, or its loading or error state. */
export function Await<Data>({
  query,
  rows,
  children,
}: {
  query: UseQueryResult<Data, ApiError>;
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <LoadingState rows={rows} />;
}

/** Something that a person must know on this page. */
export function Notice({
  tone,
  title,
  children,
  action,
}: {
  tone: 'plain' | 'warn' | 'fail' | 'pass';
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes('notice', `notice-${tone}`)} role={tone === 'fail' ? 'alert' : 'note'}>
      <p className="notice-title">
        {tone === 'plain' ? null : <StatusShape status={tone} />}
        {title}
      </p>
      {children ? <div>{children}</div> : null}
      {action ? <div className="notice-foot">{action}</div> : null}
    </div>
  );
}

/** How far a thing is; `value` 0..1, null when it cannot be told. */
export function ProgressBar({
  label,
  value,
  note,
  labelHidden,
}: {
  label: string;
  value: number | null;
  note?: ReactNode;
  labelHidden?: boolean;
}) {
  const share = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <div className="progress">
      <span className={classes('progress-label', labelHidden && 'reader-only')} aria-hidden="true">
        {label}
      </span>
      <div
        className={classes('progress-track', share === null && 'progress-unknown')}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      >
        <div className="progress-bar" style={share === null ? undefined : { width: `${share * 100}%` }} />
      </div>
      {share === null ? null : (
        <span className="progress-note">{`${number(Math.floor(share * 100))} %`}</span>
      )}
      {note ? <span className="progress-note">{note}</span> : null}
    </div>
  );
}

/** Result of a check, as the host says it. */
export type CheckWord = 'pass' | 'warn' | 'fail' | 'not_assessed';
/** Result of a check, as a person reads it. */
export type StatusWord = 'PASS' | 'WARN' | 'FAIL' | 'NOT ASSESSED';

const WORDS: Record<CheckWord, StatusWord> = {
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  not_assessed: 'NOT ASSESSED',
};
const CODES: Record<StatusWord, CheckWord> = {
  PASS: 'pass',
  WARN: 'warn',
  FAIL: 'fail',
  'NOT ASSESSED': 'not_assessed',
};

function StatusShape({ status }: { status: CheckWord }) {
  return (
    <svg className={`status-${status}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {status === 'pass' ? (
        <path d="M1.5 6.4l3 3L10.5 3" fill="none" stroke="currentColor" strokeWidth="2" />
      ) : null}
      {status === 'warn' ? <path d="M6 1l5.2 9.6H.8z" fill="currentColor" /> : null}
      {status === 'fail' ? <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="2.2" /> : null}
      {status === 'not_assessed' ? (
        <circle
          cx="6"
          cy="6"
          r="4.2"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="2.2 2.2"
        />
      ) : null}
    </svg>
  );
}

/** Result of a check: word, shape, then colour; the reason beside it. */
export function Badge({ status, children }: { status: CheckWord | StatusWord; children?: ReactNode }) {
  const w = useWords();
  const code = status in CODES ? CODES[status as StatusWord] : (status as CheckWord);
  return (
    <span className="badge">
      <span className={classes('badge-word', `status-${code}`)}>
        <StatusShape status={code} />
        {w.common.status[WORDS[code]]}
      </span>
      {children ? <span className="badge-reason">{children}</span> : null}
    </span>
  );
}

/** A small outlined word. */
export function Tag({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'warn' | 'fail' | 'pass' | 'accent';
  children: ReactNode;
}) {
  return <span className={classes('tag', `tag-${tone}`)}>{children}</span>;
}
