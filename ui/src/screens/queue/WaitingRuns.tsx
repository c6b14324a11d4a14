import type { RunView } from '../../api/types';
import { Button, LinkButton, SmallTable } from '../../components';
import { href } from '../../router';
import { dateTime, number, useWords } from '../../words';

/** Runs that wait, in order; each can be moved by one place, or taken out. */
export function WaitingRuns({
  runs,
  isPending,
  onMove,
  onCancel,
}: {
  runs: readonly RunView[];
  isPending: boolean;
  onMove: (run: RunView, by: -1 | 1) => void;
  onCancel: (run: RunView) => void;
}) {
  const t = useWords().queue;
  return (
    <SmallTable
      caption={t.waiting}
      captionHidden
      columns={[
        { id: 'place', title: t.column.place, align: 'end' },
        { id: 'sample', title: t.column.sample, mono: true, isRowHeader: true },
        { id: 'asked', title: t.column.asked },
        { id: 'actions', title: t.column.actions },
      ]}
      rows={runs.map((run, index) => ({
        id: run.id,
        cells: {
          place: number(index + 1),
          sample: run.sample,
          asked: dateTime(run.asked),
          actions: (
            <span className="queue-row">
              <Button
                onPress={() => onMove(run, -1)}
                isDisabled={index === 0 || isPending}
                label={t.upOf(run.sample)}
              >
                {t.up}
              </Button>
              <Button
                onPress={() => onMove(run, 1)}
                isDisabled={index === runs.length - 1 || isPending}
                label={t.downOf(run.sample)}
              >
                {t.down}
              </Button>
              <LinkButton href={href({ screen: 'case', caseId: run.case, tab: 'overview' })}>
                {t.openCase} <span className="reader-only">{run.sample}</span>
              </LinkButton>
              <Button variant="danger" onPress={() => onCancel(run)} label={t.cancelOf(run.sample)}>
                {t.cancel}
              </Button>
            </span>
          ),
        },
      }))}
    />
  );
}
