import { useId } from 'react';
import { useOperation } from '../../../api/hooks';
import type { GeneCoverageView, ProfileView } from '../../../api/types';
import { Await, EmptyState, Hatch, Plot } from '../../../components';
import { number, percent, useWords } from '../../../words';
import { coordinates, layExons } from './coverage';

const MARGIN = { left: 48, right: 16, top: 18, bottom: 40 };
const HEIGHT = 220;

/** Depth along the exons of a gene, measured now from the kept alignments. */
export function Profile({ caseId, gene }: { caseId: string; gene: GeneCoverageView }) {
  const query = useOperation('coverage_profile', { case: caseId, gene: gene.gene });
  return <Await query={query}>{(profile) => <Drawing profile={profile} gene={gene} />}</Await>;
}

function Drawing({ profile, gene }: { profile: ProfileView; gene: GeneCoverageView }) {
  const w = useWords();
  const q = w.quality;
  const hatch = useId();
  if (profile.exons.length === 0) return <EmptyState title={q.profile(profile.gene)} text={q.profileNone} />;
  const highest = Math.max(profile.threshold, ...profile.exons.flatMap((exon) => exon.bins));
  const top = Math.max(10, Math.ceil((highest * 1.05) / 10) * 10);
  return (
    <Plot
      title={q.profile(profile.gene)}
      summary={q.profileSummary(
        profile.gene,
        profile.transcript,
        profile.exons.length,
        gene.gaps.length,
        profile.threshold,
      )}
      height={HEIGHT}
      table={{
        columns: [
          { id: 'exon', title: q.exon, isRowHeader: true, align: 'end' },
          { id: 'where', title: q.where, mono: true },
          { id: 'mean', title: q.meanDepth, align: 'end' },
          { id: 'lowest', title: q.lowest, align: 'end' },
          { id: 'complete', title: q.complete(profile.threshold), align: 'end' },
        ],
        rows: profile.exons.map((exon) => ({
          id: String(exon.exon),
          cells: {
            exon: number(exon.exon),
            where: coordinates(exon),
            mean: number(exon.mean, 1),
            lowest: number(exon.lowest),
            complete: percent(exon.complete, 1),
          },
        })),
      }}
    >
      {({ width, height }) => {
        const base = height - MARGIN.bottom;
        const y = (depth: number) => base - (depth / top) * (base - MARGIN.top);
        const exons = layExons(profile, gene.gaps, MARGIN.left, width - MARGIN.right);
        return (
          <>
            <Hatch id={hatch} className="quality-hatch" />
            {[0, top / 2, top].map((tick) => (
              <g key={tick}>
                <line
                  x1={MARGIN.left}
                  x2={width - MARGIN.right}
                  y1={y(tick)}
                  y2={y(tick)}
                  className="plot-grid"
                />
                <text x={MARGIN.left - 6} y={y(tick) + 3.5} className="plot-text plot-end">
                  {number(tick)}
                </text>
              </g>
            ))}
            {exons.map((exon, index) => (
              <g key={exon.exon}>
                <path
                  className="plot-area"
                  d={`M${exon.x.toFixed(1)} ${base}${exon.steps
                    .map((step) => `V${y(step.depth).toFixed(1)}H${(step.x + step.width).toFixed(1)}`)
                    .join('')}V${base}Z`}
                />
                {exon.gaps.map((gap) => (
                  <g key={gap.x}>
                    <rect
                      x={gap.x}
                      y={MARGIN.top}
                      width={Math.max(2, gap.width)}
                      height={base - MARGIN.top}
                      fill={`url(#${hatch})`}
                      className="quality-gap"
                    />
                    <path
                      d={`M${gap.x + gap.width / 2 - 4} ${MARGIN.top - 9}h8l-4 7z`}
                      className="quality-gap-mark"
                    />
                  </g>
                ))}
                <line
                  x1={exon.x}
                  x2={exon.x + exon.width}
                  y1={base + 3}
                  y2={base + 3}
                  className="quality-exon"
                />
                {exon.width > 14 || index === 0 || index === exons.length - 1 ? (
                  <text x={exon.x + exon.width / 2} y={base + 16} className="plot-text plot-middle">
                    {exon.exon}
                  </text>
                ) : null}
              </g>
            ))}
            <line
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={y(profile.threshold)}
              y2={y(profile.threshold)}
              className="plot-threshold"
            />
            <text x={MARGIN.left + 4} y={y(profile.threshold) - 4} className="plot-text plot-warn">
              {q.threshold(profile.threshold)}
            </text>
            <text
              x={(MARGIN.left + width - MARGIN.right) / 2}
              y={height - 5}
              className="plot-text plot-middle"
            >
              {q.exons}
            </text>
            <text
              x={0}
              y={0}
              className="plot-text plot-middle"
              transform={`translate(11 ${(MARGIN.top + base) / 2}) rotate(-90)`}
            >
              {q.depth}
            </text>
          </>
        );
      }}
    </Plot>
  );
}
