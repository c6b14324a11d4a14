import { Fragment, type ReactNode } from 'react';
import { classes } from './classes';

/** Sequence text: HGVS, alleles, coordinates. It wraps and is never cut. */
export function Mono({ children, size = 'm' }: { children: ReactNode; size?: 's' | 'm' | 'l' }) {
  return <span className={classes('mono', `mono-${size}`)}>{children}</span>;
}

/** Terms with their values. */
export function FactList({
  facts,
  columns = 1,
}: {
  facts: readonly { term: string; value: ReactNode }[];
  columns?: 1 | 2;
}) {
  return (
    <dl className={classes('facts', columns === 2 && 'facts-two')}>
      {facts.map((fact) => (
        <Fragment key={fact.term}>
          <dt>{fact.term}</dt>
          <dd>{fact.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** A column of a small table. */
export type SmallColumn = { id: string; title: string; align?: 'end'; mono?: boolean; isRowHeader?: boolean };

/** A table of fewer than a thousand rows, for reading. */
export function SmallTable({
  caption,
  captionHidden,
  columns,
  rows,
}: {
  caption: string;
  captionHidden?: boolean;
  columns: readonly SmallColumn[];
  rows: readonly { id: string; cells: Record<string, ReactNode> }[];
}) {
  const look = (column: SmallColumn) => classes(column.align === 'end' && 'end', column.mono && 'mono');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption className={classes(captionHidden && 'reader-only')}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={classes(column.align === 'end' && 'end')}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map((column) =>
                column.isRowHeader ? (
                  <th key={column.id} scope="row" className={look(column)}>
                    {row.cells[column.id]}
                  </th>
                ) : (
                  <td key={column.id} className={look(column)}>
                    {row.cells[column.id]}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
