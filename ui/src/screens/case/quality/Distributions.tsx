import type { QualityView } from '../../../api/types';
import { AreaPlot, Section } from '../../../components';
import { percent, useWords } from '../../../words';
import { beyond, cumulative, median, mode, shares } from './distributions';

/** Depth, insert size, base quality and G and C as plots, each with its table; what was not counted is not drawn. */
export function Distributions({ quality }: { quality: QualityView }) {
  const w = useWords();
  const q = w.quality;
  const { coverage, distributions } = quality;
  const depth = cumulative(coverage?.depths ?? []);
  const bin = distributions?.insert_bin ?? 1;
  const inserts = shares(distributions?.inserts ?? [], bin, bin / 2);
  const qualities = shares(distributions?.qualities ?? []);
  const gc = shares(distributions?.gc ?? []);
  if (depth.length + inserts.length + qualities.length + gc.length === 0) return null;
  const threshold = coverage?.threshold ?? 20;
  return (
    <Section title={q.distributions}>
      <div className="quality-plots">
        {depth.length === 0 ? null : (
          <AreaPlot
            title={q.cumulative}
            summary={q.cumulativeSummary(
              median(depth),
              threshold,
              percent((depth.find((point) => point.x === threshold)?.y ?? 0) / 100, 1),
            )}
            xLabel={q.cumulativeX}
            yLabel={q.cumulativeY}
            points={depth}
          />
        )}
        {inserts.length === 0 ? null : (
          <AreaPlot
            title={q.inserts}
            summary={q.insertsSummary(mode(inserts))}
            xLabel={q.insertsX}
            yLabel={q.insertsY}
            points={inserts}
          />
        )}
        {qualities.length === 0 ? null : (
          <AreaPlot
            title={q.qualities}
            summary={q.qualitiesSummary(percent(beyond(qualities, 30) / 100, 1))}
            xLabel={q.qualitiesX}
            yLabel={q.qualitiesY}
            points={qualities}
          />
        )}
        {gc.length === 0 ? null : (
          <AreaPlot title={q.gc} summary={q.gcSummary(mode(gc))} xLabel={q.gcX} yLabel={q.gcY} points={gc} />
        )}
      </div>
    </Section>
  );
}
