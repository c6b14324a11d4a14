/** A point of a plot. */
export type Point = { x: number; y: number };

/** Counts as percent of their sum; nothing where nothing was counted. */
export function shares(counts: readonly number[], step = 1, from = 0): Point[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return [];
  return counts.map((count, index) => ({ x: from + index * step, y: (100 * count) / all }));
}

/** Percent of the bases with at least so many reads, from 0 to the depth that a hundredth of them reaches. */
export function cumulative(depths: readonly number[]): Point[] {
  let left = depths.reduce((sum, bases) => sum + bases, 0);
  const all = left;
  if (all === 0) return [];
  const points: Point[] = [];
  for (const [x, bases] of depths.entries()) {
    const y = (100 * left) / all;
    points.push({ x, y });
    if (y < 1) break;
    left -= bases;
  }
  return points;
}

/** The greatest number of reads that at least half of the bases have. */
export function median(points: readonly Point[]): number {
  return points.findLast((point) => point.y >= 50)?.x ?? 0;
}

/** Where the most are. */
export function mode(points: readonly Point[]): number {
  return points.reduce<Point>((most, point) => (point.y > most.y ? point : most), { x: 0, y: -1 }).x;
}

/** Percent at and beyond a value. */
export function beyond(points: readonly Point[], from: number): number {
  return points.reduce((sum, point) => (point.x >= from ? sum + point.y : sum), 0);
}
