import { classes } from '../components/classes';
import { announce } from '../components/toasts';
import { useWords } from '../words';
import type { Column } from './columns';

/** The order of the rows. */
export type Sort = { column: string; descending: boolean };

/** The header: a button per column that the host can sort by. */
export function GridHeader<Row>({
  columns,
  template,
  least,
  sort,
  onSort,
  hasSelection,
  cursor,
  onFocusCell,
}: {
  columns: readonly Column<Row>[];
  template: string;
  /** Pixels that the columns need at least. */
  least: number;
  sort: Sort | null;
  onSort?: (sort: Sort) => void;
  hasSelection: boolean;
  cursor: number;
  onFocusCell: (column: number) => void;
}) {
  const w = useWords();
  return (
    <div role="rowgroup" className="grid-head" style={{ minWidth: least }}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the header cells take the focus */}
      <div role="row" aria-rowindex={1} className="grid-row" style={{ gridTemplateColumns: template }}>
        {hasSelection ? <div className="grid-check" role="presentation" /> : null}
        {columns.map((column, index) => {
          const sorted = sort?.column === column.id;
          const look = classes('grid-cell', 'grid-title', column.align === 'end' && 'end');
          const roving = {
            tabIndex: cursor === index ? 0 : -1,
            'data-cursor': cursor === index ? 'true' : undefined,
            onFocus: () => onFocusCell(index),
          } as const;
          const canSort = column.sortable && onSort;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: where it can sort, its button takes the focus
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={
                sorted ? (sort.descending ? 'descending' : 'ascending') : canSort ? 'none' : undefined
              }
              className={look}
              {...(canSort ? {} : roving)}
            >
              {canSort ? (
                <button
                  type="button"
                  className="grid-sort"
                  {...roving}
                  onClick={() => {
                    const descending = sorted ? !sort.descending : false;
                    onSort({ column: column.id, descending });
                    announce(
                      descending
                        ? w.common.grid.sortedDown(column.title)
                        : w.common.grid.sortedUp(column.title),
                    );
                  }}
                >
                  {column.title}
                  <svg width="7" height="8" viewBox="0 0 7 8" aria-hidden="true">
                    {sorted ? (
                      <path d={sort.descending ? 'M0 2h7L3.5 7z' : 'M0 6h7L3.5 1z'} fill="currentColor" />
                    ) : null}
                  </svg>
                </button>
              ) : (
                column.title
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** One row; while its content is on the way it keeps its cells, and the cursor with them. */
export function GridRow<Row>({
  row,
  index,
  top,
  columns,
  template,
  isActive,
  isSelected,
  cursor,
  onPick,
  onOpen,
  onToggle,
}: {
  row: Row | undefined;
  index: number;
  top: number;
  columns: readonly Column<Row>[];
  template: string;
  isActive: boolean;
  /** Null: the grid has no selection; then the active row is the selected one. */
  isSelected: boolean | null;
  cursor: number;
  onPick: (column: number) => void;
  onOpen?: (row: Row) => void;
  onToggle: (index: number) => void;
}) {
  const w = useWords();
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected ?? isActive}
      className={classes('grid-row', 'grid-data', isActive && 'grid-active')}
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      onDoubleClick={() => row !== undefined && onOpen?.(row)}
    >
      {isSelected === null ? null : (
        // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the pointer; Space does the same from any cell
        <div className="grid-check" role="presentation" onClick={() => onToggle(index)}>
          <span className={classes('check-box', isSelected && 'check-on')}>
            <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
              {isSelected ? <path d="M2 6.3l2.7 2.7L10 3.2" /> : null}
            </svg>
          </span>
        </div>
      )}
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          tabIndex={cursor === at ? 0 : -1}
          data-cursor={cursor === at ? 'true' : undefined}
          className={classes('grid-cell', column.align === 'end' && 'end', column.mono && 'mono')}
          title={row === undefined ? undefined : column.text?.(row)}
          onClick={() => onPick(at)}
        >
          {row === undefined ? (
            <span className="skeleton grid-skeleton">
              <span className="reader-only">{w.common.grid.loadingRow}</span>
            </span>
          ) : (
            column.render(row)
          )}
        </div>
      ))}
    </div>
  );
}
