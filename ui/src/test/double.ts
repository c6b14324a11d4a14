import type {
  ApiError,
  CaseRow,
  CaseState,
  ErrorCode,
  Operations,
  RunView,
  StageView,
  Status,
} from '../api/types';

/**
 * A small in-memory double of the operations, for tests of the page only: it answers in the agreed types and keeps
 * what a test needs to see again. It is no second implementation: rules that matter live in the host.
 */
export type Double = {
  /** Answers an operation, or throws a `Refusal`. */
  handle: (name: string, input: unknown) => unknown;
  /** Every call in order. */
  calls: { name: string; input: unknown }[];
  cases: CaseRow[];
  runs: RunView[];
  gate: Status['gate'];
};

/** A refused call. */
export class Refusal extends Error {
  readonly error: ApiError;

  constructor(code: ErrorCode, message: string, place: string | null = null, hint: string | null = null) {
    super(message);
    this.error = { code, message, place, hint };
  }
}

type Handlers = { [N in keyof Operations]?: (input: Operations[N]['input']) => Operations[N]['output'] };

const now = '2026-11-21T09:30:00Z';

/** A stage. */
export function stage(name: string, state: StageView['state'], part: Partial<StageView> = {}): StageView {
  const words: Record<string, string> = {
    align: 'Align reads',
    call: 'Call variants',
    annotate: 'Annotate',
    coverage: 'Measure coverage',
    interpret: 'Interpret',
    report: 'Write the report',
    fhir: 'Write the FHIR bundle',
    store: 'Keep in the store',
  };
  return {
    name,
    words: words[name] ?? name,
    state,
    percent: null,
    seconds_left: null,
    seconds: null,
    ...part,
  };
}

/** A run. */
export function run(id: string, state: RunView['state'], part: Partial<RunView> = {}): RunView {
  return {
    id,
    case: `case-${id}`,
    sample: id,
    state,
    place: null,
    stages: [],
    notes: [],
    error: null,
    asked: now,
    started: null,
    ended: null,
    seconds: null,
    ...part,
  };
}

/** A row of the worklist. */
export function row(sample: string, state: CaseState, part: Partial<CaseRow> = {}): CaseRow {
  return {
    id: `case-${sample}`,
    sample,
    patient: 'Synthetic, Person',
    identifiers: ['MRN SYNTH-0001', 'Lab SYNTH-LAB-1'],
    test: 'Hereditary cancer, 15 genes',
    indication: 'Breast cancer at 41; mother with ovarian cancer',
    state,
    percent: null,
    outcome: null,
    quality: null,
    received: now,
    changed: now,
    synthetic: false,
    ...part,
  };
}

/** Makes a double. `gate`: where it stands at first. */
export function double(
  options: { gate?: Status['gate']; cases?: CaseRow[]; runs?: RunView[]; more?: Handlers } = {},
): Double {
  let passphrase = 'correct horse battery';
  let lockedBy: string | null = null;
  let settings: Operations['settings']['output'] = {
    theme: 'system',
    lock_minutes: 10,
    single_keys: true,
    threads: 0,
    memory_mb: null,
  };
  const sets: Operations['reference_sets']['output']['sets'] = [
    {
      set: {
        id: 'demo',
        name: 'Demonstration (SYNTHETIC)',
        reference: '/srv/reference/demo.fa',
        transcripts: '/srv/reference/demo.gff3',
        clinvar: '/srv/reference/clinvar.vcf.gz',
        frequencies: null,
        targets: null,
        thresholds: null,
        comparators: null,
        scores: [],
        missense_tool: null,
        build: null,
        synthetic: true,
      },
      build: 'GRCh38',
      problems: [],
    },
  ];
  const self: Double = {
    calls: [],
    cases: options.cases ?? [],
    runs: options.runs ?? [],
    gate: options.gate ?? 'open',
    handle(name, input) {
      self.calls.push({ name, input });
      const handler = handlers[name as keyof Operations] as ((input: unknown) => unknown) | undefined;
      if (!handler) throw new Refusal('internal', `the double does not know ${name}`);
      const open = ['status', 'set_up', 'unlock', 'lock', 'active'].includes(name);
      if (!open && self.gate !== 'open') throw new Refusal('locked', 'the store is locked');
      return handler(input);
    },
  };
  const status = (): Status => ({
    gate: self.gate,
    version: '0.1.0 (test)',
    store: '/srv/clinotype/store',
    user: self.gate === 'open' ? { id: 'anna', name: 'Anna Example', role: 'admin' } : null,
    people: self.gate === 'set_up' ? [] : [{ id: 'anna', name: 'Anna Example' }],
    lock_minutes: settings.lock_minutes,
    locked_by: lockedBy,
    warnings: [],
  });
  const findRun = (id: string): RunView => {
    const found = self.runs.find((candidate) => candidate.id === id);
    if (!found) throw new Refusal('not_found', 'there is no such run');
    return found;
  };
  const handlers: Handlers = {
    status,
    set_up: (input) => {
      passphrase = input.passphrase;
      self.gate = 'open';
      return { status: status(), recovery_key: 'K7QFD-9MX2T-4HWRC-8VJNB-P3YGZ-6LSAE' };
    },
    unlock: (input) => {
      if (input.passphrase !== passphrase) throw new Refusal('wrong_passphrase', 'the passphrase is wrong');
      self.gate = 'open';
      return status();
    },
    lock: () => {
      self.gate = 'locked';
      lockedBy = 'asked';
      return status();
    },
    active: status,
    change_passphrase: (input) => {
      if (input.old !== passphrase) throw new Refusal('wrong_passphrase', 'the passphrase is wrong');
      passphrase = input.new;
      return {};
    },
    settings: () => settings,
    set_settings: (input) => {
      settings = input;
      return settings;
    },
    reference_sets: () => ({ sets, missense_tools: ['REVEL', 'BayesDel'] }),
    save_reference_set: (input) => {
      const view = { set: { ...input, id: input.id ?? `set-${sets.length}` }, build: 'GRCh38', problems: [] };
      sets.push(view);
      return view;
    },
    data_releases: () => ({
      folder: '/srv/clinotype/releases',
      sources: [
        {
          id: 'clinvar',
          name: 'ClinVar',
          what: 'classified variants',
          build: 'GRCh38',
          licence: 'public domain',
          licence_url: 'https://example.org/terms',
          fetched: true,
          newest: '20260308',
          installed: [
            {
              release: '20260226',
              released: '2026-02-26',
              installed: now,
              origin: 'https://example.org/',
              digest: 'aa',
              files: [
                {
                  path: '/srv/clinotype/releases/clinvar/20260226/c.vcf.gz',
                  bytes: 90_000_000,
                  sha256: 'bb',
                },
              ],
              cases: 2,
              damaged: null,
            },
          ],
        },
        {
          id: 'gnomad-sites',
          name: 'gnomAD sites',
          what: 'frequencies',
          build: 'GRCh38',
          licence: 'CC0-1.0',
          licence_url: 'https://example.org/terms',
          fetched: false,
          newest: null,
          installed: [],
        },
      ],
      task: null,
    }),
    verify_audit: () => ({
      intact: true,
      rows: 1204,
      first_bad: null,
      words: 'Every row follows from the one before it.',
    }),
    cases: (input) => {
      const found = self.cases.filter((one) =>
        `${one.sample} ${one.patient} ${one.identifiers.join(' ')}`
          .toLowerCase()
          .includes(input.search.toLowerCase()),
      );
      const states = new Map<CaseState, number>();
      for (const one of found) states.set(one.state, (states.get(one.state) ?? 0) + 1);
      const rows = found.filter((one) => input.states.length === 0 || input.states.includes(one.state));
      return {
        total: rows.length,
        rows: rows.slice(input.offset, input.offset + input.limit),
        states: [...states].map(([state, count]) => ({ state, count })),
      };
    },
    inspect: (input) => ({
      files: input.paths
        .filter((path) => path.endsWith('.fastq.gz'))
        .map((path, index) => ({
          path,
          kind: 'fastq',
          mate: (index % 2) + 1,
          pair: 1 + Math.floor(index / 2),
          bytes: 81_000_000,
        })),
      samples: [],
      accession: 'LAB-26-0117',
      order: null,
      problems: input.paths
        .filter((path) => !path.endsWith('.fastq.gz'))
        .map((place) => ({ place, words: 'There is no such file. Check the path.' })),
    }),
    check_order: (order) => ({
      problems: (['family', 'birth_date', 'sex', 'specimen_id', 'specimen_type', 'order_id', 'test'] as const)
        .filter((field) => order[field] === '')
        .map((field): { place: string; words: string } => ({ place: field, words: 'is needed' }))
        .concat(
          order.identifiers.length < 2
            ? [{ place: 'identifiers', words: 'two identifiers with a value are needed' }]
            : [],
        ),
    }),
    genes: (input) => {
      const known = ['BRCA1', 'BRCA2', 'TP53', 'LDLR'];
      const asked = [...new Set(input.text.split(/[^A-Za-z0-9.@-]+/).filter(Boolean))];
      const spelling = (symbol: string) => known.find((name) => name.toLowerCase() === symbol.toLowerCase());
      return {
        known: asked.map(spelling).filter((symbol) => symbol !== undefined),
        unknown: asked.filter((symbol) => spelling(symbol) === undefined),
      };
    },
    new_case: (input) => {
      if (self.cases.some((one) => one.sample === input.sample))
        throw new Refusal(
          'invalid_input',
          'a case with this accession exists',
          'sample',
          'Enter another accession.',
        );
      const made = row(input.sample, input.start ? 'queued' : 'received', {
        patient: input.order ? `${input.order.family}, ${input.order.given}` : null,
      });
      self.cases.unshift(made);
      if (input.start) self.runs.unshift(run(input.sample, 'queued', { place: 1 }));
      return { case: made.id };
    },
    demo_case: () => {
      self.cases.push(row('DEMO-01', 'received', { synthetic: true, patient: 'Synthetic, Demo' }));
      return { case: 'case-DEMO-01' };
    },
    queue: () => ({ runs: self.runs }),
    cancel_run: (input) => Object.assign(findRun(input.run), { state: 'cancelled', place: null, ended: now }),
    resume_run: (input) =>
      Object.assign(findRun(input.run), { state: 'queued', place: 9, error: null, ended: null }),
    move_run: (input) => {
      const moved = findRun(input.run);
      const waiting = self.runs
        .filter((one) => one.state === 'queued' && one !== moved)
        .sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
      waiting.splice(input.place - 1, 0, moved);
      waiting.forEach((one, index) => {
        one.place = index + 1;
      });
      return { runs: self.runs };
    },
    ...options.more,
  };
  return self;
}

/** Lets the page's `fetch` be answered by a double. Gives back the way to undo it. */
export function installFetch(made: Double): () => void {
  const real = globalThis.fetch;
  globalThis.fetch = async (address, init) => {
    const name = String(address).split('/').pop() ?? '';
    try {
      const output = made.handle(name, JSON.parse(String(init?.body ?? '{}')));
      return new Response(JSON.stringify(output), { status: 200 });
    } catch (failure) {
      if (!(failure instanceof Refusal)) throw failure;
      return new Response(JSON.stringify(failure.error), { status: 400 });
    }
  };
  return () => {
    globalThis.fetch = real;
  };
}
