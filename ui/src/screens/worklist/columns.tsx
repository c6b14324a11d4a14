import type { ReactNode } from 'react';
import type { CaseRow } from '../../api/types';
import { Badge, type Column } from '../../components';
import { date, dateTime, type Words } from '../../words';
import { percentOf } from './query';

const badges = {
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  not_assessed: 'NOT ASSESSED',
} as const;

/** The status word of the quality column, whatever case the host writes it in; null: it has none. */
export function qualityOf(row: CaseRow): (typeof badges)[keyof typeof badges] | null {
  const word = row.quality?.toLowerCase().replace(/[ -]/g, '_') ?? '';
  return word in badges ? badges[word as keyof typeof badges] : null;
}

/** The outcome in words; a word that is not listed is shown as the host gave it. */
export function outcomeOf(row: CaseRow, w: Words): string | null {
  if (row.outcome === null) return null;
  const words: Record<string, string> = w.worklist.outcomes;
  return words[row.outcome] ?? row.outcome;
}

/** State in words, with the percent of a run at work. */
export function stateOf(row: CaseRow, w: Words, progress: ReadonlyMap<string, number>): string {
  const percent = percentOf(row, progress);
  const words = w.worklist.state[row.state];
  return percent === null ? words : `${words} ${w.worklist.percent(percent)}`;
}

/** Columns of the worklist; `wide`: there is room for the time of a change beside its day. */
export function columns(w: Words, progress: ReadonlyMap<string, number>, wide: boolean): Column<CaseRow>[] {
  const t = w.worklist;
  const none = <span className="worklist-none">{t.none}</span>;
  const or = (value: ReactNode) => value || none;
  // Identifiers must be readable whole; where room is short, the overview has the indication.
  const indication: Column<CaseRow> = {
    id: 'indication',
    title: t.column.indication,
    width: 'flex',
    minWidth: 98,
    text: (row) => row.indication ?? '',
    render: (row) => or(row.indication),
  };
  return [
    {
      id: 'sample',
      title: t.column.sample,
      width: 150,
      sortable: true,
      text: (row) => (row.synthetic ? `${row.sample} ${t.synthetic}` : row.sample),
      render: (row) => (
        <span className="worklist-sample">
          <span className="mono">{row.sample}</span>
          {row.synthetic ? <span className="worklist-synthetic">{t.synthetic}</span> : null}
        </span>
      ),
    },
    {
      id: 'patient',
      title: t.column.patient,
      width: 150,
      sortable: true,
      text: (row) => row.patient ?? t.unidentified,
      render: (row) => row.patient ?? <span className="worklist-unidentified">{t.unidentified}</span>,
    },
    {
      id: 'identifiers',
      title: t.column.identifiers,
      width: 'flex',
      minWidth: 230,
      text: (row) => row.identifiers.join(' · '),
      render: (row) => or(row.identifiers.join(' · ')),
    },
    {
      id: 'test',
      title: t.column.test,
      width: 'flex',
      minWidth: 98,
      text: (row) => row.test ?? '',
      render: (row) => or(row.test),
    },
    ...(wide ? [indication] : []),
    {
      id: 'state',
      title: t.column.state,
      width: 108,
      sortable: true,
      text: (row) => stateOf(row, w, progress),
      render: (row) => (
        <span className={`worklist-at worklist-at-${row.state}`}>{stateOf(row, w, progress)}</span>
      ),
    },
    {
      id: 'outcome',
      title: t.column.outcome,
      width: 122,
      text: (row) => outcomeOf(row, w) ?? '',
      render: (row) => or(outcomeOf(row, w)),
    },
    {
      id: 'quality',
      title: t.column.quality,
      width: 118,
      text: (row) => qualityOf(row) ?? '',
      render: (row) => {
        const status = qualityOf(row);
        return status ? <Badge status={status} /> : none;
      },
    },
    {
      id: 'changed',
      title: t.column.changed,
      width: wide ? 160 : 104,
      sortable: true,
      text: (row) => dateTime(row.changed),
      render: (row) => (wide ? dateTime(row.changed) : date(row.changed)),
    },
  ];
}
