/** The value that `share` of the values do not exceed (nearest rank), so that it is one that was measured; null of none. */
export function quantile(values: ArrayLike<number>, share: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** A figure as it is printed: three digits that mean something are enough for what a noisy machine says. */
export const rounded = (value: number | null, digits = 1): number | null =>
  value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;

/** The two figures by which a latency is judged, in milliseconds. */
export const p50AndP99 = (values: ArrayLike<number>): { p50_ms: number | null; p99_ms: number | null } => ({
  p50_ms: rounded(quantile(values, 0.5)),
  p99_ms: rounded(quantile(values, 0.99)),
});
