import {
  type ForwardedRef,
  forwardRef,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from '../components/Button';
import { classes } from '../components/classes';
import { announce } from '../components/toasts';
import { useKey, useSingleKeys } from '../keys';
import { useWords } from '../words';
import { type Column, leastWidth, template } from './columns';
import { GridHeader, GridRow, type Sort } from './GridRow';
import {
  type Cell,
  moveCell,
  offsetAfterScroll,
  offsetToShow,
  ROW,
  scrollOf,
  scrollRange,
  windowOf,
} from './model';
import { usePages } from './pages';

/** What a caller may ask of the grid. */
export type GridHandle = {
  focus: () => void;
  /** Shows and focuses a row, by its index. */
  focusRow: (index: number) => void;
  /** Asks the host again for the rows in sight. */
  reload: () => void;
};

/** See the properties' comments; rows come from the host, page by page. */
export type DataGridProps<Row> = {
  label: string;
  rowCount: number;
  /** Names filter and order; another key drops the rows and goes to the top. */
  queryKey: string;
  rows: (offset: number, limit: number) => Promise<readonly Row[]>;
  /** The first 100 rows, where the caller has them for exactly this key. */
  firstPage?: readonly Row[];
  rowId: (row: Row) => string;
  columns: readonly Column<Row>[];
  sort?: Sort | null;
  onSort?: (sort: Sort) => void;
  /** The row that the detail shows; found again among the rows in sight. */
  activeId?: string | null;
  onActive?: (row: Row, index: number) => void;
  onOpen?: (row: Row) => void;
  /** A single click opens, too: for a grid whose active row shows nothing beside it. */
  opensOnClick?: boolean;
  selected?: ReadonlySet<string>;
  onSelectedChange?: (selected: Set<string>) => void;
  empty?: ReactNode;
};

/** Height of the header in px: the same as --row. */
const HEADER = ROW;

function Grid<Row>(props: DataGridProps<Row>, ref: ForwardedRef<GridHandle>) {
  const { columns, rowCount, queryKey, rowId, selected, onSelectedChange, activeId, onActive, onOpen } =
    props;
  const w = useWords();
  const singles = useSingleKeys();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(600);
  const [position, setPosition] = useState({ offset: 0, scroll: 0 });
  const [cell, setCell] = useState<Cell>({ row: rowCount > 0 ? 0 : -1, column: 0 });
  const [shownKey, setShownKey] = useState(queryKey);
  const [longest, setLongest] = useState<ReadonlyMap<string, number>>(new Map());
  const wantsFocus = useRef(false);
  const moved = useRef(false);
  /** The cursor came to a row that the host of the grid has not heard of. */
  const untold = useRef(false);
  /** The row last told, until it is the one that is shown. */
  const told = useRef<string | null>(null);

  if (shownKey !== queryKey) {
    setShownKey(queryKey);
    setPosition({ offset: 0, scroll: 0 });
    setCell((at) => ({ row: rowCount > 0 ? 0 : -1, column: at.column }));
    setLongest(new Map());
  }
  const range = scrollRange(rowCount, view);
  const active = { row: Math.min(cell.row, rowCount - 1), column: Math.min(cell.column, columns.length - 1) };
  const shown = windowOf(range, position.offset, rowCount);
  const pages = usePages(props.rows, rowCount, queryKey, shown, props.firstPage);

  // The keys' names in sheet and foot line; the grid acts on them itself while it has the focus.
  const none = useCallback(() => {}, []);
  useKey('grid.move', none, { enabled: rowCount > 0 });
  useKey('grid.open', none, { enabled: rowCount > 0 && onOpen !== undefined });
  useKey('grid.select', none, { enabled: rowCount > 0 && onSelectedChange !== undefined });
  useKey('grid.page', none, { enabled: rowCount > 0 });
  useKey('grid.ends', none, { enabled: rowCount > 0 });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      const next = element.clientHeight - HEADER;
      if (next > 0) setView(next);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The scroll bar follows the offset: after a key, and after the small steps of a scaled range.
  useLayoutEffect(() => {
    const element = box.current;
    if (element && Math.abs(element.scrollTop - position.scroll) > 1) element.scrollTop = position.scroll;
  }, [position.scroll]);

  useEffect(() => {
    if (range.total === range.height) return;
    const timer = window.setTimeout(() => {
      setPosition((now) => {
        const scroll = scrollOf(range, now.offset);
        return Math.abs(scroll - now.scroll) > 1 ? { offset: now.offset, scroll } : now;
      });
    }, 160);
    return () => window.clearTimeout(timer);
  });

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    const target = box.current?.querySelector<HTMLElement>('[data-cursor="true"]');
    if (target) {
      wantsFocus.current = false;
      target.focus({ preventScroll: true });
      // Sideways the browser knows best; the header never covers that way.
      target.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    }
  });

  const pagesAt = pages.at;
  useEffect(() => {
    let next: Map<string, number> | undefined;
    for (const column of columns) {
      if (!column.mono || !column.text) continue;
      let most = longest.get(column.id) ?? 0;
      for (let index = shown.first; index <= shown.last; index += 1) {
        const row = pagesAt(index);
        if (row !== undefined) most = Math.max(most, [...column.text(row)].length);
      }
      if (most > (longest.get(column.id) ?? 0)) {
        next ??= new Map(longest);
        next.set(column.id, most);
      }
    }
    if (next) setLongest(next);
  });

  const goTo = useCallback(
    (next: Cell, focus: boolean) => {
      moved.current = true;
      wantsFocus.current = focus;
      setCell(next);
      if (next.row >= 0) {
        setPosition((now) => {
          const offset = offsetToShow(range, now.offset, next.row);
          return offset === now.offset ? now : { offset, scroll: scrollOf(range, offset) };
        });
        const row = pagesAt(next.row);
        untold.current = row === undefined;
        if (row !== undefined) {
          told.current = rowId(row);
          onActive?.(row, next.row);
        }
      }
    },
    [range, pagesAt, onActive, rowId],
  );

  // Other rows: the cursor stands on the first of them, which the host of the grid has yet to hear.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the key is what this waits for
  useEffect(() => {
    if (moved.current) untold.current = true;
  }, [queryKey]);

  useEffect(() => {
    const row = active.row >= 0 ? pagesAt(active.row) : undefined;
    if (untold.current) {
      // A row that was not here when the cursor came to it is told as soon as it is.
      if (row === undefined) return;
      untold.current = false;
      told.current = rowId(row);
      if (activeId !== told.current) onActive?.(row, active.row);
      return;
    }
    if (activeId === undefined || activeId === null) return;
    if (told.current !== null && told.current !== activeId) return;
    told.current = null;
    // The row that is shown may stand elsewhere after a change, as after a decision in an order by class: what is
    // shown stays, and the cursor goes after it.
    if (row === undefined || rowId(row) === activeId) return;
    for (let index = shown.first; index <= shown.last; index += 1) {
      const other = pagesAt(index);
      if (other !== undefined && rowId(other) === activeId) {
        wantsFocus.current = box.current?.querySelector('[role="gridcell"]:focus') !== null;
        setCell({ row: index, column: cell.column });
        return;
      }
    }
  });

  useImperativeHandle(ref, () => ({
    focus: () => goTo({ ...active, row: Math.max(active.row, rowCount > 0 ? 0 : -1) }, true),
    focusRow: (index) =>
      goTo({ row: Math.max(0, Math.min(rowCount - 1, index)), column: active.column }, true),
    reload: pages.reload,
  }));

  const toggle = (index: number) => {
    const row = pagesAt(index);
    if (row === undefined || !onSelectedChange) return;
    const next = new Set(selected);
    if (!next.delete(rowId(row))) next.add(rowId(row));
    onSelectedChange(next);
    announce(w.common.grid.selectedCount(next.size));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, altKey: alt, shiftKey: shift } = event;
    const ctrl = event.ctrlKey || event.metaKey;
    const extent = { rows: rowCount, columns: columns.length, page: Math.max(1, Math.floor(view / ROW) - 1) };
    const next = moveCell(active, { key, ctrl, alt, shift }, extent, singles);
    if (next) {
      event.preventDefault();
      goTo(next, true);
      if (next.row >= 0 && Math.abs(next.row - active.row) > 1)
        announce(w.common.grid.position(next.row + 1, rowCount));
      return;
    }
    if (ctrl || alt || active.row < 0) return;
    if (key === 'Enter' && onOpen) {
      const row = pagesAt(active.row);
      event.preventDefault();
      if (row !== undefined) onOpen(row);
    } else if (key === ' ') {
      event.preventDefault();
      toggle(active.row);
    }
  };

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const scroll = element.scrollTop;
    setPosition((now) =>
      Math.abs(scroll - now.scroll) <= 1
        ? now
        : { offset: offsetAfterScroll(range, now.offset, now.scroll, scroll), scroll },
    );
  };

  if (rowCount === 0 && props.empty) return <div className="grid-empty">{props.empty}</div>;
  const layout = template(columns, longest, onSelectedChange !== undefined);
  const least = leastWidth(columns, longest, onSelectedChange !== undefined);
  const indexes: number[] = [];
  for (let index = shown.first; index <= shown.last; index += 1) indexes.push(index);
  // The cursor's row stays in the page wherever the window is, so that the focus is never lost.
  if (active.row >= 0 && (active.row < shown.first || active.row > shown.last)) indexes.push(active.row);
  const top = (index: number) => {
    const fromWindow = index * ROW - position.offset;
    const kept = Math.max(-4 * ROW, Math.min(view + 4 * ROW, fromWindow));
    return position.scroll + (index < shown.first || index > shown.last ? kept : fromWindow);
  };

  return (
    <div className="grid-frame">
      <div
        ref={box}
        className="grid"
        role="grid"
        aria-label={props.label}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length}
        aria-multiselectable={onSelectedChange ? true : undefined}
        aria-busy={indexes.some((index) => pagesAt(index) === undefined)}
        // The cell with the cursor takes the focus.
        tabIndex={-1}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
        style={{ scrollPaddingBlockStart: HEADER }}
      >
        <GridHeader
          columns={columns}
          template={layout}
          least={least}
          sort={props.sort ?? null}
          onSort={props.onSort}
          hasSelection={onSelectedChange !== undefined}
          cursor={active.row === -1 ? active.column : -1}
          onFocusCell={(column) => setCell({ row: -1, column })}
        />
        <div className="grid-body" role="rowgroup" style={{ height: range.height, minWidth: least }}>
          {indexes.map((index) => {
            const row = pagesAt(index);
            const id = row === undefined ? null : rowId(row);
            return (
              <GridRow
                key={index}
                row={row}
                index={index}
                top={top(index)}
                columns={columns}
                template={layout}
                isActive={activeId === undefined ? index === active.row : id !== null && id === activeId}
                isSelected={onSelectedChange ? id !== null && (selected?.has(id) ?? false) : null}
                cursor={index === active.row ? active.column : -1}
                onPick={(column) => {
                  goTo({ row: index, column }, true);
                  if (props.opensOnClick && row !== undefined) onOpen?.(row);
                }}
                onOpen={onOpen}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
      {pages.error ? (
        <div className={classes('grid-foot')} role="alert">
          <span>{`${w.common.grid.failed} ${pages.error.message}`}</span>
          <Button onPress={pages.retry}>{w.common.retry}</Button>
        </div>
      ) : null}
    </div>
  );
}

/**
 * A table of any number of rows that the host sorts, filters and pages. One tab stop; arrows, j and k, Page, Home and
 * End move, Enter opens, Space selects, the header's buttons sort.
 */
export const DataGrid = forwardRef(Grid) as <Row>(
  props: DataGridProps<Row> & RefAttributes<GridHandle>,
) => ReactElement;
