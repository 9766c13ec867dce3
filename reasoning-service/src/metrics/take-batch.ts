import type { MetricsBatch } from '@aetherius/shared/contracts';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import type { Observation } from '../detection/observation.ts';
import type { Observer } from '../detection/observer.ts';
import { isAhead } from '../given-times.ts';
import { LARGEST } from '../measured.ts';
import { forget, type Heard, heard, heardSource, idOf, keepPoints, watchedAmong } from './series-store.ts';

/** A batch as observations, each series once, its points in order and none from the future or beyond what can be averaged. */
function observationsIn({ cluster_id: cluster, series }: MetricsBatch, now: Date): Map<string, Observation> {
  const found = new Map<string, Observation>();
  for (const { points, ...measured } of series) {
    const known = new Map(points.map(([at, value]) => [Date.parse(at), value]));
    const kept = [...known]
      .filter(([at, value]) => !isAhead(at, now) && Math.abs(value ?? 0) <= LARGEST)
      .sort(([a], [b]) => a - b)
      .map(([at, value]) => ({ at, values: [value] }));
    if (kept.length > 0) found.set(idOf(cluster, measured), { cluster, kind: 'series', ...measured, points: kept });
  }
  return found;
}

/** A series that only says that it has no data is not heard of: that is the silence that the sweep looks for. */
const speaks = ({ points }: Observation): boolean => points.some(({ values }) => values[0] !== null);

/** Takes one batch of an agent: what is heard, the points for incidents, and the watched series to the detectors. */
export async function takeBatch(batch: MetricsBatch, { db, observer, now }: { db: Db; observer: Observer; now: Date }) {
  const observations = observationsIn(batch, now);
  const stepMs = Math.round(batch.step_seconds * 1000);
  const all = [...observations].map(([id, observation]): Heard => ({ id, observation, stepMs }));
  const spoken = all.filter(({ observation }) => speaks(observation));
  const { watched, back } = await withTransaction(db, async (tx) => {
    await heardSource(tx, batch, now);
    await forget(
      tx,
      batch.gone.map((measured) => idOf(batch.cluster_id, measured)),
      now,
    );
    const back = await heard(tx, spoken, { source: batch.source, now });
    await keepPoints(
      tx,
      spoken.flatMap(({ id, observation }) =>
        observation.points.map(({ at, values }) => ({ series_id: id, at: new Date(at), value: values[0] ?? null })),
      ),
    );
    const watched = await watchedAmong(
      tx,
      batch.cluster_id,
      spoken.map(({ id }) => id),
    );
    return { watched, back };
  });
  const due = spoken.filter(({ id }) => watched.has(id));
  if (due.length > 0)
    await observer.observe(due.map(({ id, observation }) => ({ ...observation, silenceTold: back.has(id) })));
}
