/** Where a value lies between `from` (0) and `from + width` (1). */
export const share = (value: number, from: number, width: number): number =>
  Math.min(1, Math.max(0, (value - from) / width));
