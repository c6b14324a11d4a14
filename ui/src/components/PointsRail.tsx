import { useWords } from '../words';
import { classOfPoints, layRail, type RailItem, signed } from './classification';

const WIDTH = 416;

/** How the criteria add up, and where the classes begin. The text twin says the same for readers. */
export function PointsRail({ items }: { items: readonly RailItem[] }) {
  const w = useWords();
  const rail = layRail(items, WIDTH);
  const counted = items.filter((item) => item.points !== 0);
  const text = w.common.railText(
    w.common.points(rail.total),
    w.common.class[classOfPoints(rail.total)],
    counted.map((item) => w.common.railPart(item.code, signed(item.points))),
  );
  const at = rail.x(rail.total);
  const bar = (part: { from: number; to: number; code: string }, index: number, className: string) => (
    <rect
      key={`${className}-${part.code}-${index + 1}`}
      x={rail.x(part.from) + 0.6}
      y={17}
      width={Math.max(1, rail.x(part.to) - rail.x(part.from) - 1.2)}
      height={10}
      rx={1.5}
      className={className}
    />
  );
  return (
    <svg className="rail" viewBox={`0 0 ${WIDTH} 50`} role="img" aria-label={text}>
      <line x1={rail.x(rail.low)} x2={rail.x(rail.high)} y1={22} y2={22} className="rail-line" />
      {rail.ticks.map((tick) => (
        <line key={tick.points} x1={tick.x} x2={tick.x} y1={13} y2={31} className="rail-line" />
      ))}
      {rail.pathogenic.map((part, index) => bar(part, index, 'rail-pathogenic'))}
      {rail.benign.map((part, index) => bar(part, index, 'rail-benign'))}
      <line x1={rail.x(0)} x2={rail.x(0)} y1={10} y2={34} className="rail-zero" />
      <path d={`M${at - 4.5} 8l4.5 6 4.5-6z`} className="rail-sum" />
      {rail.bands.map((band) => (
        <text key={band.name} x={band.x + band.width / 2} y={45} className="rail-word">
          {w.common.classRail[band.name]}
        </text>
      ))}
    </svg>
  );
}
