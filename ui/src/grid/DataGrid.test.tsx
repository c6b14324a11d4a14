import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import { DataGrid, type DataGridProps, type GridHandle } from './DataGrid';

type Row = { id: number; gene: string };
const fetchRows = async (offset: number, limit: number): Promise<Row[]> =>
  Array.from({ length: limit }, (_, at) => ({ id: offset + at, gene: `GENE${offset + at}` }));

function props(more: Partial<DataGridProps<Row>> = {}): DataGridProps<Row> {
  return {
    label: 'Variants',
    rowCount: 5_000_000,
    queryKey: 'a',
    rows: fetchRows,
    rowId: (row) => String(row.id),
    columns: [
      { id: 'gene', title: 'Gene', width: 90, sortable: true, render: (row) => row.gene },
      { id: 'id', title: 'Number', width: 90, render: (row) => row.id },
    ],
    ...more,
  };
}

const focusedRow = () => document.activeElement?.closest('[role="row"]')?.getAttribute('aria-rowindex');

describe('DataGrid', () => {
  it('tells its whole size and draws only a window', async () => {
    render(<DataGrid {...props()} />);
    await screen.findByText('GENE0');
    const grid = screen.getByRole('grid', { name: 'Variants' });
    expect(grid.getAttribute('aria-rowcount')).toBe('5000001');
    expect(grid.querySelectorAll('[role="row"]').length).toBeLessThan(60);
    expect(grid.querySelectorAll('[tabindex="0"]').length).toBe(1);
  });

  it('keeps the focus on the row while its page loads, then tells which row it is', async () => {
    let release: ((rows: Row[]) => void) | undefined;
    const rows = (offset: number, limit: number) =>
      offset < 1_000 ? fetchRows(offset, limit) : new Promise<Row[]>((resolve) => (release = resolve));
    const onActive = vi.fn();
    render(<DataGrid {...props({ rows, onActive })} />);
    await screen.findByText('GENE0');
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{Control>}{End}{/Control}');
    expect(focusedRow()).toBe('5000001');
    await waitFor(() => expect(release).toBeDefined());
    release?.(await fetchRows(4_999_900, 100));
    await screen.findByText('GENE4999999');
    expect(focusedRow()).toBe('5000001');
    // Told after the row is drawn.
    await waitFor(() =>
      expect(onActive).toHaveBeenLastCalledWith({ id: 4_999_999, gene: 'GENE4999999' }, 4_999_999),
    );
  });

  it('opens, selects and sorts by keyboard', async () => {
    const onOpen = vi.fn();
    const onSelectedChange = vi.fn();
    const onSort = vi.fn();
    render(
      <DataGrid
        {...props({
          onOpen,
          onSort,
          onSelectedChange,
          selected: new Set(),
          sort: { column: 'gene', descending: false },
        })}
      />,
    );
    await screen.findByText('GENE0');
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('j{Enter} ');
    expect(onOpen).toHaveBeenCalledWith({ id: 1, gene: 'GENE1' });
    expect(onSelectedChange).toHaveBeenCalledWith(new Set(['1']));
    await user.keyboard('{ArrowUp}{ArrowUp}{Enter}');
    expect(onSort).toHaveBeenCalledWith({ column: 'gene', descending: true });
    expect(screen.getByRole('columnheader', { name: 'Gene' }).getAttribute('aria-sort')).toBe('ascending');
  });

  it('keeps the shown row and follows it when a change puts it elsewhere', async () => {
    let order = [0, 1, 2, 3];
    const rows = async () => order.map((id) => ({ id, gene: `GENE${id}` }));
    const onActive = vi.fn();
    const ref = createRef<GridHandle>();
    const shown = { rows, rowCount: 4, onActive, ref };
    const { rerender } = render(<DataGrid {...props({ ...shown, activeId: '0' })} />);
    await screen.findByText('GENE1');
    await userEvent.setup().click(screen.getByText('GENE1'));
    await waitFor(() => expect(onActive).toHaveBeenLastCalledWith({ id: 1, gene: 'GENE1' }, 1));
    rerender(<DataGrid {...props({ ...shown, activeId: '1' })} />);
    onActive.mockClear();
    order = [0, 2, 3, 1];
    ref.current?.reload();
    await waitFor(() => expect(focusedRow()).toBe('5'));
    expect(document.activeElement?.textContent).toContain('GENE1');
    expect(onActive).not.toHaveBeenCalled();
  });

  it('drops the rows of another query and throws its late answers away', async () => {
    let late: (rows: Row[]) => void = () => {};
    const first = () => new Promise<Row[]>((resolve) => (late = resolve));
    const { rerender } = render(<DataGrid {...props({ rows: first })} />);
    rerender(<DataGrid {...props({ queryKey: 'b', rowCount: 50 })} />);
    await screen.findByText('GENE3');
    late([{ id: 0, gene: 'STALE' }]);
    await waitFor(() => expect(screen.queryByText('GENE3')).not.toBeNull());
    expect(screen.queryByText('STALE')).toBeNull();
  });

  it('shows every row when the count of the former query gives way to a larger one', async () => {
    const rows = async (offset: number, limit: number) => fetchRows(offset, Math.min(limit, 50 - offset));
    const { rerender } = render(<DataGrid {...props({ rowCount: 3 })} />);
    await screen.findByText('GENE2');
    rerender(<DataGrid {...props({ queryKey: 'b', rows, rowCount: 3 })} />);
    await screen.findByText('GENE2');
    rerender(<DataGrid {...props({ queryKey: 'b', rows, rowCount: 50 })} />);
    await screen.findByText('GENE20');
    expect(document.querySelectorAll('.grid-skeleton')).toHaveLength(0);
  });

  it('shows the rows again after a reload, whatever was about to be asked for', async () => {
    const grid = createRef<GridHandle>();
    const first = await fetchRows(0, 20);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    render(<DataGrid {...props({ rowCount: 20, firstPage: first })} ref={grid} />);
    // The timer of the first drawing fires between the reload and the drawing that follows it.
    grid.current?.reload();
    vi.advanceTimersByTime(1_000);
    vi.useRealTimers();
    // The drawing after the reload; before it the former rows still stand.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await screen.findByText('GENE19');
  });

  it('says a failure and tries again', async () => {
    const rows = vi.fn(fetchRows).mockRejectedValueOnce(new ApiError('io', 'The store could not be read.'));
    render(<DataGrid {...props({ rows })} />);
    expect((await screen.findByRole('alert')).textContent).toContain('The store could not be read.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('GENE0');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('uses the first page that it is given', async () => {
    const rows = vi.fn(fetchRows);
    render(<DataGrid {...props({ rowCount: 20, rows, firstPage: await fetchRows(0, 20) })} />);
    await screen.findByText('GENE19');
    expect(rows).not.toHaveBeenCalled();
  });
});
