import { useState } from 'react';
import {
  Button,
  ClassMark,
  type Column,
  Criterion,
  CriterionList,
  DataGrid,
  FactList,
  Funnel,
  Mono,
  PointsRail,
  Screen,
  type Sort,
  Tabs,
} from '../components';
import { frequency } from '../words';
import { type GalleryRow, galleryRows } from './data';
import { g } from './words';

const COLUMNS: Column<GalleryRow>[] = [
  {
    id: 'class',
    title: 'Class',
    width: 104,
    sortable: true,
    render: (row) => <ClassMark value={row.step} short />,
  },
  { id: 'gene', title: 'Gene', width: 78, sortable: true, render: (row) => <strong>{row.gene}</strong> },
  { id: 'c', title: 'c.', width: 112, mono: true, render: (row) => row.c, text: (row) => row.c },
  { id: 'p', title: 'p.', width: 150, mono: true, render: (row) => row.p, text: (row) => row.p },
  { id: 'consequence', title: 'Consequence', width: 'flex', minWidth: 110, render: (row) => row.consequence },
  { id: 'zygosity', title: 'Zygosity', width: 70, render: (row) => row.zygosity },
  { id: 'reads', title: 'Reads', width: 64, align: 'end', mono: true, render: (row) => row.reads },
  {
    id: 'gnomad',
    title: 'gnomAD',
    width: 88,
    align: 'end',
    mono: true,
    sortable: true,
    render: (row) => frequency(row.frequency),
  },
];

const later = (offset: number, limit: number) =>
  new Promise<GalleryRow[]>((resolve) => window.setTimeout(() => resolve(galleryRows(offset, limit)), 30));

/** The grid alone, with selection, at its largest. */
export function GridPage() {
  const [sort, setSort] = useState<Sort>({ column: 'gene', descending: false });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['1']));
  return (
    <Screen title={g.grid} fill>
      <DataGrid
        label={g.grid}
        rowCount={5_000_000}
        queryKey={`${sort.column}${sort.descending}`}
        rows={later}
        rowId={(row) => String(row.id)}
        columns={COLUMNS}
        sort={sort}
        onSort={setSort}
        selected={selected}
        onSelectedChange={setSelected}
        onOpen={() => {}}
      />
    </Screen>
  );
}

/** The case review of the design example, made of the product's components. */
export function ReviewPage() {
  const [active, setActive] = useState<GalleryRow | null>(galleryRows(0, 1)[0] ?? null);
  const [tab, setTab] = useState('evidence');
  const [step, setStep] = useState<string | null>(null);
  return (
    <Screen title={g.review} titleHidden fill>
      <Funnel
        selected={step}
        onSelect={(id) => setStep(id === step ? null : id)}
        steps={[
          { id: 'called', label: 'called', kept: 4_812_331, note: 'all' },
          {
            id: 'genes',
            label: 'in ordered genes',
            kept: 1_204,
            dropped: 4_811_127,
            reasons: [{ id: 'o', text: 'outside', count: 4_811_127 }],
          },
          {
            id: 'quality',
            label: 'passed quality',
            kept: 1_131,
            dropped: 73,
            reasons: [
              { id: 'd', text: 'depth', count: 41 },
              { id: 's', text: 'strand', count: 32 },
            ],
          },
          {
            id: 'coding',
            label: 'coding or splice',
            kept: 63,
            dropped: 1_068,
            reasons: [{ id: 'i', text: 'deep intronic or UTR', count: 1_068 }],
          },
          {
            id: 'policy',
            label: 'shown by policy',
            kept: 38,
            dropped: 25,
            reasons: [{ id: 'a', text: 'set aside', count: 25 }],
          },
        ]}
        preset={{ name: 'Panel, coding and splice · v4', note: 'locked 2026-11-02 · printed on the report' }}
      />
      <div className="gallery-review">
        <DataGrid
          label={g.review}
          rowCount={38}
          queryKey="review"
          rows={later}
          firstPage={galleryRows(0, 38)}
          rowId={(row) => String(row.id)}
          columns={COLUMNS}
          activeId={active === null ? null : String(active.id)}
          onActive={setActive}
          onOpen={setActive}
        />
        <aside className="gallery-detail" aria-label="Variant">
          <div>
            <div className="faint">NM_007294.4 · MANE Select · exon 2 of 23</div>
            <h2 className="gallery-name">
              BRCA1 <Mono size="l">c.68_69del</Mono>
            </h2>
            <Mono>p.(Glu23ValfsTer17) · chr17:43124027 ACT&gt;A</Mono>
          </div>
          <Tabs
            label="Variant"
            selected={tab}
            onSelect={setTab}
            tabs={[
              {
                id: 'evidence',
                title: 'Evidence',
                content: (
                  <div className="gallery-stack">
                    <div className="gallery-verdict">
                      <ClassMark value="pathogenic" size="l" />
                      <span className="muted">10 points · proposed</span>
                    </div>
                    <PointsRail
                      items={[
                        { code: 'PVS1', points: 8 },
                        { code: 'PM5_Supporting', points: 1 },
                        { code: 'PM2_Supporting', points: 1 },
                      ]}
                    />
                    <CriterionList>
                      <Criterion
                        code="PVS1"
                        points={8}
                        state="met"
                        why="Frameshift; new stop in exon 3 of 23, decay expected; loss of function is the disease mechanism."
                        source="rule 2018.1 · ClinGen HI 3"
                      />
                      <Criterion
                        code="PM5"
                        strength="supporting"
                        points={1}
                        state="met"
                        why="Truncating variants in this exon are pathogenic."
                        source="VCEP ENIGMA 1.1"
                      />
                      <Criterion
                        code="PM2"
                        strength="supporting"
                        points={1}
                        state="met"
                        why="0 of 152,186 genomes at a covered site."
                        source="gnomAD 4.1"
                      />
                      <Criterion
                        code="PS3"
                        points={null}
                        state="not_evaluated"
                        why="no functional data entered"
                      />
                    </CriterionList>
                    <FactList
                      facts={[
                        {
                          term: 'ClinVar',
                          value: 'Pathogenic, expert panel, 4 stars · 2026-02-26 (shown, never scored)',
                        },
                        { term: 'Reads', value: '19 of 41 carry the deletion · both strands · GQ 99' },
                        { term: 'Inheritance', value: 'dominant; parents not tested' },
                      ]}
                    />
                  </div>
                ),
              },
              { id: 'transcripts', title: 'Transcripts', content: <p>–</p> },
              { id: 'reads', title: 'Reads', content: <p>–</p> },
              { id: 'before', title: 'Before', note: '· 2', content: <p>–</p> },
            ]}
          />
          <div className="gallery-row">
            <Button variant="primary">Accept class…</Button>
            <Button>Change with reason…</Button>
            <Button>Open reads</Button>
          </div>
        </aside>
      </div>
    </Screen>
  );
}
