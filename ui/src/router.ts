import { useSyncExternalStore } from 'react';

/** The pages of a case. */
export const CASE_TABS = [
  'overview',
  'quality',
  'variants',
  'pharmacogenes',
  'scores',
  'report',
  'history',
] as const;
/** A page of a case. */
export type CaseTab = (typeof CASE_TABS)[number];

const SCREENS = ['worklist', 'new', 'queue', 'settings'] as const;

/** A place in the application. `item` is an opaque id on a case's page, such as the open variant. */
export type Route =
  | { screen: (typeof SCREENS)[number] }
  | { screen: 'case'; caseId: string; tab: CaseTab; item?: string }
  | { screen: 'none' };

/** Reads the hash part of an address. An empty one is the worklist; anything unknown is `none`. */
export function parse(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '');
  const [head, caseId, tab = 'overview', item] = parts;
  if (head === undefined) return { screen: 'worklist' };
  const screen = SCREENS.find((name) => name === head);
  if (screen && parts.length === 1) return { screen };
  const page = CASE_TABS.find((name) => name === tab);
  if (head !== 'case' || caseId === undefined || !page || parts.length > 4) return { screen: 'none' };
  try {
    const route = { screen: 'case', caseId: decodeURIComponent(caseId), tab: page } as const;
    return item === undefined ? route : { ...route, item: decodeURIComponent(item) };
  } catch {
    return { screen: 'none' };
  }
}

/** The hash of a route, for links. */
export function href(route: Route): string {
  if (route.screen === 'none') return '#/worklist';
  if (route.screen !== 'case') return `#/${route.screen}`;
  const item = route.item === undefined ? '' : `/${encodeURIComponent(route.item)}`;
  return `#/case/${encodeURIComponent(route.caseId)}/${route.tab}${item}`;
}

/** Goes to a route. `replace` leaves no step for Back: for a cursor that follows the grid. */
export function navigate(route: Route, options: { replace?: boolean } = {}): void {
  const next = href(route);
  if (next === window.location.hash) return;
  if (options.replace) {
    // A cursor moves within its page: one that is told late must not bring back a page that was left meanwhile.
    if (route.screen === 'case') {
      const here = parse(window.location.hash);
      if (here.screen !== 'case' || here.caseId !== route.caseId || here.tab !== route.tab) return;
    }
    window.history.replaceState(null, '', next);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    window.location.hash = next;
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

let lastHash = '';
let lastRoute: Route = parse('');

function snapshot(): Route {
  if (window.location.hash !== lastHash) {
    lastHash = window.location.hash;
    lastRoute = parse(lastHash);
  }
  return lastRoute;
}

/** The present route; the component is drawn again when it changes. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, snapshot);
}
