import { useState } from 'react';
import {
  AreaPlot,
  Badge,
  BarPlot,
  Button,
  Checkbox,
  CLASSES,
  ClassMark,
  ComboBox,
  ConfirmDialog,
  DateField,
  Drawer,
  EmptyState,
  ErrorState,
  LoadingState,
  Menu,
  Notice,
  PointsRail,
  ProgressBar,
  RadioGroup,
  Screen,
  Section,
  Select,
  SmallTable,
  Tag,
  TextField,
  TokenField,
  Tooltip,
  useToasts,
} from '../components';
import { g } from './words';

const HPO = [
  { id: 'HP:0003002', name: 'Breast carcinoma', note: 'HP:0003002' },
  { id: 'HP:0100615', name: 'Ovarian neoplasm', note: 'HP:0100615' },
];

/** Every component in its states. */
export function ComponentsPage() {
  const toasts = useToasts();
  const [text, setText] = useState('S-000123');
  const [choice, setChoice] = useState<string | null>('panel');
  const [term, setTerm] = useState<string | null>(null);
  const [date, setDate] = useState<string | null>('1970-01-01');
  const [on, setOn] = useState(true);
  const [radio, setRadio] = useState<'a' | 'b'>('a');
  const [dialog, setDialog] = useState(false);
  const [drawer, setDrawer] = useState(false);
  return (
    <Screen
      title={g.components}
      note={g.note}
      actions={
        <>
          <Menu
            label="More"
            items={[
              { id: 'a', name: 'Export PDF…' },
              { id: 'b', name: 'Remove…', danger: true },
            ]}
            onAction={() => {}}
          />
          <Button keys="list.filter">Filter</Button>
          <Button variant="primary" onPress={() => setDialog(true)}>
            Accept class…
          </Button>
        </>
      }
    >
      <Section title="Buttons and words" note="one primary per screen">
        <div className="gallery-row">
          <Button onPress={() => setDrawer(true)}>Open drawer</Button>
          <Button variant="danger">Remove…</Button>
          <Button variant="quiet">Show as table</Button>
          <Button isDisabled>Not now</Button>
          <Button isPending>Saving</Button>
          <Tooltip text="Undone by one key">
            <Button onPress={() => toasts.show({ text: 'Class proposed.', undo: () => {} })}>
              Toast with undo
            </Button>
          </Tooltip>
          <Tag tone="warn">DRAFT</Tag>
          <Tag tone="accent">SYNTHETIC</Tag>
          <Tag>Technician</Tag>
        </div>
      </Section>
      <Section title="Fields">
        <div className="gallery-two">
          <TextField
            label="Accession"
            value={text}
            onChange={setText}
            mono
            isRequired
            description="Letters, digits, dot, dash; never a name."
          />
          <TextField
            label="Passphrase"
            type="password"
            value="short"
            onChange={() => {}}
            error="At least 12 characters."
          />
          <Select
            label="Reference set"
            value={choice}
            onChange={setChoice}
            options={[
              { id: 'panel', name: 'GRCh38, MANE 1.5', note: 'ClinVar 2026-02-26' },
              { id: 'demo', name: 'Demonstration' },
            ]}
          />
          <TokenField label="Chosen terms" tokens={HPO} onRemove={() => {}}>
            <ComboBox
              label="HPO terms"
              value={term}
              onChange={setTerm}
              options={HPO}
              placeholder="Name or HP:0000000"
            />
          </TokenField>
          <DateField label="Date of birth" value={date} onChange={setDate} />
          <RadioGroup
            label="Consent to secondary findings"
            value={radio}
            onChange={setRadio}
            options={[
              { id: 'a', name: 'Yes' },
              { id: 'b', name: 'Not asked' },
            ]}
            orientation="horizontal"
          />
          <Checkbox isSelected={on} onChange={setOn} description="WCAG 2.1.4">
            Single letters act as keys
          </Checkbox>
          <TextField label="Reason" multiline={2} value="" onChange={() => {}} isDisabled />
        </div>
      </Section>
      <Section title="Classes and points">
        <div className="gallery-two">
          <div className="gallery-stack">
            {CLASSES.map((name) => (
              <ClassMark key={name} value={name} note="10 points" />
            ))}
            <ClassMark value="not_classified" />
          </div>
          <div className="gallery-stack">
            <PointsRail
              items={[
                { code: 'PVS1', points: 8 },
                { code: 'PM2', points: 1 },
                { code: 'BP4', points: -1 },
              ]}
            />
            <PointsRail items={[{ code: 'BA1', points: -8 }]} />
            <PointsRail items={[]} />
          </div>
        </div>
      </Section>
      <Section title="States">
        <div className="gallery-two">
          <div className="gallery-stack">
            <Badge status="pass">41× mean depth, at least 30× asked</Badge>
            <Badge status="warn">2 exons below 20×</Badge>
            <Badge status="fail">contamination 6 %</Badge>
            <Badge status="not_assessed">no sex was ordered</Badge>
            <ProgressBar label="Align" value={0.62} note="3 min left" />
            <ProgressBar label="Call" value={null} note="waiting" />
            <LoadingState rows={3} />
          </div>
          <div className="gallery-stack">
            <ErrorState
              error={{
                code: 'damaged',
                message: 'A kept file does not match its digest.',
                place: 'vault file of role BAM',
                hint: 'Restore the store from its backup, or run the sample again.',
              }}
              onRetry={() => {}}
            />
            <Notice tone="warn" title="The report is older than the last decision">
              Make a new version before it is exported.
            </Notice>
            <EmptyState
              title="No case yet"
              text="Drop FASTQ, BAM or VCF files here, or open the demonstration."
              action={<Button>Demonstration</Button>}
            />
          </div>
        </div>
      </Section>
      <Section title="Plots and tables">
        <div className="gallery-two">
          <AreaPlot
            title="BRCA1, exon 2"
            summary="Lowest 12×, 1 stretch below 20×."
            xLabel="Position on chr17"
            yLabel="Depth"
            points={Array.from({ length: 80 }, (_, i) => ({
              x: 43_124_000 + i,
              y: Math.round(40 + 14 * Math.sin(i / 7) - (i > 52 && i < 60 ? 26 : 0)),
            }))}
            threshold={{ y: 20, label: '20×' }}
            bands={[{ from: 43_124_017, to: 43_124_060, label: 'coding' }]}
          />
          <BarPlot
            title="Bases at 20× by gene"
            summary="TP53 is below 95 %."
            xLabel="Gene"
            yLabel="Percent"
            bars={[
              { label: 'BRCA1', value: 99 },
              { label: 'BRCA2', value: 98 },
              { label: 'TP53', value: 91, tone: 'warn' },
              { label: 'PTEN', value: 61, tone: 'fail' },
            ]}
          />
        </div>
        <SmallTable
          caption="Gaps"
          columns={[
            { id: 'exon', title: 'Exon', isRowHeader: true },
            { id: 'where', title: 'Position', mono: true },
            { id: 'low', title: 'Lowest', align: 'end', mono: true },
          ]}
          rows={[{ id: '1', cells: { exon: 'BRCA1 2', where: 'chr17:43124052-43124059', low: '12' } }]}
        />
      </Section>
      <ConfirmDialog
        title="Accept the class Pathogenic?"
        isOpen={dialog}
        onClose={() => setDialog(false)}
        onConfirm={() => setDialog(false)}
        confirm="Accept"
      >
        <p>
          BRCA1 c.68_69del. The decision is kept with your name and can be withdrawn until the report is
          signed.
        </p>
      </ConfirmDialog>
      <Drawer title="BRCA1 c.68_69del" isOpen={drawer} onClose={() => setDrawer(false)}>
        <p>Detail</p>
      </Drawer>
    </Screen>
  );
}
