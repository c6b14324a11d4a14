/** A straight scale from values to pixels; a span of no width maps to its start. */
export function linear(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const span = high - low;
  return (value) => (span === 0 ? from : from + ((value - low) / span) * (to - from));
}

/** About `count` round values from `low` to at least `high`. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low, low + 1];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 2.5, 5, 10].find((step) => step * power >= rough - 1e-12) ?? 10;
  const step = unit * power;
  const ticks: number[] = [];
  for (let index = Math.floor(low / step); ; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
    if (index * step >= high - 1e-9) return ticks;
  }
}

/** The closed outline of the area under points that are sorted by x. */
export function areaPath(
  points: readonly { x: number; y: number }[],
  x: (value: number) => number,
  y: (value: number) => number,
  base: number,
): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return '';
  const fixed = (value: number) => value.toFixed(1);
  const line = points.map((point) => `L${fixed(x(point.x))} ${fixed(y(point.y))}`).join('');
  return `M${fixed(x(first.x))} ${fixed(base)}${line}L${fixed(x(last.x))} ${fixed(base)}Z`;
}
