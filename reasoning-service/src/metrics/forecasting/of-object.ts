import type { Subject } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Db } from '@aetherius/shared/postgres';
import { horizonFor, pointsFor } from '../../forecast/horizon.ts';
import { measuredResource } from '../../forecast/measured-resource.ts';
import type { Resource } from '../../forecast/resource.ts';
import { accuracyOfMade, noRecord } from '../../forecast/track-record.ts';
import type { PastAccuracy, Point } from '../../forecast/trend.ts';
import { workloadsOf } from '../inventory-store.ts';
import { entityOfSubject, measuredSubject } from '../neighbourhood.ts';
import { recordsOf } from './record-store.ts';
import { historiesOf, type StoredSeries, seriesOf } from './series-history.ts';

/** An object of a cluster that an agent samples. */
export type ObjectAsked = { cluster: string; object: Subject };
/** Something to forecast, and how forecasts of it turned out that were made before. */
export type Stored = { resource: Resource; made: PastAccuracy | null };

/** A pod or a service stands for its workload, since that is what is measured. */
async function storedSeries(db: Db, { cluster, object }: ObjectAsked): Promise<StoredSeries[]> {
  const measured = measuredSubject(object, await workloadsOf(db, cluster));
  const found = await seriesOf(db, cluster, measured);
  if (found.length > 0) return found;
  const what = `${object.kind} ${entityOfSubject(object)}`;
  throw errors.not_found({ message: `nothing is measured of ${what} in cluster ${cluster}` });
}

/** What the stored series of an object run towards, seen over a past that suits the look ahead. */
export async function storedResources(db: Db, asked: ObjectAsked, seconds: number): Promise<Stored[]> {
  const series = await storedSeries(db, asked);
  const ids = series.map(({ id }) => id);
  const [histories, records] = await Promise.all([historiesOf(db, ids), recordsOf(db, ids)]);
  const horizon = horizonFor(seconds);
  return series.flatMap((one) => {
    const history = histories.get(one.id) ?? { recent: [], days: [] };
    const resource = measuredResource(one, pointsFor(horizon, history));
    const record = records.find((found) => found.series_id === one.id && found.horizon === horizon);
    return resource === undefined ? [] : [{ resource, made: accuracyOfMade(record ?? noRecord, horizon) }];
  });
}

const written = (points: readonly Point[]) =>
  points.map(({ at, value }) => ({ at: new Date(at * 1000).toISOString(), value }));

/** Half hours of what a pod of an object used: processor time on average, memory at most. */
export async function storedUsage(db: Db, asked: ObjectAsked) {
  const series = await storedSeries(db, asked);
  const halfHours = async (name: string, kind: 'mean' | 'most') => {
    const one = series.find((found) => found.series.name === name);
    if (one === undefined) return [];
    return written((await historiesOf(db, [one.id], kind)).get(one.id)?.days ?? []);
  };
  return { cpu: await halfHours('cpu_usage_cores', 'mean'), memory: await halfHours('memory_usage_bytes', 'most') };
}
