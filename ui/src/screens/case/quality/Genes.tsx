import { useId } from 'react';
import type { CoverageView } from '../../../api/types';
import { Hatch, Plot } from '../../../components';
import { number, percent, useWords } from '../../../words';
import { DRAWN, fullyCovered, leastCovered } from './coverage';

const ROW = 20;
const LEFT = 92;
const RIGHT = 150;
const TOP = 18;

/** Bases read at least 20 times and mean depth, gene by gene, the least covered first. */
export function Genes({ coverage }: { coverage: CoverageView }) {
  const w = useWords();
  const q = w.quality;
  const hatch = useId();
  const sorted = leastCovered(coverage.genes);
  const drawn = sorted.slice(0, DRAWN);
  const share = (value: number | null) => (value === null ? q.notMeasured : percent(value, 1));
  const depth = (value: number | null) => (value === null ? q.notMeasured : `${number(value, 1)}×`);
  return (
    <>
      <Plot
        title={q.genesPlot(20)}
        summary={q.genesSummary(sorted.length, fullyCovered(sorted))}
        height={TOP + drawn.length * ROW + 6}
        table={{
          columns: [
            { id: 'gene', title: q.gene, isRowHeader: true },
            { id: 'transcript', title: q.transcript, mono: true },
            { id: 'bases', title: q.bases, align: 'end' },
            { id: 'mean', title: q.mean, align: 'end' },
            { id: 'ten', title: q.fractions.ten, align: 'end' },
            { id: 'twenty', title: q.fractions.twenty, align: 'end' },
            { id: 'thirty', title: q.fractions.thirty, align: 'end' },
            { id: 'gaps', title: q.gaps, align: 'end' },
          ],
          rows: drawn.map((gene) => ({
            id: `${gene.gene}-${gene.transcript}`,
            cells: {
              gene: gene.gene,
              transcript: gene.transcript,
              bases: number(gene.bases),
              mean: depth(gene.mean_depth),
              ten: share(gene.at_least_10),
              twenty: share(gene.at_least_20),
              thirty: share(gene.at_least_30),
              gaps: number(gene.gaps.length),
            },
          })),
        }}
      >
        {({ width }) => {
          const room = Math.max(60, width - LEFT - RIGHT);
          return (
            <>
              <Hatch id={hatch} className="quality-hatch" />
              {[0, 0.5, 1].map((tick) => (
                <g key={tick}>
                  <line
                    x1={LEFT + room * tick}
                    x2={LEFT + room * tick}
                    y1={TOP - 4}
                    y2={TOP + drawn.length * ROW}
                    className="plot-grid"
                  />
                  <text x={LEFT + room * tick} y={TOP - 7} className="plot-text plot-middle">
                    {percent(tick, 0)}
                  </text>
                </g>
              ))}
              {drawn.map((gene, index) => {
                const y = TOP + index * ROW + 4;
                const value = gene.at_least_20;
                const short = value === null || value < 1 || gene.gaps.length > 0;
                return (
                  <g key={`${gene.gene}-${gene.transcript}`}>
                    <text x={LEFT - 8} y={y + 9} className="plot-text plot-end">
                      {gene.gene}
                    </text>
                    {value === null ? null : (
                      <>
                        <rect x={LEFT} y={y} width={room * value} height={11} className="plot-bar" />
                        {short ? (
                          <rect
                            x={LEFT + room * value}
                            y={y}
                            width={Math.max(1.5, room * (1 - value))}
                            height={11}
                            fill={`url(#${hatch})`}
                            className="quality-short"
                          />
                        ) : null}
                      </>
                    )}
                    <text
                      x={LEFT + room + 10}
                      y={y + 9}
                      className={short ? 'plot-text plot-warn' : 'plot-text'}
                    >
                      {value === null
                        ? q.notMeasured
                        : [
                            share(value),
                            depth(gene.mean_depth),
                            gene.gaps.length > 0 ? q.gapCount(gene.gaps.length) : '',
                          ]
                            .filter(Boolean)
                            .join(' · ')}
                    </text>
                  </g>
                );
              })}
            </>
          );
        }}
      </Plot>
      {sorted.length > DRAWN ? <p className="case-soft">{q.genesCut(DRAWN, sorted.length)}</p> : null}
    </>
  );
}
