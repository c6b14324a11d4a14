import type { IGV } from 'igv';
import { raiseFence } from './fence';

let loaded: Promise<IGV> | undefined;

/** igv, loaded when the first read view opens, behind the fence. */
export function loadIgv(): Promise<IGV> {
  raiseFence();
  loaded ??= import('igv').then((module) => module.default);
  // A failed load may be tried again.
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}
