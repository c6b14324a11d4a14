import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

/**
 * What a screen keeps while the person is on another screen: an unfinished form, the search of the worklist. It
 * lives in the query cache and nowhere else, so that the one act which clears the cache at lock clears it too: it
 * may hold patient data.
 */
const root = 'kept';

function keyOf(name: string): QueryKey {
  return [root, name];
}

/** Reads what is kept under a name. */
export function readKept<T>(client: QueryClient, name: string): T | undefined {
  return client.getQueryData<T>(keyOf(name));
}

/** Keeps a value under a name until the lock. */
export function keep<T>(client: QueryClient, name: string, value: T): void {
  client.setQueryDefaults(keyOf(name), {
    gcTime: Number.POSITIVE_INFINITY,
    staleTime: Number.POSITIVE_INFINITY,
  });
  client.setQueryData<T>(keyOf(name), value);
}

/** Forgets what is kept under a name. */
export function forget(client: QueryClient, name: string): void {
  client.removeQueries({ queryKey: keyOf(name), exact: true });
}

/** State of a screen that outlives the screen, but not the lock. */
export function useKept<T>(name: string, initial: T): [T, (next: T | ((before: T) => T)) => void] {
  const client = useQueryClient();
  const [value, setValue] = useState<T>(() => readKept<T>(client, name) ?? initial);
  const set = useCallback(
    (next: T | ((before: T) => T)) => {
      setValue((before) => {
        const after = typeof next === 'function' ? (next as (before: T) => T)(before) : next;
        keep(client, name, after);
        return after;
      });
    },
    [client, name],
  );
  return [value, set];
}
