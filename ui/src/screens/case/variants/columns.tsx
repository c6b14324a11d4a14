import type { VariantRow, VariantSort } from '../../../api/types';
import { ClassMark, type Column } from '../../../components';
import { frequency, type Words } from '../../../words';

/** Columns of the grid that the host can order by. */
export const SORT_OF: Readonly<Record<string, VariantSort>> = {
  class: 'priority',
  gene: 'gene',
  position: 'position',
  reads: 'depth',
  frequency: 'frequency',
};

/** The column whose head shows a sort, or null where none does. */
export function columnOf(sort: VariantSort): string | null {
  return Object.entries(SORT_OF).find(([, value]) => value === sort)?.[0] ?? null;
}

/** Frequency in its three states: a number, absent from the source, or not evaluated. */
export function frequencyText(row: VariantRow, w: Words): string {
  if (row.frequency_step === 'not_evaluated') return w.variants.frequencyShort.not_evaluated;
  if (row.frequency_step === 'absent') return w.variants.frequencyShort.absent;
  return row.frequency === null
    ? (w.variants.frequencySteps[row.frequency_step] ?? row.frequency_step)
    : frequency(row.frequency);
}

/** Reads that carry the allele of all reads; a count that is missing is said. */
export function readsText(row: VariantRow, w: Words): string {
  return row.alternate_depth === null || row.depth === null
    ? w.variants.readsMissing
    : w.variants.reads(row.alternate_depth, row.depth);
}

/** A short name of the variant for sentences: gene and c. name, or its place. */
export function nameOf(row: VariantRow): string {
  const place = `${row.contig}:${row.position} ${row.reference}>${row.alternate}`;
  return row.hgvs_c ? `${row.gene ?? ''} ${row.hgvs_c}`.trim() : place;
}

function clinvarText(row: VariantRow, w: Words): string {
  if (row.clinvar_step === 'not_evaluated' || row.clinvar_step === 'not_listed' || row.clinvar === null) {
    return w.variants.clinvarSteps[row.clinvar_step] ?? row.clinvar_step;
  }
  return row.clinvar;
}

/** How much room the table has. */
export type Width = 'narrow' | 'normal' | 'wide';

/** What a narrow table leaves to the detail beside it. */
const NOT_NARROW: readonly string[] = ['hgvs_p', 'consequence', 'clinvar'];

/** The columns of the variant table; a wide one has the position too. */
export function columns(w: Words, room: Width): Column<VariantRow>[] {
  const c = w.variants.columns;
  const list: Column<VariantRow>[] = [
    {
      id: 'class',
      title: c.class,
      width: 100,
      sortable: true,
      render: (row) => <ClassMark value={row.class} short />,
      text: (row) => w.variants.classes[row.class] ?? row.class,
    },
    {
      id: 'gene',
      title: c.gene,
      width: 76,
      sortable: true,
      render: (row) =>
        row.gene === null ? (
          <span className="variants-faint">{w.variants.none}</span>
        ) : (
          <span className="variants-gene">{row.gene}</span>
        ),
      text: (row) => row.gene ?? w.variants.noGene,
    },
    {
      id: 'hgvs_c',
      title: c.c,
      width: 'flex',
      minWidth: 112,
      mono: true,
      render: (row) => row.hgvs_c ?? `${row.contig}:${row.position} ${row.reference}>${row.alternate}`,
      text: (row) => row.hgvs_c ?? `${row.contig}:${row.position} ${row.reference}>${row.alternate}`,
    },
    {
      id: 'hgvs_p',
      title: c.p,
      width: 'flex',
      minWidth: 120,
      mono: true,
      render: (row) => row.hgvs_p ?? <span className="variants-faint">{w.variants.none}</span>,
      text: (row) => row.hgvs_p ?? w.variants.none,
    },
    {
      id: 'consequence',
      title: c.consequence,
      width: 'flex',
      minWidth: 104,
      render: (row) => <span className="variants-soft">{row.consequence ?? w.variants.none}</span>,
      text: (row) => row.consequence ?? w.variants.none,
    },
    {
      id: 'zygosity',
      title: c.zygosity,
      width: 70,
      render: (row) => (
        <span className="variants-soft">{w.variants.zygosityShort[row.zygosity] ?? row.zygosity}</span>
      ),
      text: (row) => row.zygosity,
    },
    {
      id: 'reads',
      title: c.reads,
      width: 72,
      align: 'end',
      mono: true,
      sortable: true,
      render: (row) => readsText(row, w),
      text: (row) => readsText(row, w),
    },
    {
      id: 'frequency',
      title: c.frequency,
      width: 86,
      align: 'end',
      mono: true,
      sortable: true,
      render: (row) =>
        row.frequency_step === 'not_evaluated' || row.frequency_step === 'absent' ? (
          <span className="variants-words">{frequencyText(row, w)}</span>
        ) : (
          frequencyText(row, w)
        ),
      text: (row) =>
        row.frequency_step === 'not_evaluated'
          ? (w.variants.frequencySteps.not_evaluated ?? '')
          : frequencyText(row, w),
    },
    {
      id: 'clinvar',
      title: c.clinvar,
      width: 116,
      render: (row) => <span className="variants-soft">{clinvarText(row, w)}</span>,
      text: (row) => clinvarText(row, w),
    },
    {
      id: 'decided',
      title: c.decided,
      width: 74,
      render: (row) => (row.reviewed ? <span className="variants-decided">{w.variants.decided}</span> : null),
      text: (row) => (row.reviewed ? w.variants.decided : w.variants.undecided),
    },
  ];
  if (room === 'narrow') return list.filter((column) => !NOT_NARROW.includes(column.id));
  if (room === 'wide') {
    list.splice(8, 0, {
      id: 'position',
      title: c.position,
      width: 132,
      mono: true,
      sortable: true,
      render: (row) => `${row.contig}:${row.position}`,
      text: (row) => `${row.contig}:${row.position}`,
    });
  }
  return list;
}
