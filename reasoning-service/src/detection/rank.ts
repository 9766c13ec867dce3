import type { Ring } from './ring.ts';

/** −log10 of the share of earlier values, this one included, that are at least as large: a conformal p-value on a log scale (Laxhammar and Falkman 2014). */
export function rankOf({ values, size, end }: Ring<Float32Array>, value: number): number {
  let atLeast = 1;
  for (let at = end - size; at < end; at++) if ((values[at] ?? 0) >= value) atLeast += 1;
  return -Math.log10(atLeast / (1 + size));
}
