import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '../../api/client';
import { useOperation } from '../../api/hooks';
import type { Preset, VariantFilter, VariantRow, VariantSort, VariantView } from '../../api/types';
import {
  Await,
  Button,
  classOfDigit,
  DataGrid,
  Drawer,
  EmptyState,
  ErrorState,
  Funnel,
  type GridHandle,
  LinkButton,
  LoadingState,
  Notice,
  Screen,
} from '../../components';
import { useKey } from '../../keys';
import { href, navigate, useRoute } from '../../router';
import { useWords } from '../../words';
import { CriterionDialog } from './variants/CriterionDialog';
import { columnOf, columns, nameOf, SORT_OF, type Width } from './variants/columns';
import { DecisionDialog } from './variants/DecisionDialog';
import { Detail, type Part } from './variants/Detail';
import { mayDecide, proposedOf } from './variants/decision';
import { EvidenceDialog } from './variants/EvidenceDialog';
import { FilterBar, presetWords } from './variants/FilterBar';
import { FilterDialog } from './variants/FilterDialog';
import { decode, encode, fromPreset, OPEN, standing, type View } from './variants/filter';
import { steps, unaccounted } from './variants/funnel';
import { useMedia } from './variants/media';
import { useCriteria } from './variants/useCriteria';
import { useDecisions } from './variants/useDecisions';
import './variants.css';

const FIRST = 100;
const SETTLE_MS = 120;

/** The variants of a case: funnel, filter, table and detail. */
export default function Variants({ caseId }: { caseId: string }) {
  const w = useWords();
  const presets = useOperation('presets', { case: caseId });
  return (
    <Screen title={w.variants.title} titleHidden fill>
      <Await query={presets}>{(data) => <Table key={caseId} caseId={caseId} presets={data.presets} />}</Await>
    </Screen>
  );
}

function Table({ caseId, presets }: { caseId: string; presets: readonly Preset[] }) {
  const w = useWords();
  const route = useRoute();
  const item = route.screen === 'case' && route.tab === 'variants' ? route.item : undefined;
  const view = useMemo(() => decode(item, presets), [item, presets]);
  const [sort, setSort] = useState<{ by: VariantSort; descending: boolean }>({
    by: 'priority',
    descending: false,
  });
  const [part, setPart] = useState<Part>('evidence');
  const [filtering, setFiltering] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const roomy = useMedia('(min-width: 1400px)');
  const wide = useMedia('(min-width: 1900px)');
  const grid = useRef<GridHandle>(null);
  const find = useRef<HTMLInputElement>(null);

  const go = useCallback(
    (next: View) =>
      navigate(
        { screen: 'case', caseId, tab: 'variants', item: encode(next, presets) || undefined },
        { replace: true },
      ),
    [caseId, presets],
  );
  const setFilter = useCallback((filter: VariantFilter) => go({ ...view, filter }), [go, view]);

  const query = { case: caseId, filter: view.filter, sort: sort.by, descending: sort.descending };
  const first = useOperation('variants', { ...query, offset: 0, limit: FIRST }, { keepPrevious: true });
  const settled = useSettled(view.variant);
  const variant = useOperation(
    'variant',
    { case: caseId, variant: settled ?? 0 },
    { enabled: settled !== null, keepPrevious: true },
  );
  const status = useOperation('status', {});
  const may = mayDecide(status.data?.user?.role);
  const decisions = useDecisions(caseId, () => grid.current?.reload());
  const criteria = useCriteria(caseId, () => grid.current?.reload());
  // The detail of a former row must not be decided on.
  const open = variant.data && variant.data.row.id === view.variant ? variant.data : null;

  const propose = (digit: 1 | 2 | 3 | 4 | 5) => () => {
    const chosen = classOfDigit(digit);
    if (open && chosen) decisions.ask(open, chosen);
  };
  const deciding = { enabled: may && open !== null };
  useKey('variants.class1', propose(1), deciding);
  useKey('variants.class2', propose(2), deciding);
  useKey('variants.class3', propose(3), deciding);
  useKey('variants.class4', propose(4), deciding);
  useKey('variants.class5', propose(5), deciding);
  const accept = () => open && decisions.ask(open, proposedOf(open));
  const change = () => open && decisions.ask(open, null);
  useKey('variants.accept', accept, deciding);
  useKey('variants.change', change, deciding);
  useKey('variants.reads', () => show('reads'), { enabled: open !== null });
  useKey('variants.evidence', () => show('evidence'), { enabled: open !== null });
  useKey('variants.filters', () => setFiltering(true));
  useKey('list.filter', () => find.current?.focus());
  const show = (next: Part) => {
    setPart(next);
    if (!roomy) setDrawer(true);
  };

  const width: Width = roomy && part === 'reads' ? 'narrow' : wide ? 'wide' : 'normal';
  const list = useMemo(() => columns(w, width), [w, width]);
  const rows = (offset: number, limit: number): Promise<VariantRow[]> =>
    call('variants', { ...query, offset, limit }).then((page) => page.rows);
  // Rows of the cache may be older than a decision: the grid is given only what was just asked, and asks again
  // whenever the same question got a newer answer.
  const fresh = !first.isPlaceholderData && !first.isFetching;
  const key = JSON.stringify(query);
  const answered = useRef({ key: '', at: 0 });
  useEffect(() => {
    if (!fresh) return;
    const before = answered.current;
    if (before.key === key && before.at !== first.dataUpdatedAt) grid.current?.reload();
    answered.current = { key, at: first.dataUpdatedAt };
  }, [fresh, key, first.dataUpdatedAt]);
  // The first row is open at the start, so that the page is never half empty.
  const firstRow = first.data?.rows[0]?.id;
  useEffect(() => {
    if (view.variant === null && firstRow !== undefined) go({ ...view, variant: firstRow });
  }, [view, firstRow, go]);

  if (first.error && !first.data)
    return <ErrorState error={first.error} onRetry={() => void first.refetch()} />;
  if (!first.data) return <LoadingState label={w.variants.loadingTable} rows={12} />;
  const funnel = steps(first.data.funnel);
  const called = funnel[0]?.kept ?? 0;
  if (called === 0 && first.data.total === 0) {
    return (
      <EmptyState
        title={w.variants.noVariants}
        text={w.variants.noVariantsText}
        action={
          <LinkButton href={href({ screen: 'case', caseId, tab: 'overview' })}>
            {w.variants.toOverview}
          </LinkButton>
        }
      />
    );
  }
  const stands = standing(view, presets);
  const lost = first.isPlaceholderData ? null : unaccounted(funnel, first.data.total);
  const clinvar = funnel.filter((step) => step.clinvar > 0);
  const clinvarLost = clinvar.reduce((sum, step) => sum + step.clinvar, 0);
  const detail = (
    <DetailPane
      query={variant}
      chosen={view.variant}
      render={(data) => (
        <Detail
          caseId={caseId}
          variant={data}
          part={part}
          mayDecide={may}
          teachKeys={roomy}
          isPending={decisions.isPending}
          criteria={criteria}
          onPart={setPart}
          onAccept={() => decisions.ask(data, proposedOf(data))}
          onChange={() => decisions.ask(data, null)}
          onWithdraw={(decision) => decisions.withdraw(data, decision)}
        />
      )}
    />
  );
  const column = columnOf(sort.by);
  return (
    <div className="variants-page">
      <Funnel
        steps={funnel.map((step, index) => ({
          ...step,
          note: index === 0 ? w.variants.calledNote : undefined,
        }))}
        preset={presetWords(stands, w)}
      />
      {lost ? (
        <Notice tone="fail" title={w.variants.unaccounted}>
          {w.variants.unaccountedText(lost.step, lost.missing)}
        </Notice>
      ) : null}
      {clinvarLost > 0 ? (
        <div className="variants-lost" role="note">
          <strong>{w.variants.clinvarDroppedTitle(clinvarLost)}</strong>
          <span>
            {w.variants.source(clinvar.map((step) => w.variants.clinvarDroppedAt(step.label, step.clinvar)))}
          </span>
          <Button
            variant="quiet"
            onPress={() => go({ ...view, preset: null, filter: { ...OPEN, clinvar: ['pathogenic'] } })}
          >
            {w.variants.clinvarShow}
          </Button>
        </div>
      ) : null}
      <div className={part === 'reads' && roomy ? 'variants-split variants-split-reads' : 'variants-split'}>
        <div className="variants-table">
          <FilterBar
            presets={presets}
            standing={stands}
            filter={view.filter}
            shown={first.isPlaceholderData ? null : first.data.total}
            inputRef={find}
            onPreset={(preset) => go(fromPreset(preset, view.variant))}
            onFilter={setFilter}
            onMore={() => setFiltering(true)}
          />
          {first.error ? <ErrorState error={first.error} onRetry={() => void first.refetch()} /> : null}
          <div className="variants-grid">
            <DataGrid<VariantRow>
              ref={grid}
              label={w.variants.title}
              rowCount={first.data.total}
              queryKey={key}
              rows={rows}
              firstPage={fresh ? first.data.rows : undefined}
              rowId={(row) => String(row.id)}
              columns={list}
              sort={column === null ? null : { column, descending: sort.descending }}
              onSort={(next) => {
                const by = SORT_OF[next.column];
                if (by) setSort({ by, descending: next.descending });
              }}
              activeId={view.variant === null ? null : String(view.variant)}
              onActive={(row) => {
                if (row.id !== view.variant) go({ ...view, variant: row.id });
              }}
              opensOnClick={!roomy}
              onOpen={(row) => {
                go({ ...view, variant: row.id });
                if (!roomy) setDrawer(true);
              }}
              empty={
                <EmptyState
                  title={w.variants.emptyTitle}
                  text={w.variants.emptyText}
                  action={
                    <Button onPress={() => go({ ...view, preset: null, filter: OPEN })}>
                      {w.variants.clearFilter}
                    </Button>
                  }
                />
              }
            />
          </div>
        </div>
        {roomy ? (
          <aside className="variants-aside" aria-label={w.variants.detail}>
            {detail}
          </aside>
        ) : null}
      </div>
      {roomy ? null : (
        <Drawer
          title={w.variants.detail}
          isOpen={drawer && view.variant !== null}
          onClose={() => {
            setDrawer(false);
            grid.current?.focus();
          }}
        >
          <div className="variants-drawer">{detail}</div>
        </Drawer>
      )}
      <FilterDialog
        isOpen={filtering}
        filter={view.filter}
        sort={sort.by}
        onFilter={setFilter}
        onSort={(by) => setSort({ by, descending: by !== 'priority' && by !== 'gene' && by !== 'position' })}
        onClose={() => setFiltering(false)}
      />
      {criteria.asked ? (
        <CriterionDialog
          key={`${criteria.asked.variant.row.id}-${criteria.asked.criterion.code}`}
          criterion={criteria.asked.criterion}
          name={nameOf(criteria.asked.variant.row)}
          isPending={criteria.isPending}
          error={criteria.setError}
          onSet={criteria.set}
          onClose={criteria.close}
        />
      ) : null}
      {criteria.entering ? (
        <EvidenceDialog
          key={criteria.entering.row.id}
          name={nameOf(criteria.entering.row)}
          isPending={criteria.isPending}
          error={criteria.enterError}
          onEnter={criteria.enter}
          onClose={criteria.close}
        />
      ) : null}
      {decisions.asked ? (
        <DecisionDialog
          key={`${decisions.asked.variant.row.id}-${decisions.asked.initial ?? ''}`}
          variant={decisions.asked.variant}
          initial={decisions.asked.initial}
          isPending={decisions.isPending}
          error={decisions.error}
          onDecide={decisions.decide}
          onClose={decisions.close}
        />
      ) : null}
    </div>
  );
}

/** The detail of the chosen row; the former row's is never shown as if it were this one's. */
function DetailPane({
  query,
  chosen,
  render,
}: {
  query: ReturnType<typeof useOperation<'variant'>>;
  chosen: number | null;
  render: (variant: VariantView) => React.ReactNode;
}) {
  const w = useWords();
  if (chosen === null) return <EmptyState title={w.variants.noneChosen} text={w.variants.noneChosenText} />;
  if (query.data && query.data.row.id === chosen) return <>{render(query.data)}</>;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <LoadingState rows={8} />;
}

/** A value that has stood still for a moment: a held arrow key must not ask for every variant it passes. */
function useSettled(value: number | null): number | null {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
