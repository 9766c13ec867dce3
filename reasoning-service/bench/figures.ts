/** NaN of nothing, which is no figure. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A figure as it is printed. */
export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));
