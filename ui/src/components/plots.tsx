import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { number, useWords } from '../words';
import { Button } from './Button';
import { type SmallColumn, SmallTable } from './facts';
import { areaPath, linear, niceTicks } from './scale';

/** The same figures as a table. */
export type PlotTable = {
  columns: readonly SmallColumn[];
  rows: readonly { id: string; cells: Record<string, ReactNode> }[];
};

/** Slanting lines for a part that is told by more than its colour; `fill` it with `url(#id)`. */
export function Hatch({ id, className }: { id: string; className: string }) {
  return (
    <defs>
      <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" x2="0" y1="0" y2="5" className={className} />
      </pattern>
    </defs>
  );
}

/** The frame of a plot: title, drawing, and the same figures as a table. `children` draws into the given size. */
export function Plot({
  title,
  summary,
  table,
  height = 160,
  children,
}: {
  title: string;
  summary: string;
  table: PlotTable;
  height?: number;
  children: (size: { width: number; height: number }) => ReactNode;
}) {
  const w = useWords();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  const [asTable, setAsTable] = useState(false);
  // Drawn in real pixels, so that text keeps its size and the lines stay sharp.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? 0);
      if (next > 0) setWidth(next);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <figure className="plot" aria-labelledby={id}>
      <figcaption className="plot-head">
        <span id={id} className="plot-title">
          {title}
        </span>
        <Button
          variant="quiet"
          label={`${title}: ${asTable ? w.common.showPlot : w.common.showTable}`}
          onPress={() => setAsTable(!asTable)}
        >
          {asTable ? w.common.showPlot : w.common.showTable}
        </Button>
      </figcaption>
      <p className="plot-summary">{summary}</p>
      <div ref={box}>
        {asTable ? (
          <SmallTable caption={title} captionHidden columns={table.columns} rows={table.rows} />
        ) : (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`${title}. ${summary}`}
            className="plot-svg"
          >
            {children({ width, height })}
          </svg>
        )}
      </div>
    </figure>
  );
}

const MARGIN = { top: 8, right: 12, bottom: 32, left: 48 };

function Axes({
  width,
  height,
  yTicks,
  y,
  xLabel,
  yLabel,
}: {
  width: number;
  height: number;
  yTicks: readonly number[];
  y: (value: number) => number;
  xLabel: string;
  yLabel: string;
}) {
  return (
    <g>
      {yTicks.map((tick) => (
        <g key={tick}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} className="plot-grid" />
          <text x={MARGIN.left - 6} y={y(tick) + 3.5} className="plot-text plot-end">
            {number(tick)}
          </text>
        </g>
      ))}
      <text x={(MARGIN.left + width - MARGIN.right) / 2} y={height - 3} className="plot-text plot-middle">
        {xLabel}
      </text>
      <text
        x={0}
        y={0}
        className="plot-text plot-middle"
        transform={`translate(11 ${(MARGIN.top + height - MARGIN.bottom) / 2}) rotate(-90)`}
      >
        {yLabel}
      </text>
    </g>
  );
}

/** A quantity along a line, such as depth along a gene; a threshold and named stretches may be marked. */
export function AreaPlot({
  title,
  summary,
  xLabel,
  yLabel,
  points,
  threshold,
  bands = [],
  height = 170,
  xTick = (value: number) => number(value),
}: {
  title: string;
  summary: string;
  xLabel: string;
  yLabel: string;
  points: readonly { x: number; y: number }[];
  threshold?: { y: number; label: string };
  bands?: readonly { from: number; to: number; label: string }[];
  height?: number;
  xTick?: (value: number) => string;
}) {
  const xs = points.map((point) => point.x);
  const first = xs[0] ?? 0;
  const last = xs.at(-1) ?? 1;
  const top = points.reduce((most, point) => Math.max(most, point.y), threshold?.y ?? 0);
  const yTicks = niceTicks(0, top, 4);
  return (
    <Plot
      title={title}
      summary={summary}
      height={height}
      table={{
        columns: [
          { id: 'x', title: xLabel, isRowHeader: true, mono: true },
          { id: 'y', title: yLabel, align: 'end', mono: true },
        ],
        rows: points.map((point, index) => ({
          id: String(index),
          cells: { x: xTick(point.x), y: number(point.y) },
        })),
      }}
    >
      {({ width, height: tall }) => {
        const x = linear([first, last], [MARGIN.left, width - MARGIN.right]);
        const y = linear([0, yTicks.at(-1) ?? 1], [tall - MARGIN.bottom, MARGIN.top]);
        return (
          <>
            {bands.map((band) => (
              <g key={`${band.label}-${band.from}`}>
                <rect
                  x={x(band.from)}
                  y={MARGIN.top}
                  width={Math.max(1, x(band.to) - x(band.from))}
                  height={tall - MARGIN.top - MARGIN.bottom}
                  className="plot-band"
                />
                <text
                  x={(x(band.from) + x(band.to)) / 2}
                  y={MARGIN.top + 10}
                  className="plot-text plot-middle"
                >
                  {band.label}
                </text>
              </g>
            ))}
            <Axes width={width} height={tall} yTicks={yTicks} y={y} xLabel={xLabel} yLabel={yLabel} />
            <path d={areaPath(points, x, y, y(0))} className="plot-area" />
            {threshold ? (
              <>
                <line
                  x1={MARGIN.left}
                  x2={width - MARGIN.right}
                  y1={y(threshold.y)}
                  y2={y(threshold.y)}
                  className="plot-threshold"
                />
                <text
                  x={width - MARGIN.right}
                  y={y(threshold.y) - 4}
                  className="plot-text plot-end plot-warn"
                >
                  {threshold.label}
                </text>
              </>
            ) : null}
            <text x={MARGIN.left} y={tall - MARGIN.bottom + 13} className="plot-text">
              {xTick(first)}
            </text>
            <text x={width - MARGIN.right} y={tall - MARGIN.bottom + 13} className="plot-text plot-end">
              {xTick(last)}
            </text>
          </>
        );
      }}
    </Plot>
  );
}

/** Quantities side by side. A bar with `tone` warn or fail is hatched too: not by colour alone. */
export function BarPlot({
  title,
  summary,
  xLabel,
  yLabel,
  bars,
  height = 170,
}: {
  title: string;
  summary: string;
  xLabel: string;
  yLabel: string;
  /** Each label once. */
  bars: readonly { label: string; value: number; tone?: 'warn' | 'fail' }[];
  height?: number;
}) {
  const hatch = useId();
  const yTicks = niceTicks(0, Math.max(0, ...bars.map((bar) => bar.value)), 4);
  return (
    <Plot
      title={title}
      summary={summary}
      height={height}
      table={{
        columns: [
          { id: 'x', title: xLabel, isRowHeader: true },
          { id: 'y', title: yLabel, align: 'end', mono: true },
        ],
        rows: bars.map((bar, index) => ({
          id: String(index),
          cells: { x: bar.label, y: number(bar.value) },
        })),
      }}
    >
      {({ width, height: tall }) => {
        const room = (width - MARGIN.left - MARGIN.right) / Math.max(1, bars.length);
        const y = linear([0, yTicks.at(-1) ?? 1], [tall - MARGIN.bottom, MARGIN.top]);
        // A label every so many bars, as room allows.
        const every = Math.max(1, Math.ceil(64 / room));
        return (
          <>
            <Hatch id={hatch} className="plot-hatch" />
            <Axes width={width} height={tall} yTicks={yTicks} y={y} xLabel={xLabel} yLabel={yLabel} />
            {bars.map((bar, index) => {
              const left = MARGIN.left + index * room + room * 0.12;
              const shape = {
                x: left,
                y: y(bar.value),
                width: Math.max(1, room * 0.76),
                height: Math.max(0, y(0) - y(bar.value)),
              };
              return (
                <g key={bar.label}>
                  <rect {...shape} className={bar.tone ? `plot-bar plot-bar-${bar.tone}` : 'plot-bar'} />
                  {bar.tone ? <rect {...shape} fill={`url(#${hatch})`} /> : null}
                  {index % every === 0 ? (
                    <text
                      x={left + room * 0.38}
                      y={tall - MARGIN.bottom + 13}
                      className="plot-text plot-middle"
                    >
                      {bar.label}
                    </text>
                  ) : null}
                </g>
              );
            })}
          </>
        );
      }}
    </Plot>
  );
}
