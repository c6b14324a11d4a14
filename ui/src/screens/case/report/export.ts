import type { ExportKind } from '../../../api/types';

/** What the export dialog holds. */
export type ExportForm = { kind: ExportKind; recipient: string; purpose: string; path: string };
/** Fields that keep an export from going. */
export type ExportProblem = 'recipient' | 'purpose' | 'path' | 'absolute';

/** Whether a path starts at a root: `/…`, `C:\…` or `\\server\…`. */
export function isAbsolute(path: string): boolean {
  return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path.trim());
}

/** What is missing; empty: it can go. The host checks again. */
export function problems(form: ExportForm): ExportProblem[] {
  const found: ExportProblem[] = [];
  if (form.recipient.trim() === '') found.push('recipient');
  if (form.purpose.trim() === '') found.push('purpose');
  if (form.path.trim() === '') found.push('path');
  else if (!isAbsolute(form.path)) found.push('absolute');
  return found;
}

/** File name endings by kind. */
export const ENDINGS: Record<ExportKind, string> = {
  pdf: 'pdf',
  html: 'html',
  fhir: 'fhir.json',
  vcf: 'vcf.gz',
};

/**
 * A name for the new file: accession, version and DRAFT; never a patient's name.
 * `DEMO-01.v2.DRAFT.pdf`
 */
export function proposedName(sample: string, kind: ExportKind, version: number | null): string {
  const safe = sample.replace(/[^A-Za-z0-9._-]/g, '_');
  return kind === 'vcf' || version === null
    ? `${safe}.DRAFT.${ENDINGS[kind]}`
    : `${safe}.v${version}.DRAFT.${ENDINGS[kind]}`;
}
