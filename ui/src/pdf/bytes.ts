/** Bytes asked for at once: what the host gives at most. */
export const CHUNK = 8 * 1024 * 1024;

/** Reads a kept file whole, by ranges. Throws where the answer is not what was asked for. */
export async function readAll(
  url: string,
  ask: typeof fetch = fetch,
  chunk = CHUNK,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let have = 0;
  let total = Number.POSITIVE_INFINITY;
  while (have < total) {
    const response = await ask(url, {
      headers: { Range: `bytes=${have}-${have + chunk - 1}` },
      cache: 'no-store',
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const part = new Uint8Array(await response.arrayBuffer());
    if (response.status === 200) {
      // The whole file in one answer.
      parts.length = 0;
      parts.push(part);
      have = part.length;
      total = have;
      break;
    }
    total = totalOf(response.headers.get('content-range'), have, part.length, chunk);
    if (part.length === 0 && have < total) throw new Error('a part is empty');
    parts.push(part);
    have += part.length;
  }
  const bytes = new Uint8Array(have);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Length of the file by `Content-Range`; where a scheme hides that header, a short part is the last one. */
function totalOf(header: string | null, have: number, got: number, chunk: number): number {
  const named = /\/(\d+)$/.exec(header ?? '')?.[1];
  if (named !== undefined) return Number(named);
  return got < chunk ? have + got : Number.POSITIVE_INFINITY;
}

/** SHA-256 in hex, or null where the window has no way to compute it. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
