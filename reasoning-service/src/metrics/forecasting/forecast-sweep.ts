import { channels } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Db, enqueue, withTransaction } from '@aetherius/shared/postgres';
import { type Clock, startLoop } from '@aetherius/shared/service';
import { forecastOf } from '../../forecast/forecast-of.ts';
import { type History, type Horizon, horizons, pointsFor } from '../../forecast/horizon.ts';
import { isOver, isSure, type Judged, limitAnomaly, mayComeAgain } from '../../forecast/limit-finding.ts';
import { measuredResource } from '../../forecast/measured-resource.ts';
import { accuracyOfMade, noRecord, noted, settled, type TrackRecord } from '../../forecast/track-record.ts';
import { clearTold, markTold, recordsOf, type StoredRecord, saveRecords, takeBack } from './record-store.ts';
import { historiesOf, limitedClusters, nearestLimits, type StoredSeries } from './series-history.ts';

const EVERY_MS = 600_000;
/** Series of a cluster that a sweep forecasts, the nearest to their limits. */
const MOST_SERIES = 300;
/** Series whose points are in memory at once. */
const AT_ONCE = 50;

type Known = { history: History; records: readonly StoredRecord[] };
type Made = { judged: Judged; record: TrackRecord; stored: StoredRecord | undefined };

/** One forecast of a series, with the record of those before it and itself added to it. */
function forecastWith(
  series: StoredSeries,
  { history, records }: Known,
  at: { horizon: Horizon; now: number },
): Made[] {
  const { horizon, now } = at;
  const points = pointsFor(horizon, history);
  const resource = measuredResource(series, points);
  if (resource === undefined) return [];
  const stored = records.find((one) => one.series_id === series.id && one.horizon === horizon);
  const known = [...history.days, ...history.recent].sort((a, b) => a.at - b.at);
  const before = settled(stored ?? noRecord, { kind: resource.kind, known, now });
  const forecast = forecastOf(resource, { now, seconds: horizons[horizon] });
  const judged = {
    forecast: { ...forecast, past_accuracy: accuracyOfMade(before, horizon) ?? forecast.past_accuracy },
    points,
    horizon,
  };
  return [{ judged, record: noted(before, { forecast, horizon, now }), stored }];
}

/** The one forecast of a series to tell: what comes within hours, or within days if it was not told before. */
export function toTell(made: readonly Pick<Made, 'judged' | 'stored'>[]): Judged | undefined {
  const told = (horizon: Horizon) =>
    made.some(({ judged, stored }) => judged.horizon === horizon && (stored?.told_at ?? null) !== null);
  const sure = made.map(({ judged }) => judged).filter(isSure);
  const near = sure.find(({ horizon }) => horizon === 'near');
  if (told('near')) return undefined;
  return near ?? (told('far') ? undefined : sure[0]);
}

type Needs = { db: Db; now: Date };

/** Tells a finding, in the transaction that marks it as told. */
async function tell(
  { db, now }: Needs,
  about: { cluster: string; series: StoredSeries; judged: Judged },
): Promise<number> {
  const { cluster, series, judged } = about;
  return withTransaction(db, async (tx) => {
    if (!(await markTold(tx, { series_id: series.id, horizon: judged.horizon }, now))) return 0;
    const body = limitAnomaly({ id: series.id, cluster, measured: series }, judged, now);
    await enqueue(tx, { subject: channels.anomaly.pattern, body });
    return 1;
  });
}

/** Takes back what was told and is unlikely now, and lets it be told anew once that is long enough ago. */
async function reconsider(
  { db, now }: Needs,
  { judged, stored }: Pick<Made, 'judged'> & { stored: StoredRecord },
): Promise<number> {
  if (stored.told_at === null) return 0;
  const { series_id, horizon, told_at, over_at } = stored;
  const { forecast } = judged;
  const told =
    horizon === 'near' && over_at === null && isOver(judged)
      ? await withTransaction(db, (tx) => takeBack(tx, [series_id], { forecast, now }))
      : 0;
  const times = { toldAt: Date.parse(told_at) / 1000, now: now.getTime() / 1000 };
  if (mayComeAgain(judged, times)) await clearTold(db, { series_id, horizon });
  return told;
}

async function sweepSeries(needs: Needs, cluster: string, { series, known }: { series: StoredSeries; known: Known }) {
  const { db, now } = needs;
  const at = now.getTime() / 1000;
  const made = (['near', 'far'] as const).flatMap((horizon) => forecastWith(series, known, { horizon, now: at }));
  if (made.length === 0) return 0;
  const key = (judged: Judged) => ({ series_id: series.id, horizon: judged.horizon });
  await saveRecords(
    db,
    made.map(({ judged, record: { pending, outcomes } }) => ({ ...key(judged), pending, outcomes })),
  );
  let told = 0;
  for (const { judged, stored } of made) if (stored !== undefined) told += await reconsider(needs, { judged, stored });
  const judged = toTell(made);
  return judged === undefined ? told : told + (await tell(needs, { cluster, series, judged }));
}

/** Forecasts the series of a cluster that are nearest to their limits; returns how many messages that made. */
async function sweepCluster(needs: Needs, cluster: string): Promise<number> {
  const all = await nearestLimits(needs.db, cluster, MOST_SERIES);
  let told = 0;
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    const ids = some.map(({ id }) => id);
    const [histories, records] = await Promise.all([historiesOf(needs.db, ids), recordsOf(needs.db, ids)]);
    for (const series of some) {
      const history = histories.get(series.id) ?? { recent: [], days: [] };
      told += await sweepSeries(needs, cluster, { series, known: { history, records } });
    }
  }
  return told;
}

/** Looks at every cluster once for limits that are coming. */
export async function sweepForecasts(db: Db, now: Date): Promise<number> {
  let told = 0;
  for (const cluster of await limitedClusters(db)) told += await sweepCluster({ db, now }, cluster);
  return told;
}

type LoopNeeds = { db: Db; clock: Clock; log: Logger; onAnomaly: () => void };

/** Forecasts again and again for as long as the service runs. */
export const startForecasting = ({ db, clock, log, onAnomaly }: LoopNeeds): { stop(): Promise<void> } =>
  startLoop({
    name: 'forecasts',
    every: EVERY_MS,
    run: async () => {
      if ((await sweepForecasts(db, clock.now())) > 0) onAnomaly();
    },
    log,
  });
