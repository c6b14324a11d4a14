import type { CaseView, DecisionView, Operations, VariantView } from '../api/types';
import { row as caseRow, Refusal, run, stage } from './double';
import { order, presets, profile, quality, rowOf, shorts, viewOf } from './review-data';

export { criterion, presets } from './review-data';

/**
 * The review part of the in-memory double: one case with a dozen variants. The data are invented; they follow no
 * patient and state no clinical fact.
 */
export type ReviewHandlers = {
  [N in keyof Operations]?: (input: Operations[N]['input']) => Operations[N]['output'];
};

const now = '2026-11-21T09:30:00Z';
const CASE = 'case-DEMO-01';

/** Handlers of the review operations, with their state. `tokens` name the files that the page may read. */
export function review(
  options: {
    tokens?: {
      fasta: string;
      fai: string;
      bam: string;
      bai: string;
      vcf: string;
      tbi: string;
      contigs: string[];
    };
    pdf?: { token: string; sha256: string; pages: number };
    state?: CaseView['row']['state'];
  } = {},
): ReviewHandlers {
  const decisions = new Map<number, DecisionView[]>();
  let judged = quality;
  const rows = shorts.map(rowOf);
  const reports: Operations['reports']['output']['versions'] = [];
  const exports: Operations['exports']['output']['rows'] = [];
  const sha256 = options.pdf?.sha256 ?? 'c'.repeat(64);
  const variant = (id: number): VariantView => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new Refusal('not_found', 'there is no such variant');
    return viewOf(row, decisions.get(id) ?? []);
  };
  const shownRows = () => rows.map((row) => variant(row.id).row);
  const state = options.state ?? 'in_review';
  return {
    case: () => ({
      row: {
        ...caseRow('DEMO-01', state, {
          id: CASE,
          synthetic: true,
          patient: 'Synthetic, Demo',
          identifiers: ['S-000123', '1970-01-01'],
          test: order.test,
          quality: 'warn',
          outcome: 'POSITIVE',
        }),
      },
      build: 'GRCh38',
      order,
      reference_set: 'demo',
      reference_name: 'Demonstration (SYNTHETIC)',
      inputs: [
        { path: '/srv/runs/DEMO-01_R1.fastq.gz', kind: 'fastq', mate: 1, pair: 1, bytes: 81_000_000 },
        { path: '/srv/runs/DEMO-01_R2.fastq.gz', kind: 'fastq', mate: 2, pair: 1, bytes: 82_000_000 },
      ],
      further: {
        evidence: null,
        family: null,
        pedigree: null,
        outside: [],
        chain: null,
        hpo: null,
        scores: [],
        score_people: null,
      },
      pharmacogenes: false,
      runs:
        state === 'received'
          ? []
          : [
              run('r1', state === 'running' ? 'running' : 'done', {
                case: CASE,
                sample: 'DEMO-01',
                started: now,
                seconds: 34,
                notes: ['12 contigs were renamed by their M5.'],
                stages: [
                  stage('align', 'done', { seconds: 12 }),
                  state === 'running'
                    ? stage('call', 'working', { percent: 41, seconds_left: 9 })
                    : stage('call', 'done', { seconds: 9 }),
                  stage('annotate', state === 'running' ? 'waiting' : 'done', {
                    seconds: state === 'running' ? null : 2,
                  }),
                  stage('coverage', state === 'running' ? 'waiting' : 'done', {
                    seconds: state === 'running' ? null : 1,
                  }),
                  stage('interpret', state === 'running' ? 'waiting' : 'done', {
                    seconds: state === 'running' ? null : 1,
                  }),
                ],
              }),
            ],
      conclusion:
        state === 'received' || state === 'running'
          ? null
          : {
              outcome: 'POSITIVE',
              headline: 'A pathogenic variant in BRCA1 explains the indication.',
              interpretation: [
                'BRCA1 c.68_69del p.(Glu23ValfsTer17), heterozygous, is classified as pathogenic.',
                'Hereditary breast ovarian cancer syndrome, autosomal dominant.',
              ],
              recommendations: [
                'Genetic counselling is recommended.',
                'First-degree relatives can be tested.',
              ],
              limits: ['TP53 and CHEK2 were not covered in full; a variant there cannot be excluded.'],
              not_reviewed: rows.filter((row) => !variant(row.id).decision).length,
            },
      newer: [],
      done_runs: 1,
      releases: [
        { name: 'ClinVar', release: '2026-02-26', sha256: 'a'.repeat(64) },
        { name: 'gnomAD', release: '4.1', sha256: 'b'.repeat(64) },
        { name: 'Clinotype', release: '0.4.0', sha256: null },
      ],
      files: [
        { id: 'f1', role: 'bam', bytes: 61_000_000, sha256: 'd'.repeat(64) },
        { id: 'f2', role: 'vcf', bytes: 412_000, sha256: 'e'.repeat(64) },
      ],
      draft: true,
      notices: ['SYNTHETIC: this case is a demonstration and belongs to no person.'],
      variants: 4_812_331,
      reports: reports.length,
    }),
    quality: () => judged,
    waive: (input) => {
      const made = { id: 'w1', reason: input.reason, by: 'Anna Example', at: now };
      judged = {
        ...judged,
        withheld: false,
        checks: judged.checks.map((check) =>
          check.name === input.check ? { ...check, withholds: false, waiver: made } : check,
        ),
      };
      return judged;
    },
    withdraw_waiver: (input) => {
      judged = {
        ...judged,
        withheld: true,
        checks: judged.checks.map((check) =>
          check.waiver?.id === input.waiver ? { ...check, withholds: true, waiver: null } : check,
        ),
      };
      return judged;
    },
    coverage_profile: (input) => profile(input.gene),
    presets: () => ({ presets }),
    variants: (input) => {
      const words = input.filter.text.toLowerCase();
      const found = shownRows().filter((row) => {
        const fits = (list: readonly string[], word: string | null) =>
          list.length === 0 || list.includes(word ?? '');
        return (
          (words === '' || row.gene?.toLowerCase().startsWith(words)) &&
          fits(input.filter.impacts, row.impact) &&
          fits(input.filter.clinvar, row.clinvar_step) &&
          fits(input.filter.classes, row.class) &&
          fits(input.filter.frequencies, row.frequency_step) &&
          fits(input.filter.zygosities, row.zygosity)
        );
      });
      const sorted = [...found];
      if (input.sort === 'gene') sorted.sort((a, b) => (a.gene ?? '').localeCompare(b.gene ?? ''));
      if (input.descending) sorted.reverse();
      const steps = [
        { name: 'called', kept: 4_812_331, dropped: [] },
        { name: 'in ordered genes', kept: 1204, dropped: [{ reason: 'outside', count: 4_811_127 }] },
        {
          name: 'passed quality',
          kept: 1131,
          dropped: [
            { reason: 'depth', count: 41 },
            { reason: 'strand', count: 32 },
          ],
        },
        {
          name: 'coding or splice',
          kept: found.length,
          dropped: [{ reason: 'deep intronic or UTR', count: 1131 - found.length }],
        },
      ];
      return {
        total: found.length,
        rows: sorted.slice(input.offset, input.offset + input.limit),
        funnel: steps.map((step) => ({ ...step, dropped_clinvar_pathogenic: 0 })),
      };
    },
    variant: (input) => variant(input.variant),
    reads: () => {
      const files = options.tokens;
      return {
        build: 'GRCh38',
        sample: 'DEMO-01',
        fasta: files?.fasta ?? 'fasta',
        fai: files?.fai ?? 'fai',
        gzi: null,
        bam: files?.bam ?? null,
        bai: files?.bai ?? null,
        vcf: files?.vcf ?? null,
        tbi: files?.tbi ?? null,
        contigs: files?.contigs ?? ['chrM'],
      };
    },
    decide: (input) => {
      const before = variant(input.variant);
      const proposed = before.classification?.class ?? 'not_classified';
      if (input.class !== proposed && input.reason.trim() === '') {
        throw new Refusal('invalid_input', 'a reason is needed', 'reason', 'Say why.');
      }
      const made: DecisionView = {
        id: `d${(decisions.get(input.variant)?.length ?? 0) + 1}-${input.variant}`,
        class: input.class,
        proposed,
        reason: input.reason,
        by: 'Anna Example',
        role: 'admin',
        at: now,
        withdrawn: null,
      };
      decisions.set(input.variant, [made, ...(decisions.get(input.variant) ?? [])]);
      return variant(input.variant);
    },
    withdraw: (input) => {
      for (const [id, list] of decisions) {
        const found = list.find((one) => one.id === input.decision);
        if (found) {
          found.withdrawn = 'Anna Example, 2026-11-21';
          return variant(id);
        }
      }
      throw new Refusal('not_found', 'there is no such decision');
    },
    reports: () => ({ versions: reports }),
    make_report: () => {
      const made = {
        version: reports.length + 1,
        state: 'DRAFT - NOT SIGNED',
        made: now,
        by: 'Anna Example',
        outcome: 'POSITIVE',
        pdf_sha256: sha256,
        outdated: false,
      };
      for (const one of reports) one.outdated = true;
      reports.unshift(made);
      return made;
    },
    preview: (input) => ({
      version: input.version,
      pdf: options.pdf?.token ?? 'pdf',
      sha256,
      pages: options.pdf?.pages ?? 1,
    }),
    export: (input) => {
      exports.unshift({
        at: now,
        by: 'Anna Example',
        kind: input.kind,
        version: input.version,
        recipient: input.recipient,
        purpose: input.purpose,
        sha256,
      });
      return { path: input.path, bytes: 48_211, sha256 };
    },
    exports: () => ({ rows: exports }),
    history: () => ({
      rows: [
        {
          seq: 12,
          at: now,
          who: 'Anna Example, administrator',
          action: 'decided on a class',
          field: 'class of 7001',
          old: 'uncertain',
          new: 'pathogenic',
          reason: 'Segregates in the family',
        },
        {
          seq: 9,
          at: now,
          who: 'Anna Example, administrator',
          action: 'opened the case',
          field: null,
          old: null,
          new: null,
          reason: null,
        },
      ],
    }),
  };
}
