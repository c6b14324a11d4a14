import { invoke, isTauri } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import type { ErrorCode, Operations } from './types';

/** Name of an operation. */
export type OperationName = keyof Operations;
/** What an operation takes. */
export type Input<N extends OperationName> = Operations[N]['input'];
/** What an operation gives. */
export type Output<N extends OperationName> = Operations[N]['output'];

/**
 * Why a call failed. Besides the host's codes: `unreachable` (no answer came) and `unreadable` (an answer that is
 * not of the agreed form). `message` and `hint` are the host's words; for the two codes of this side they are empty
 * and the interface has words of its own.
 */
export class ApiError extends Error {
  readonly code: ErrorCode | 'unreachable' | 'unreadable';
  readonly place: string | null;
  readonly hint: string | null;

  constructor(
    code: ErrorCode | 'unreachable' | 'unreadable',
    message = '',
    place: string | null = null,
    hint: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.place = place;
    this.hint = hint;
  }
}

/** What can be shown as an error: a failed call, or the error that a record carries. */
export type ShownError = Pick<ApiError, 'code' | 'message' | 'place' | 'hint'>;

const CODES: Record<ErrorCode, true> = {
  invalid_input: true,
  not_found: true,
  locked: true,
  no_store: true,
  wrong_passphrase: true,
  store_in_use: true,
  newer_schema: true,
  damaged: true,
  not_allowed: true,
  wrong_state: true,
  io: true,
  resource: true,
  cancelled: true,
  internal: true,
};

/** Reads a rejected call: the host's error object, as it is or as JSON text; anything else is `unreadable`. */
export function toApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  let value = cause;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value);
    } catch {
      return new ApiError('unreadable');
    }
  }
  if (typeof value !== 'object' || value === null) return new ApiError('unreadable');
  const { code, message, place, hint } = value as Record<string, unknown>;
  if (typeof code !== 'string' || !Object.hasOwn(CODES, code) || typeof message !== 'string') {
    return new ApiError('unreadable');
  }
  const text = (part: unknown) => (typeof part === 'string' && part !== '' ? part : null);
  return new ApiError(code as ErrorCode, message, text(place), text(hint));
}

/** Whether the page runs in the desktop shell (else on the loopback server of the browser tests). */
export function inShell(): boolean {
  return isTauri() || '__TAURI_INTERNALS__' in window;
}

async function callShell(name: string, input: unknown): Promise<unknown> {
  try {
    return await invoke(name, { input });
  } catch (cause) {
    throw toApiError(cause);
  }
}

async function callLoopback(name: string, input: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      cache: 'no-store',
    });
  } catch {
    throw new ApiError('unreachable');
  }
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    throw new ApiError('unreadable');
  }
  if (!response.ok) throw toApiError(body);
  return body;
}

const refusedListeners = new Set<(error: ApiError, name: OperationName) => void>();

/** Tells of every refused call, so that the frame can follow a lock. Gives back its own removal. */
export function onRefused(listener: (error: ApiError, name: OperationName) => void): () => void {
  refusedListeners.add(listener);
  return () => refusedListeners.delete(listener);
}

/**
 * Calls an operation of the host.
 *
 * @throws ApiError
 */
export async function call<N extends OperationName>(name: N, input: Input<N>): Promise<Output<N>> {
  try {
    const output = await (inShell() ? callShell(name, input) : callLoopback(name, input));
    return output as Output<N>;
  } catch (cause) {
    const error = toApiError(cause);
    for (const listener of refusedListeners) listener(error, name);
    throw error;
  }
}

/** Address of a file by its token, readable by range: the shell's own scheme, or a path on loopback. */
export function fileUrl(token: string): string {
  const safe = encodeURIComponent(token);
  return inShell() ? `clinofile://localhost/${safe}` : `/file/${safe}`;
}

/** What happens while files are dragged over the window. */
export type FileDrag = { kind: 'over' } | { kind: 'left' } | { kind: 'dropped'; paths: string[] };

/** Follows files dragged onto the window (desktop shell only; a browser gives no paths). Gives back its removal. */
export function onFilesDragged(listener: (drag: FileDrag) => void): () => void {
  if (!inShell()) return () => {};
  let stopped = false;
  let stop: (() => void) | undefined;
  getCurrentWebview()
    .onDragDropEvent(({ payload }) => {
      if (payload.type === 'drop') listener({ kind: 'dropped', paths: payload.paths });
      else listener({ kind: payload.type === 'leave' ? 'left' : 'over' });
    })
    .then((unlisten) => {
      if (stopped) unlisten();
      else stop = unlisten;
    })
    .catch(() => {
      // Without the event the file dialog and typed paths remain.
    });
  return () => {
    stopped = true;
    stop?.();
  };
}

/** The paths of files dropped onto the window. Gives back its removal. */
export function onFilesDropped(listener: (paths: string[]) => void): () => void {
  return onFilesDragged((drag) => {
    if (drag.kind === 'dropped') listener(drag.paths);
  });
}
