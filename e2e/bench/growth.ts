/** A cost at a size, both above zero. */
export type Point = { size: number; cost: number };

/**
 * By which power of the size a cost grows: the slope of the straight line through the points in logarithms.
 * 0 stays the same, 1 grows with the size; null when there are not two sizes with a cost to compare.
 */
export function growthExponent(points: readonly Point[]): number | null {
  const logs = points
    .filter(({ size, cost }) => size > 0 && cost > 0)
    .map(({ size, cost }) => [Math.log(size), Math.log(cost)] as const);
  if (new Set(logs.map(([x]) => x)).size < 2) return null;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map(([size]) => size)), mean(logs.map(([, cost]) => cost))];
  const spread = logs.reduce((sum, [size]) => sum + (size - x) ** 2, 0);
  return logs.reduce((sum, [size, cost]) => sum + (size - x) * (cost - y), 0) / spread;
}
