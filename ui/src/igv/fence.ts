import { fileUrl } from '../api/client';

/**
 * igv knows addresses of its own makers (genome lists, retired-address tables, BLAT, gene search) and asks some of
 * them by itself when a request fails. The page's policy refuses them; this fence refuses them before they are tried.
 */

/** Whether an address stays inside the application: its own origin, its file scheme, or bytes already in the page. */
export function isInside(address: string, origin: string, files: string): boolean {
  let url: URL;
  try {
    url = new URL(address, origin);
  } catch {
    return false;
  }
  if (url.protocol === 'blob:' || url.protocol === 'data:') return true;
  const own = new URL(origin);
  if (url.protocol === own.protocol && url.host === own.host) return true;
  const kept = new URL(files, origin);
  return url.protocol === kept.protocol && url.host === kept.host;
}

let refusals = 0;

/** How many addresses were refused since the fence stands. */
export function refused(): number {
  return refusals;
}

let stands = false;

/** Puts the fence around XMLHttpRequest, fetch and sockets of this page; once. Before igv is loaded. */
export function raiseFence(): void {
  if (stands) return;
  stands = true;
  const inside = (address: string) => isInside(address, window.location.href, fileUrl('x'));
  const refuse = () => {
    refusals += 1;
    return new DOMException('outside the application', 'SecurityError');
  };

  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function fenced(
    this: XMLHttpRequest,
    method: string,
    url: string | URL,
    ...rest: [boolean?, string?, string?]
  ) {
    if (!inside(String(url))) throw refuse();
    // The two-argument form is always asynchronous; a given flag is kept.
    return open.call(this, method, url, rest[0] ?? true, rest[1], rest[2]);
  };

  const ask = window.fetch;
  window.fetch = (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    return inside(address) ? ask.call(window, input, init) : Promise.reject(refuse());
  };
}
