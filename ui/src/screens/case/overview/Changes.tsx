import { useOperation } from '../../../api/hooks';
import type { CaseView, NewerRelease, RunsDiff } from '../../../api/types';
import { Await, Mono, Notice, Section, SmallTable } from '../../../components';
import { useWords } from '../../../words';

/** That newer releases are installed than this case used. */
export function Newer({ newer }: { newer: readonly NewerRelease[] }) {
  const t = useWords().releases;
  if (newer.length === 0) return null;
  return (
    <Notice tone="warn" title={t.newer}>
      <ul className="case-list">
        {newer.map((one) => (
          <li key={one.source}>{t.newerRow(one.source, one.used, one.newest)}</li>
        ))}
      </ul>
      <p>{t.newerText}</p>
    </Notice>
  );
}

/** What the newest run changed against the one before it. */
export function Changes({ view }: { view: CaseView }) {
  const t = useWords().releases;
  const newest = view.runs[0]?.id ?? '';
  const diff = useOperation(
    'compare_runs',
    { case: view.row.id, before: null, after: null },
    { enabled: view.done_runs > 1 && newest !== '' },
  );
  if (view.done_runs < 2) return null;
  return (
    <Section title={t.changes} note={t.changesNote}>
      <Await query={diff}>{(found) => <Diff diff={found} />}</Await>
    </Section>
  );
}

function Diff({ diff }: { diff: RunsDiff }) {
  const t = useWords().releases;
  return (
    <div className="case-diff">
      {diff.releases.length === 0 ? (
        <p className="case-soft">{t.sourcesSame}</p>
      ) : (
        <SmallTable
          caption={t.changed}
          columns={[
            { id: 'source', title: t.column.source, isRowHeader: true },
            { id: 'before', title: t.before },
            { id: 'after', title: t.after },
          ]}
          rows={diff.releases.map((one) => ({
            id: one.source,
            cells: {
              source: one.source,
              before: one.before ?? t.absent,
              after: one.other_bytes ? `${one.after} (${t.otherBytes})` : (one.after ?? t.absent),
            },
          }))}
        />
      )}
      {diff.variants.length === 0 ? (
        <p>{t.noChanges}</p>
      ) : (
        <SmallTable
          caption={t.changes}
          captionHidden
          columns={[
            { id: 'variant', title: t.variant, isRowHeader: true },
            { id: 'change', title: t.change },
            { id: 'before', title: t.before },
            { id: 'after', title: t.after },
          ]}
          rows={diff.variants.flatMap((variant) =>
            variant.changes.map((change, index) => ({
              id: `${variant.key} ${change.what}`,
              cells: {
                variant:
                  index === 0 ? (
                    <>
                      {variant.gene ? <strong>{variant.gene} </strong> : null}
                      <Mono size="s">{variant.name ?? variant.key}</Mono>
                    </>
                  ) : (
                    <span className="reader-only">{variant.name ?? variant.key}</span>
                  ),
                change: t.kinds[change.what] ?? change.what,
                before: change.before,
                after: change.after,
              },
            })),
          )}
        />
      )}
      <p className="case-soft">
        {t.unchanged(diff.unchanged)}. {diff.compared}
      </p>
    </div>
  );
}
