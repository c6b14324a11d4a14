import { invoke } from '@tauri-apps/api/core';
import { inShell, toApiError } from './client';

/** Names of a kind of file for the dialog, with their endings (no dot). */
export type FileFilter = { name: string; extensions: string[] };

/**
 * Asks for existing files with the desktop's own dialog. Empty when the person chose none, and where there is no
 * shell to ask (a browser tells no paths).
 *
 * @throws ApiError
 */
export async function chooseFiles(options: {
  title: string;
  multiple: boolean;
  filters?: FileFilter[];
}): Promise<string[]> {
  if (!inShell()) return [];
  try {
    const chosen = await invoke<string | string[] | null>('plugin:dialog|open', {
      options: { ...options, directory: false, recursive: false },
    });
    if (chosen === null) return [];
    return Array.isArray(chosen) ? chosen : [chosen];
  } catch (cause) {
    throw toApiError(cause);
  }
}

/**
 * Asks for a folder with the desktop's own dialog. Null when the person chose none, and where there is no shell to ask.
 *
 * @throws ApiError
 */
export async function chooseFolder(title: string): Promise<string | null> {
  if (!inShell()) return null;
  try {
    return await invoke<string | null>('plugin:dialog|open', {
      options: { title, multiple: false, directory: true, recursive: false },
    });
  } catch (cause) {
    throw toApiError(cause);
  }
}

/**
 * Asks where a new file shall go with the desktop's own dialog. Null when the person chose no place, and where there
 * is no shell to ask.
 *
 * @throws ApiError
 */
export async function chooseNewFile(options: {
  title: string;
  defaultPath: string;
  filters?: FileFilter[];
}): Promise<string | null> {
  if (!inShell()) return null;
  try {
    return await invoke<string | null>('plugin:dialog|save', { options });
  } catch (cause) {
    throw toApiError(cause);
  }
}
