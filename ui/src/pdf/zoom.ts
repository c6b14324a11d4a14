const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** The next larger or smaller zoom. */
export function stepZoom(now: number, by: 1 | -1): number {
  const next =
    by === 1 ? ZOOMS.find((zoom) => zoom > now + 0.005) : ZOOMS.findLast((zoom) => zoom < now - 0.005);
  return next ?? now;
}
