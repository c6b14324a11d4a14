import {
  keepPreviousData,
  QueryClient,
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import { type ApiError, call, type Input, type OperationName, type Output } from './client';

/**
 * The cache of answers. Nothing is retried by itself: the host answers at once or says why not. Answers are stale
 * at once, so that a screen that opens again asks again; the old answer stands until the new one is there.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 0,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    // What was sent (orders, passphrases) is not kept once nothing shows it.
    mutations: { retry: false, networkMode: 'always', gcTime: 0 },
  },
});

/** The cache key of a call. */
export function keyOf<N extends OperationName>(name: N, input?: Input<N>): QueryKey {
  return input === undefined ? [name] : [name, input];
}

/** Asks again for these operations (all when none is named). */
export function invalidate(names?: readonly OperationName[]): Promise<void> {
  if (!names) return queries.invalidateQueries();
  return Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: keyOf(name) }))).then(
    () => {},
  );
}

/** How a call is kept up to date. */
export type OperationOptions<N extends OperationName> = {
  /** False: not asked yet. */
  enabled?: boolean;
  /** Milliseconds between questions, or a function of the newest answer; false stops. */
  pollMs?: number | false | ((data: Output<N> | undefined) => number | false);
  /** Keep showing the former answer while the input changes. */
  keepPrevious?: boolean;
};

/** The answer of a reading operation, asked again whenever its input changes or an action invalidates it. */
export function useOperation<N extends OperationName>(
  name: N,
  input: Input<N>,
  options: OperationOptions<N> = {},
): UseQueryResult<Output<N>, ApiError> {
  const { enabled = true, pollMs = false, keepPrevious = false } = options;
  return useQuery<Output<N>, ApiError>({
    queryKey: keyOf(name, input),
    queryFn: () => call(name, input),
    enabled,
    refetchInterval:
      typeof pollMs === 'function' ? (query) => pollMs(query.state.data as Output<N> | undefined) : pollMs,
    // A hidden window must go on: a run ends and a lock comes while nobody looks.
    refetchIntervalInBackground: true,
    placeholderData: keepPrevious ? (keepPreviousData as never) : undefined,
  });
}

/** A changing operation. After success the named operations (or all) are asked again. */
export function useAction<N extends OperationName>(
  name: N,
  options: {
    invalidates?: readonly OperationName[];
    onSuccess?: (output: Output<N>, input: Input<N>) => void;
  } = {},
): UseMutationResult<Output<N>, ApiError, Input<N>> {
  return useMutation<Output<N>, ApiError, Input<N>>({
    mutationFn: (input) => call(name, input),
    onSuccess: (output, input) => {
      // Not awaited: the action is done, and what it changed is asked for behind it.
      void invalidate(options.invalidates);
      options.onSuccess?.(output, input);
    },
  });
}
