import { useRef, useState } from 'react';
import { useOperation } from '../../api/hooks';
import type { HistoryRow } from '../../api/types';
import { Await, Button, EmptyState, Screen, SmallTable, TextField } from '../../components';
import { useKey } from '../../keys';
import { dateTime, useWords } from '../../words';
import { matching } from './history/match';
import './case.css';

const STEP = 200;

/** The audit trail of a case: who, what, before, after, why. */
export default function History({ caseId }: { caseId: string }) {
  const w = useWords();
  const query = useOperation('history', { case: caseId });
  return (
    <Screen title={w.history.title} note={query.data ? w.history.note(query.data.rows.length) : null}>
      <Await query={query} rows={10}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={w.history.empty} text={w.history.emptyText} />
          ) : (
            <Rows rows={data.rows} />
          )
        }
      </Await>
    </Screen>
  );
}

function Rows({ rows }: { rows: readonly HistoryRow[] }) {
  const w = useWords();
  const h = w.history;
  const [words, setWords] = useState('');
  const [limit, setLimit] = useState(STEP);
  const find = useRef<HTMLInputElement>(null);
  useKey('list.filter', () => find.current?.focus());
  const found = matching(rows, words);
  const shown = found.slice(0, limit);
  const value = (text: string | null) => (text === null || text === '' ? h.none : text);
  return (
    <div className="case-page">
      <div className="case-find">
        <TextField
          label={h.filter}
          type="search"
          value={words}
          onChange={setWords}
          description={h.filterNote}
          inputRef={find}
        />
        <span role="status">{h.shown(shown.length, rows.length)}</span>
      </div>
      {found.length === 0 ? (
        <EmptyState
          title={h.noMatch}
          text={words}
          action={<Button onPress={() => setWords('')}>{h.clear}</Button>}
        />
      ) : (
        <div className="case-history">
          <SmallTable
            caption={h.caption}
            captionHidden
            columns={[
              { id: 'seq', title: h.number, align: 'end', mono: true },
              { id: 'at', title: h.at, isRowHeader: true },
              { id: 'who', title: h.who },
              { id: 'action', title: h.action },
              { id: 'field', title: h.change },
              { id: 'old', title: h.old },
              { id: 'new', title: h.new },
              { id: 'reason', title: h.reason },
            ]}
            rows={shown.map((row) => ({
              id: String(row.seq),
              cells: {
                seq: String(row.seq),
                at: <span className="case-when">{dateTime(row.at)}</span>,
                who: row.who,
                action: row.action,
                field: <span className="case-value">{value(row.field)}</span>,
                old: <span className="case-value">{value(row.old)}</span>,
                new: <span className="case-value">{value(row.new)}</span>,
                reason: <span className="case-value">{value(row.reason)}</span>,
              },
            }))}
          />
        </div>
      )}
      {found.length > limit ? (
        <Button onPress={() => setLimit(limit + STEP)}>{h.more(Math.min(STEP, found.length - limit))}</Button>
      ) : null}
    </div>
  );
}
