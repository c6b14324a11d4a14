import type { TargetsView } from '../../../api/types';
import { FactList, Section, SmallTable } from '../../../components';
import { number, percent, useWords } from '../../../words';
import { coordinates } from './coverage';

/** Coverage of the targets and the share of the sequencing that fell on them. */
export function Targets({ targets }: { targets: TargetsView }) {
  const w = useWords();
  const q = w.quality;
  const share = (value: number | null) => (value === null ? q.notMeasured : percent(value, 1));
  return (
    <Section title={q.targets} note={q.targetsNote(targets.targets, targets.complete)}>
      <FactList
        columns={2}
        facts={[
          { term: q.onTarget, value: share(targets.on_target) },
          { term: q.onOrNear(targets.distance), value: share(targets.on_or_near) },
          {
            term: q.mean,
            value: targets.mean_depth === null ? q.notMeasured : `${number(targets.mean_depth, 1)}×`,
          },
          { term: q.atLeast(10), value: share(targets.at_least_10) },
          { term: q.atLeast(20), value: share(targets.at_least_20) },
          { term: q.atLeast(30), value: share(targets.at_least_30) },
        ]}
      />
      <SmallTable
        caption={q.worstTargets}
        columns={[
          { id: 'where', title: q.target, isRowHeader: true, mono: true },
          { id: 'length', title: q.length, align: 'end' },
          { id: 'mean', title: q.meanDepth, align: 'end' },
          { id: 'lowest', title: q.lowest, align: 'end' },
          { id: 'ten', title: q.fractions.ten, align: 'end' },
          { id: 'twenty', title: q.fractions.twenty, align: 'end' },
          { id: 'thirty', title: q.fractions.thirty, align: 'end' },
        ]}
        rows={targets.rows.map((row) => ({
          id: coordinates(row),
          cells: {
            where: coordinates(row),
            length: number(row.end - row.start + 1),
            mean: number(row.mean, 1),
            lowest: number(row.lowest),
            ten: percent(row.at_least_10, 1),
            twenty: percent(row.at_least_20, 1),
            thirty: percent(row.at_least_30, 1),
          },
        }))}
      />
      {targets.targets > targets.rows.length ? (
        <p className="case-soft">{q.targetsCut(targets.rows.length, targets.targets)}</p>
      ) : null}
    </Section>
  );
}
