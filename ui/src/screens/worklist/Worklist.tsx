import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { call } from '../../api/client';
import { useAction, useOperation } from '../../api/hooks';
import type { CaseRow } from '../../api/types';
import {
  announce,
  Button,
  DataGrid,
  EmptyState,
  ErrorState,
  type GridHandle,
  LoadingState,
  Notice,
  Screen,
  TextField,
} from '../../components';
import { useKey } from '../../keys';
import { navigate } from '../../router';
import { useWords } from '../../words';
import { useKept } from '../gate/kept';
import { percentByCase } from '../queue/view';
import { columns } from './columns';
import {
  countAll,
  firstWindow,
  initialState,
  isAtWork,
  isFiltered,
  signature,
  toInput,
  withSort,
} from './query';
import { StateFilter } from './StateFilter';
import './worklist.css';

const searchDelay = 350;

const roomy = '(min-width: 1500px)';

function followRoom(changed: () => void): () => void {
  const query = window.matchMedia?.(roomy);
  query?.addEventListener('change', changed);
  return () => query?.removeEventListener('change', changed);
}

/** Every case of the store: search, states, the way into a case. */
export default function Worklist() {
  const w = useWords();
  const t = w.worklist;
  const [state, setState] = useKept('worklist', initialState);
  const [typed, setTyped] = useState(state.search);
  const wide = useSyncExternalStore(followRoom, () => window.matchMedia?.(roomy).matches ?? false);
  const grid = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);

  // A search is an entry of the audit trail: one per pause, not one per letter.
  useEffect(() => {
    if (typed === state.search) return;
    const timer = setTimeout(() => setState((before) => ({ ...before, search: typed })), searchDelay);
    return () => clearTimeout(timer);
  }, [typed, state.search, setState]);

  const first = useOperation('cases', toInput(state, 0, firstWindow), { keepPrevious: true });
  const queue = useOperation(
    'queue',
    {},
    { pollMs: (data) => (data && isAtWork(data.runs) ? 1500 : 15_000) },
  );
  const runs = queue.data?.runs ?? [];
  const progress = useMemo(() => percentByCase(runs), [runs]);
  const sign = signature(runs);
  const seen = useRef<string | null>(null);
  const { refetch } = first;
  useEffect(() => {
    if (!queue.data) return;
    if (seen.current !== null && seen.current !== sign) void refetch();
    seen.current = sign;
  }, [queue.data, sign, refetch]);

  const data = first.data;
  const fresh = data !== undefined && !first.isPlaceholderData;
  // What the grid shows is named by the answer it has: the answer to the former question stays until the new one is here.
  const asked = JSON.stringify(state);
  const shownState = useRef(state);
  if (fresh) shownState.current = state;
  const shownKey = JSON.stringify(shownState.current);
  const version = first.dataUpdatedAt;
  const drawn = useRef({ key: '', version: 0 });
  useEffect(() => {
    const before = drawn.current;
    drawn.current = { key: shownKey, version };
    // The same question answered anew: rows have changed under the grid, which stays where it is.
    if (before.key === shownKey && before.version !== version) grid.current?.reload();
  }, [shownKey, version]);

  const total = data?.total ?? 0;
  const announced = useRef<string | null>(null);
  useEffect(() => {
    if (!fresh) return;
    if (announced.current !== null && announced.current !== asked) announce(t.found(total));
    announced.current = asked;
  }, [fresh, asked, total, t]);

  const rows = useCallback(
    async (offset: number, limit: number): Promise<CaseRow[]> => {
      const held = data?.rows ?? [];
      if (Math.min(offset + limit, data?.total ?? 0) <= held.length)
        return held.slice(offset, offset + limit);
      return (await call('cases', toInput(shownState.current, offset, limit))).rows;
    },
    [data],
  );

  const demo = useAction('demo_case', {
    onSuccess: (made) => navigate({ screen: 'case', caseId: made.case, tab: 'overview' }),
  });
  const newCase = () => navigate({ screen: 'new' });
  useKey('worklist.new', newCase);
  useKey('list.filter', () => {
    search.current?.focus();
    search.current?.select();
  });

  const clear = () => {
    setTyped('');
    setState((before) => ({ ...before, search: '', states: [] }));
    search.current?.focus();
  };

  const shown = useMemo(() => columns(w, progress, wide), [w, progress, wide]);
  const demoButton = (
    <Button onPress={() => demo.mutate({})} isPending={demo.isPending}>
      {demo.isPending ? t.empty.demoPending : t.empty.demo}
    </Button>
  );

  return (
    <Screen
      title={t.title}
      note={data ? `${t.count(countAll(data.states))} · ${t.searchNote}` : undefined}
      fill
      actions={
        <Button variant="primary" onPress={newCase} keys="worklist.new">
          {t.newCase}
        </Button>
      }
    >
      <div className="worklist">
        <div className="worklist-bar">
          <div className="worklist-search">
            <TextField
              label={t.search}
              labelHidden
              type="search"
              value={typed}
              onChange={setTyped}
              placeholder={t.searchPlaceholder}
              inputRef={search}
            />
          </div>
          <StateFilter
            chosen={state.states}
            counts={data?.states ?? []}
            onChange={(states) => setState((before) => ({ ...before, states }))}
          />
        </div>
        {demo.error ? <ErrorState error={demo.error} title={t.empty.demoFailed} /> : null}
        {first.error ? (
          <ErrorState error={first.error} title={t.failed} onRetry={() => void first.refetch()} />
        ) : data ? (
          <DataGrid<CaseRow>
            ref={grid}
            label={t.grid}
            rowCount={total}
            queryKey={shownKey}
            rows={rows}
            firstPage={data.rows}
            rowId={(row) => row.id}
            columns={shown}
            sort={{ column: state.sort, descending: state.descending }}
            onSort={(sort) => setState((before) => withSort(before, sort.column, sort.descending))}
            onOpen={(row) => navigate({ screen: 'case', caseId: row.id, tab: 'overview' })}
            empty={
              isFiltered(state) ? (
                <EmptyState
                  title={t.noMatch.title}
                  text={t.noMatch.text}
                  action={<Button onPress={clear}>{t.noMatch.clear}</Button>}
                />
              ) : (
                <EmptyState
                  title={t.empty.title}
                  text={t.empty.text}
                  action={
                    <div className="worklist-start">
                      <Button onPress={newCase}>{t.newCase}</Button>
                      {demoButton}
                    </div>
                  }
                />
              )
            }
          />
        ) : (
          <LoadingState rows={12} />
        )}
        {queue.error ? <Notice tone="warn" title={w.queue.failedToRead} /> : null}
      </div>
    </Screen>
  );
}
