import { useState } from 'react';
import { fileUrl } from '../../api/client';
import { useAction, useOperation } from '../../api/hooks';
import type { CaseView, ExportRow, PreviewView, ReportVersion } from '../../api/types';
import {
  Await,
  Button,
  classes,
  EmptyState,
  ErrorState,
  LoadingState,
  Notice,
  Screen,
  Section,
  Tag,
  useToasts,
} from '../../components';
import { useKey } from '../../keys';
import { type Check, PdfView } from '../../pdf/PdfView';
import { navigate, useRoute } from '../../router';
import { dateTime, useWords } from '../../words';
import { ExportDialog } from './report/ExportDialog';
import './case.css';
import './report.css';

/** The versions of the report, the very PDF of each, and what was exported. */
export default function Report({ caseId }: { caseId: string }) {
  const w = useWords();
  const view = useOperation('case', { case: caseId });
  return (
    <Screen
      title={w.report.title}
      note={<Tag tone="warn">{`${w.report.draft} · ${w.report.draftText}`}</Tag>}
      fill
    >
      <Await query={view} rows={10}>
        {(data) => <Body view={data} />}
      </Await>
    </Screen>
  );
}

function Body({ view }: { view: CaseView }) {
  const w = useWords();
  const r = w.report;
  const caseId = view.row.id;
  const toasts = useToasts();
  const route = useRoute();
  const reports = useOperation('reports', { case: caseId });
  const exports = useOperation('exports', { case: caseId });
  const [exporting, setExporting] = useState(false);
  const go = (version: number) =>
    navigate({ screen: 'case', caseId, tab: 'report', item: String(version) }, { replace: true });
  const make = useAction('make_report', {
    onSuccess: (made) => {
      toasts.show({ text: r.made(made.version) });
      go(made.version);
    },
  });
  const versions = reports.data?.versions ?? [];
  const item = route.screen === 'case' && route.tab === 'report' ? Number(route.item) : Number.NaN;
  const chosen = versions.find((one) => one.version === item) ?? versions[0];
  const called = view.conclusion !== null;
  useKey('report.make', () => make.mutate({ case: caseId }), { enabled: called && !make.isPending });
  useKey('report.export', () => setExporting(true), { enabled: called });
  const upToDate = versions[0] !== undefined && !versions[0].outdated;
  return (
    <div className="report-page">
      <div className="report-side">
        <div className="case-actions">
          <Button
            variant={upToDate ? 'plain' : 'primary'}
            keys="report.make"
            isDisabled={!called}
            isPending={make.isPending}
            onPress={() => make.mutate({ case: caseId })}
          >
            {versions.length === 0 ? r.make : r.makeNew}
          </Button>
          <Button
            variant={upToDate ? 'primary' : 'plain'}
            keys="report.export"
            isDisabled={!called}
            onPress={() => setExporting(true)}
          >
            {r.exportAction}
          </Button>
        </div>
        {make.error ? <ErrorState error={make.error} /> : null}
        <Section title={r.versions}>
          <Await query={reports}>
            {(data) =>
              data.versions.length === 0 ? (
                <p className="case-soft">{called ? r.emptyText : r.noRunText}</p>
              ) : (
                <ul className="report-versions">
                  {data.versions.map((one) => (
                    <li key={one.version}>
                      <Version
                        version={one}
                        isOpen={one.version === chosen?.version}
                        onOpen={() => go(one.version)}
                      />
                    </li>
                  ))}
                </ul>
              )
            }
          </Await>
        </Section>
        <Section title={r.exports}>
          <Await query={exports}>{(data) => <Exports rows={data.rows} />}</Await>
        </Section>
      </div>
      <div className="report-main">
        {chosen ? (
          <Preview key={chosen.version} caseId={caseId} version={chosen} />
        ) : reports.data ? (
          <EmptyState title={r.empty} text={called ? r.emptyText : r.noRunText} />
        ) : null}
      </div>
      {exporting ? (
        <ExportDialog
          caseId={caseId}
          sample={view.row.sample}
          version={chosen?.version ?? null}
          outdated={chosen?.outdated ?? false}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </div>
  );
}

function Version({
  version,
  isOpen,
  onOpen,
}: {
  version: ReportVersion;
  isOpen: boolean;
  onOpen: () => void;
}) {
  const w = useWords();
  const r = w.report;
  return (
    <button
      type="button"
      className={classes('report-version', isOpen && 'report-version-on')}
      aria-current={isOpen ? 'true' : undefined}
      onClick={onOpen}
    >
      <span className="report-version-head">
        <strong>{r.version(version.version)}</strong>
        <Tag tone="warn">{version.state}</Tag>
        {version.outdated ? <Tag tone="fail">{r.outdated}</Tag> : null}
      </span>
      <span className="case-soft">{r.madeBy(dateTime(version.made), version.by)}</span>
      <span>{w.overview.outcomes[version.outcome] ?? version.outcome}</span>
    </button>
  );
}

function Preview({ caseId, version }: { caseId: string; version: ReportVersion }) {
  const preview = useOperation('preview', { case: caseId, version: version.version });
  const [held, setHeld] = useState<PreviewView | null>(null);
  // A token of this opening, and then kept: the page must not be drawn anew whenever something is asked again.
  if (held === null && preview.data && !preview.isFetching) setHeld(preview.data);
  if (held === null) {
    return preview.error ? (
      <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
    ) : (
      <LoadingState rows={12} />
    );
  }
  return <Shown view={held} version={version} />;
}

function Shown({ view, version }: { view: PreviewView; version: ReportVersion }) {
  const w = useWords();
  const r = w.report;
  const [seen, setSeen] = useState<{ pages: number | null; check: Check }>({
    pages: null,
    check: 'checking',
  });
  return (
    <div className="report-preview">
      <div className="report-facts">
        {version.outdated ? (
          <Notice tone="warn" title={r.outdatedTitle}>
            {r.outdatedText}
          </Notice>
        ) : null}
        {seen.check === 'different' ? <Notice tone="fail" title={r.shaWrong} /> : null}
        {seen.pages !== null && seen.pages !== view.pages ? (
          <Notice tone="fail" title={r.pagesDiffer(seen.pages, view.pages)} />
        ) : null}
        <p className="report-sha">
          <span className="case-soft">{r.sha}</span> <span className="case-sha mono">{view.sha256}</span>{' '}
          <span className="case-soft" data-check={seen.check}>
            {seen.check === 'same' ? r.shaVerified : seen.check === 'unknown' ? r.shaUnverified : ''}
          </span>
        </p>
      </div>
      <PdfView
        url={fileUrl(view.pdf)}
        expected={view.sha256}
        label={r.preview(view.version)}
        onOpened={(pages, check) => setSeen({ pages, check })}
      />
    </div>
  );
}

function Exports({ rows }: { rows: readonly ExportRow[] }) {
  const w = useWords();
  const r = w.report;
  if (rows.length === 0) return <p className="case-soft">{r.noExports}</p>;
  return (
    <ul className="report-exports">
      {rows.map((row) => (
        <li key={`${row.at}-${row.sha256}-${row.recipient}`}>
          <strong>
            {r.kinds[row.kind].name} · {row.version === null ? r.noVersion : r.version(row.version)}
          </strong>
          <span>
            {row.recipient} · {row.purpose}
          </span>
          <span className="case-soft">{r.madeBy(dateTime(row.at), row.by)}</span>
          <span className="case-sha mono">{row.sha256}</span>
        </li>
      ))}
    </ul>
  );
}
