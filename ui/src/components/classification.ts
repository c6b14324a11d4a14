/** The five classes from benign to pathogenic; the position on every mark and rail. */
export const CLASSES = ['benign', 'likely_benign', 'uncertain', 'likely_pathogenic', 'pathogenic'] as const;
/** One of the five classes. */
export type VariantClass = (typeof CLASSES)[number];
/** A class, or that there is none. */
export type ClassStep = VariantClass | 'not_classified';

/** The class that the keys 1 to 5 propose: 1 benign ... 5 pathogenic. */
export function classOfDigit(digit: number): VariantClass | undefined {
  return CLASSES[digit - 1];
}

/** One step of the mark, in its 46 x 10 drawing. */
export type MarkStep = { x: number; y: number; width: number; height: number; on: boolean };

/** The five steps of the mark; the step of the class stands taller, none does where there is no class. */
export function markSteps(value: ClassStep): MarkStep[] {
  return CLASSES.map((name, index) => {
    const on = name === value;
    return { x: index * 9.2 + 0.5, y: on ? 1 : 3.5, width: 7, height: on ? 8 : 3, on };
  });
}

/**
 * Lowest whole points of each class above benign: benign <= -7, likely benign -6..-1, uncertain 0..5, likely
 * pathogenic 6..9, pathogenic >= 10 (Tavtigian et al. 2020, doi:10.1002/humu.24088).
 */
export const BOUNDARIES = { likely_benign: -6, uncertain: 0, likely_pathogenic: 6, pathogenic: 10 } as const;

/** The class that a sum of points gives by the point system alone. */
export function classOfPoints(points: number): VariantClass {
  if (points >= BOUNDARIES.pathogenic) return 'pathogenic';
  if (points >= BOUNDARIES.likely_pathogenic) return 'likely_pathogenic';
  if (points >= BOUNDARIES.uncertain) return 'uncertain';
  return points >= BOUNDARIES.likely_benign ? 'likely_benign' : 'benign';
}

/** A criterion on the rail. */
export type RailItem = { code: string; points: number };
/** A criterion's stretch of the rail, in points. */
export type RailPart = RailItem & { from: number; to: number };
/** The rail laid out in points and pixels. */
export type Rail = {
  total: number;
  low: number;
  high: number;
  /** Pixel of a number of points. */
  x: (points: number) => number;
  pathogenic: RailPart[];
  benign: RailPart[];
  ticks: { points: number; x: number }[];
  bands: { name: VariantClass; x: number; width: number }[];
};

/**
 * Lays the rail out: pathogenic criteria add up to the right of zero, benign ones to the left; a class begins half a
 * point before its lowest sum, so that a whole sum never lies on a boundary. The rail grows past -9..12 for more.
 */
export function layRail(items: readonly RailItem[], width: number, pad = 8): Rail {
  const pathogenic: RailPart[] = [];
  const benign: RailPart[] = [];
  let up = 0;
  let down = 0;
  for (const item of items) {
    if (item.points > 0) {
      pathogenic.push({ ...item, from: up, to: up + item.points });
      up += item.points;
    } else if (item.points < 0) {
      benign.push({ ...item, from: down + item.points, to: down });
      down += item.points;
    }
  }
  const low = Math.min(-9, down - 1);
  const high = Math.max(12, up + 1);
  const x = (points: number) => pad + ((points - low) / (high - low)) * (width - 2 * pad);
  const edges = Object.values(BOUNDARIES).map((points) => points - 0.5);
  const limits = [low, ...edges, high];
  return {
    total: up + down,
    low,
    high,
    x,
    pathogenic,
    benign,
    ticks: edges.map((points) => ({ points, x: x(points) })),
    bands: CLASSES.map((name, index) => {
      const from = x(limits[index] ?? low);
      return { name, x: from, width: x(limits[index + 1] ?? high) - from };
    }),
  };
}

/** Points with their sign as printed: +8, −4, 0. */
export function signed(points: number): string {
  if (points > 0) return `+${points}`;
  return points < 0 ? `−${-points}` : '0';
}
