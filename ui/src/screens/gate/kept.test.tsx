import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { forget, readKept, useKept } from './kept';

function around(client: QueryClient) {
  return ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
}

describe('what a screen keeps', () => {
  it('comes back when the screen is opened again', () => {
    const client = new QueryClient();
    const first = renderHook(() => useKept('form', 'nothing'), { wrapper: around(client) });
    act(() => first.result.current[1]('typed'));
    first.unmount();
    const second = renderHook(() => useKept('form', 'nothing'), { wrapper: around(client) });
    expect(second.result.current[0]).toBe('typed');
  });

  it('is gone with the cache, as at lock', () => {
    const client = new QueryClient();
    const first = renderHook(() => useKept('form', 'nothing'), { wrapper: around(client) });
    act(() => first.result.current[1]('Family name'));
    first.unmount();
    client.clear();
    expect(readKept(client, 'form')).toBeUndefined();
    const second = renderHook(() => useKept('form', 'nothing'), { wrapper: around(client) });
    expect(second.result.current[0]).toBe('nothing');
  });

  it('is forgotten by name', () => {
    const client = new QueryClient();
    const { result } = renderHook(() => useKept('a', 0), { wrapper: around(client) });
    act(() => result.current[1]((n) => n + 2));
    expect(readKept(client, 'a')).toBe(2);
    forget(client, 'a');
    expect(readKept(client, 'a')).toBeUndefined();
  });
});
