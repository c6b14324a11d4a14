import { describe, expect, it } from 'vitest';
import { readAll, sha256 } from './bytes';
import { stepZoom } from './zoom';

const whole = Uint8Array.from({ length: 25 }, (_, index) => index);

function server(named: boolean): { ask: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const ask = (async (_: unknown, init?: RequestInit) => {
    const range = new Headers(init?.headers).get('range') ?? '';
    asked.push(range);
    const [, from = '0', to = '0'] = /bytes=(\d+)-(\d+)/.exec(range) ?? [];
    const part = whole.slice(Number(from), Number(to) + 1);
    const headers: Record<string, string> = named ? { 'content-range': `bytes ${from}-${to}/25` } : {};
    return new Response(part, { status: 206, headers });
  }) as typeof fetch;
  return { ask, asked };
}

describe('reading a kept file', () => {
  it('reads it whole by ranges', async () => {
    const { ask, asked } = server(true);
    expect(await readAll('x', ask, 10)).toEqual(whole);
    expect(asked).toEqual(['bytes=0-9', 'bytes=10-19', 'bytes=20-29']);
  });

  it('ends at a short part where the length is not told', async () => {
    expect(await readAll('x', server(false).ask, 10)).toEqual(whole);
  });

  it('takes a whole answer as it is', async () => {
    const ask = (async () => new Response(whole, { status: 200 })) as unknown as typeof fetch;
    expect(await readAll('x', ask, 10)).toEqual(whole);
  });

  it('fails where the host refuses', async () => {
    const ask = (async () => new Response('', { status: 404 })) as unknown as typeof fetch;
    await expect(readAll('x', ask, 10)).rejects.toThrow('404');
  });

  it('knows the SHA-256 of its bytes', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('zoom', () => {
  it('goes to the next step and stops at the ends', () => {
    expect(stepZoom(0.92, 1)).toBe(1);
    expect(stepZoom(0.92, -1)).toBe(0.9);
    expect(stepZoom(3, 1)).toBe(3);
    expect(stepZoom(0.5, -1)).toBe(0.5);
  });
});
