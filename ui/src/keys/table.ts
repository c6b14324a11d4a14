import type { Words } from '../words';

/** Where a key acts. `case` holds its five pages; `grid` is the focused table, which acts on its keys itself. */
export type Scope =
  | 'app'
  | 'grid'
  | 'worklist'
  | 'newCase'
  | 'queue'
  | 'case'
  | 'overview'
  | 'quality'
  | 'variants'
  | 'report'
  | 'history'
  | 'settings';

/** One action: its keys, where they act, and what it is called. */
export type Action = {
  /** `a`, `Shift+A`, `Ctrl+K`, `Escape`, or a sequence such as `g w`. Alternatives: more entries. */
  keys: readonly string[];
  scope: Scope;
  label: (words: Words) => string;
  /** Taught in the foot line while it can run. */
  foot?: boolean;
  /** Not offered in the palette: movement, and what the table does by itself. */
  hidden?: boolean;
};

/** Every action that a key starts. The sheet, the palette, the foot line and the tests read this table. */
export const table = {
  'grid.move': {
    keys: ['j', 'k', 'ArrowDown', 'ArrowUp'],
    scope: 'grid',
    label: (w) => w.keys.gridMove,
    foot: true,
    hidden: true,
  },
  'grid.open': { keys: ['Enter'], scope: 'grid', label: (w) => w.keys.gridOpen, foot: true, hidden: true },
  'grid.select': { keys: ['Space'], scope: 'grid', label: (w) => w.keys.gridSelect, hidden: true },
  'grid.page': { keys: ['PageDown', 'PageUp'], scope: 'grid', label: (w) => w.keys.gridPage, hidden: true },
  'grid.ends': {
    keys: ['Ctrl+Home', 'Ctrl+End'],
    scope: 'grid',
    label: (w) => w.keys.gridEnds,
    hidden: true,
  },

  'worklist.new': { keys: ['n'], scope: 'worklist', label: (w) => w.keys.newCase, foot: true },
  'newCase.save': { keys: ['Ctrl+S'], scope: 'newCase', label: (w) => w.keys.save, foot: true },
  'newCase.saveAndRun': {
    keys: ['Ctrl+Enter'],
    scope: 'newCase',
    label: (w) => w.keys.saveAndRun,
    foot: true,
  },

  'variants.class1': { keys: ['1'], scope: 'variants', label: (w) => w.keys.class1 },
  'variants.class2': { keys: ['2'], scope: 'variants', label: (w) => w.keys.class2 },
  'variants.class3': { keys: ['3'], scope: 'variants', label: (w) => w.keys.class3 },
  'variants.class4': { keys: ['4'], scope: 'variants', label: (w) => w.keys.class4 },
  'variants.class5': { keys: ['5'], scope: 'variants', label: (w) => w.keys.class5 },

  'variants.accept': { keys: ['a'], scope: 'variants', label: (w) => w.keys.variantsAccept, foot: true },
  'variants.change': { keys: ['c'], scope: 'variants', label: (w) => w.keys.variantsChange },
  'variants.reads': { keys: ['r'], scope: 'variants', label: (w) => w.keys.variantsReads, foot: true },
  'variants.evidence': { keys: ['e'], scope: 'variants', label: (w) => w.keys.variantsEvidence },
  'variants.filters': { keys: ['f'], scope: 'variants', label: (w) => w.keys.variantsFilters },

  'report.make': { keys: ['m'], scope: 'report', label: (w) => w.keys.reportMake },
  'report.export': { keys: ['x'], scope: 'report', label: (w) => w.keys.reportExport, foot: true },
  'report.nextPage': { keys: [']'], scope: 'report', label: (w) => w.keys.reportNextPage },
  'report.previousPage': { keys: ['['], scope: 'report', label: (w) => w.keys.reportPreviousPage },

  'go.overview': { keys: ['g o'], scope: 'case', label: (w) => w.keys.overview },
  'go.quality': { keys: ['g q'], scope: 'case', label: (w) => w.keys.quality },
  'go.variants': { keys: ['g v'], scope: 'case', label: (w) => w.keys.variants },
  'go.pharmacogenes': { keys: ['g p'], scope: 'case', label: (w) => w.keys.pharmacogenes },
  'go.scores': { keys: ['g k'], scope: 'case', label: (w) => w.keys.scores },
  'go.report': { keys: ['g r'], scope: 'case', label: (w) => w.keys.report },
  'go.history': { keys: ['g h'], scope: 'case', label: (w) => w.keys.history },

  'go.worklist': { keys: ['g w'], scope: 'app', label: (w) => w.keys.worklist },
  'go.new': { keys: ['g n'], scope: 'app', label: (w) => w.keys.newCase },
  'go.queue': { keys: ['g u'], scope: 'app', label: (w) => w.keys.queue },
  'go.settings': { keys: ['g s'], scope: 'app', label: (w) => w.keys.settings },
  'screen.back': { keys: ['Escape'], scope: 'app', label: (w) => w.keys.back, hidden: true },
  'list.filter': { keys: ['/'], scope: 'app', label: (w) => w.keys.filter, foot: true },
  'app.lock': { keys: ['Ctrl+L'], scope: 'app', label: (w) => w.keys.lock },
  'app.palette': { keys: ['Ctrl+K'], scope: 'app', label: (w) => w.keys.palette, foot: true, hidden: true },
  'app.keys': { keys: ['?'], scope: 'app', label: (w) => w.keys.sheet, foot: true },
} as const satisfies Record<string, Action>;

/** Name of an action. */
export type ActionId = keyof typeof table;

/** The table as plain actions. */
export const actions: Readonly<Record<ActionId, Action>> = table;

/** Every action's name, in the order of the table. */
export const actionIds = Object.keys(table) as ActionId[];
