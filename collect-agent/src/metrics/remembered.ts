import type { MeasuredSeries, Subject } from '@aetherius/shared/contracts';
import { keyOf, type Sample } from './sample.ts';

/** Series that went out, so that one whose object is deleted can be told from one that fell silent. */
export type Remembered = Map<string, MeasuredSeries>;

/** Remembers what goes out now, and forgets and returns what will not come again because its object is gone. */
export function remember(
  known: Remembered,
  samples: readonly Sample[],
  isThere: (subject: Subject) => boolean,
): MeasuredSeries[] {
  const now = new Map(samples.map(({ series, subject }) => [keyOf({ series, subject }), { series, subject }]));
  const gone = [...known].filter(([key, { subject }]) => !now.has(key) && !isThere(subject));
  for (const [key] of gone) known.delete(key);
  for (const [key, measured] of now) known.set(key, measured);
  return gone.map(([, measured]) => measured);
}
