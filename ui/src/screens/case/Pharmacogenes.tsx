import { useState } from 'react';
import { useAction, useOperation } from '../../api/hooks';
import type { PharmacogenesView } from '../../api/types';
import {
  Await,
  Button,
  EmptyState,
  ErrorState,
  Notice,
  Screen,
  Section,
  SmallTable,
  Tabs,
  Tag,
} from '../../components';
import { useWords } from '../../words';
import { Releases } from './overview/Facts';
import { Drugs } from './pharmacogenes/Drugs';
import { Genes } from './pharmacogenes/Genes';
import { toneOf } from './pharmacogenes/view';
import './case.css';

/** The pharmacogenes of the newest run: alerts for current medicines, then by gene and by medicine. */
export default function Pharmacogenes({ caseId }: { caseId: string }) {
  const p = useWords().pharmacogenes;
  const query = useOperation('pharmacogenes', { case: caseId });
  const none = query.error?.code === 'wrong_state' || query.error?.code === 'not_found';
  return (
    <Screen title={p.title}>
      {none ? (
        <EmptyState title={p.noRun} text={query.error?.message || p.noRunText} />
      ) : (
        <Await query={query} rows={10}>
          {(data) => (data.called ? <Body view={data} /> : <NotCalled caseId={caseId} />)}
        </Await>
      )}
    </Screen>
  );
}

/** The run did not call them: the way to a run that does. */
function NotCalled({ caseId }: { caseId: string }) {
  const p = useWords().pharmacogenes;
  const start = useAction('start_run', { invalidates: ['case', 'queue', 'cases'] });
  return (
    <>
      {start.error ? <ErrorState error={start.error} /> : null}
      <EmptyState
        title={p.notCalled}
        text={start.isSuccess ? p.asked : p.notCalledText}
        action={
          start.isSuccess ? undefined : (
            <Button
              variant="primary"
              isPending={start.isPending}
              onPress={() => start.mutate({ case: caseId, with: 'same', pharmacogenes: true })}
            >
              {p.call}
            </Button>
          )
        }
      />
    </>
  );
}

function Body({ view }: { view: PharmacogenesView }) {
  const p = useWords().pharmacogenes;
  const [tab, setTab] = useState('gene');
  return (
    <div className="case-page">
      <Notice tone="plain" title={p.noPrescription} />
      <Section title={p.current}>
        <Current view={view} />
      </Section>
      <Tabs
        label={p.views}
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: 'gene', title: p.byGene, content: <Genes genes={view.genes} /> },
          { id: 'medicine', title: p.byMedicine, content: <Drugs drugs={view.drugs} /> },
        ]}
      />
      {view.copies ? (
        <Section title={p.copies}>
          <p>{view.copies}</p>
        </Section>
      ) : null}
      <Section title={p.limits}>
        <ul className="case-list">
          {view.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </Section>
      <Section title={p.releases}>
        <Releases releases={view.releases} />
      </Section>
    </div>
  );
}

function Current({ view }: { view: PharmacogenesView }) {
  const p = useWords().pharmacogenes;
  if (view.medications === null) return <p className="case-open">{p.currentNotStated}</p>;
  if (view.medications.length === 0) return <p className="case-soft">{p.currentNone}</p>;
  return (
    <SmallTable
      caption={p.current}
      captionHidden
      columns={[
        { id: 'medicine', title: p.column.medicine, isRowHeader: true },
        { id: 'level', title: p.column.level },
        { id: 'text', title: p.column.text },
      ]}
      rows={view.medications.map((alert) => ({
        id: alert.medication,
        cells: {
          medicine: (
            <>
              {alert.medication}
              {alert.drug && alert.drug !== alert.medication.toLowerCase() ? (
                <span className="case-soft pgx-read-as">{p.readAs(alert.drug)}</span>
              ) : null}
            </>
          ),
          level: <Tag tone={toneOf(alert.level)}>{alert.words}</Tag>,
          text: alert.text,
        },
      }))}
    />
  );
}
