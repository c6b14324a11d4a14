import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, toApiError } from '../api/client';
import { PAGE } from './model';

/** Pages kept; the farthest from the window go first. */
const KEPT = 60;
/** Milliseconds that a window must stand before its rows are asked for, so that a dragged scroll bar asks once. */
const SETTLE_MS = 60;

/** Rows of the host, page by page. */
export type Pages<Row> = {
  /** The row, or undefined while it is not here. */
  at: (index: number) => Row | undefined;
  /** The newest failure; cleared by `retry`. */
  error: ApiError | null;
  retry: () => void;
  /** Drops everything and asks again for what is in sight. */
  reload: () => void;
};

/**
 * Keeps the rows around a window. `key` names the query: another key drops what is held, and answers to the former
 * one are thrown away. `firstPage` seeds the start where the caller already has it.
 */
export function usePages<Row>(
  fetchRows: (offset: number, limit: number) => Promise<readonly Row[]>,
  rowCount: number,
  key: string,
  window: { first: number; last: number },
  firstPage?: readonly Row[],
): Pages<Row> {
  const fetcher = useRef(fetchRows);
  const held = useRef(new Map<number, readonly Row[]>());
  const pending = useRef(new Set<number>());
  const generation = useRef(0);
  const [error, setError] = useState<ApiError | null>(null);
  const [, redraw] = useState(0);
  const [heldKey, setHeldKey] = useState<string | null>(null);
  const [epoch, setEpoch] = useState(0);

  if (heldKey !== key) {
    // During drawing, not after: the rows of another query must not be shown for even one frame.
    held.current = new Map();
    pending.current = new Set();
    generation.current += 1;
    if (firstPage && firstPage.length >= Math.min(PAGE, rowCount))
      held.current.set(0, firstPage.slice(0, PAGE));
    setHeldKey(key);
    setError(null);
  }

  useEffect(() => {
    fetcher.current = fetchRows;
  });

  const firstNeeded = Math.floor(Math.max(0, window.first) / PAGE);
  const lastNeeded = Math.floor(Math.max(0, Math.min(window.last, rowCount - 1)) / PAGE);

  // `key` and `epoch` ask again although the window has not moved.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (rowCount === 0 || error) return;
    const mine = generation.current;
    const load = (page: number) => {
      pending.current.add(page);
      // Always a whole page: the count may still be the former query's, and a page cut by it would stay short.
      fetcher.current(page * PAGE, PAGE).then(
        (rows) => {
          if (mine !== generation.current) return;
          pending.current.delete(page);
          held.current.set(page, rows);
          if (held.current.size > KEPT) {
            const far = [...held.current.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
            for (const drop of far.slice(0, held.current.size - KEPT)) held.current.delete(drop);
          }
          redraw((count) => count + 1);
        },
        (cause: unknown) => {
          if (mine !== generation.current) return;
          pending.current.delete(page);
          setError(toApiError(cause));
        },
      );
    };
    const need = () => {
      // A timer of before a reload: what it asked for would be thrown away and never asked for again.
      if (mine !== generation.current) return;
      for (let page = firstNeeded; page <= lastNeeded; page += 1) {
        const rows = held.current.get(page)?.length ?? -1;
        const isWhole = rows >= Math.min(PAGE, rowCount - page * PAGE);
        if (!isWhole && !pending.current.has(page)) load(page);
      }
    };
    if (held.current.size === 0 && pending.current.size === 0) {
      need();
      return;
    }
    const timer = globalThis.setTimeout(need, SETTLE_MS);
    return () => globalThis.clearTimeout(timer);
  }, [firstNeeded, lastNeeded, rowCount, key, epoch, error]);

  const at = useCallback((index: number) => held.current.get(Math.floor(index / PAGE))?.[index % PAGE], []);
  const retry = useCallback(() => {
    setError(null);
    setEpoch((count) => count + 1);
  }, []);
  const reload = useCallback(() => {
    held.current = new Map();
    pending.current = new Set();
    generation.current += 1;
    setError(null);
    setEpoch((count) => count + 1);
  }, []);
  return { at, error, retry, reload };
}
