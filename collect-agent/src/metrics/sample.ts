import type { MeasuredSeries } from '@aetherius/shared/contracts';

/** A series with the points that were sampled; null where the source has none although it should. */
export type Sample = MeasuredSeries & { points: [string, number | null][] };

/** The same series of the same object always has the same key. */
export const keyOf = ({
  series: { name, labels },
  subject: { kind, namespace, name: object },
}: MeasuredSeries): string =>
  JSON.stringify([kind, namespace, object, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
