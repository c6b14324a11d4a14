// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, call, fileUrl, onRefused, toApiError } from './client';

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(window, '__TAURI_INTERNALS__');
});

const answer = (body: string, status = 200) =>
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response(body, { status })));

describe('errors', () => {
  it('keep code, message, place and hint', () => {
    const error = toApiError({ code: 'damaged', message: 'm', place: 'p', hint: 'h' });
    expect(error).toMatchObject({ code: 'damaged', message: 'm', place: 'p', hint: 'h' });
    expect(toApiError('{"code":"locked","message":"m","place":null,"hint":""}')).toMatchObject({
      code: 'locked',
      place: null,
      hint: null,
    });
  });
  it.each([
    null,
    7,
    'text',
    {},
    { code: 'odd', message: 'm' },
    { code: 'toString', message: 'm' },
    { code: 'io' },
  ])('%o is unreadable', (cause) => expect(toApiError(cause).code).toBe('unreadable'));
});

describe('loopback', () => {
  it('posts the input and gives the output', async () => {
    answer('{"gate":"locked"}');
    expect(await call('status', {})).toEqual({ gate: 'locked' });
    expect(vi.mocked(fetch).mock.calls[0]).toEqual([
      '/api/status',
      expect.objectContaining({ method: 'POST', body: '{}' }),
    ]);
  });
  it('throws the host’s error and tells the frame', async () => {
    answer('{"code":"locked","message":"m","place":null,"hint":null}', 403);
    const seen = vi.fn();
    const stop = onRefused(seen);
    await expect(call('queue', {})).rejects.toMatchObject({ code: 'locked' });
    expect(seen).toHaveBeenCalledWith(expect.any(ApiError), 'queue');
    stop();
  });
  it('tells no answer from a bad one', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('x')));
    await expect(call('queue', {})).rejects.toMatchObject({ code: 'unreachable' });
    answer('<html>');
    await expect(call('queue', {})).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('shell', () => {
  it('invokes with the input under its name', async () => {
    const invoke = vi.fn().mockResolvedValue({ runs: [] });
    Object.assign(window, { __TAURI_INTERNALS__: { invoke } });
    expect(await call('queue', {})).toEqual({ runs: [] });
    expect(invoke.mock.calls[0]?.slice(0, 2)).toEqual(['queue', { input: {} }]);
  });
  it('has an address of its own for files', () => {
    expect(fileUrl('a b')).toBe('/file/a%20b');
    Object.assign(window, { __TAURI_INTERNALS__: {} });
    expect(fileUrl('a b')).toBe('clinofile://localhost/a%20b');
  });
});
