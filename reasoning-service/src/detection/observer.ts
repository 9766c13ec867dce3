import { setImmediate } from 'node:timers/promises';
import { type Anomaly, channels } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Db, enqueue, type Tx, withTransaction } from '@aetherius/shared/postgres';
import type { Observation, Watched } from './observation.ts';
import { seeded } from './random.ts';
import { anomalyOf, createWatch, type Watch, watchKey } from './watch.ts';
import type { StoredWatch, WatchStore } from './watch-store.ts';

/** Watches in memory; one more lets the least recently observed go. */
const MOST_WATCHES = 3_000;
/** Rows after which a calm watch is written: a crash forgets no more than these. */
const SAVE_EVERY = 50;

type Live = { watch: Watch; observation: Observation; lastAt: number; revision: number; unsaved: number };
type Needs = { db: Db; store: WatchStore; onAnomaly: () => void };
export type Observer = { observe(observations: readonly Observation[]): Promise<Watched[]> };

const revived = (observation: Observation, id: string, stored: StoredWatch | undefined): Live => ({
  watch: createWatch(observation.kind, seeded(Number.parseInt(id.slice(0, 8), 16)), stored?.state),
  observation,
  lastAt: stored === undefined ? Number.NEGATIVE_INFINITY : Date.parse(stored.last_at),
  revision: stored?.revision ?? 0,
  unsaved: 0,
});

/** Feeds the points that are later than the last one known. */
function fed(live: Live, observation: Observation): Watched {
  const fresh = observation.points.filter(({ at }) => at > live.lastAt);
  const anomalies = fresh.flatMap(({ at, values }): Anomaly[] =>
    live.watch.observe(at, values).map((finding) => anomalyOf(observation, finding, live.watch.stage())),
  );
  live.lastAt = fresh.at(-1)?.at ?? live.lastAt;
  live.unsaved += fresh.length;
  return {
    series: observation.series,
    subject: observation.subject,
    stage: live.watch.stage(),
    observed: fresh.length,
    already_known: observation.points.length - fresh.length,
    anomalies,
  };
}

/**
 * Watches many series in this process. What a finding says and the state it came from are written in one transaction
 * with its message, so an anomaly is told if, and only if, the detector remembers having told it.
 */
export function createObserver({ db, store, onAnomaly }: Needs): Observer {
  const alive = new Map<string, Live>();
  let turn: Promise<unknown> = Promise.resolve();

  const load = async (observations: ReadonlyMap<string, Observation>): Promise<void> => {
    const absent = [...observations.keys()].filter((id) => !alive.has(id));
    const stored = new Map((absent.length === 0 ? [] : await store.find(absent)).map((one) => [one.id, one]));
    for (const [id, observation] of observations) {
      const live = alive.get(id) ?? revived(observation, id, stored.get(id));
      alive.delete(id);
      alive.set(id, live);
    }
  };

  const save = async (tx: Tx, id: string): Promise<void> => {
    const live = alive.get(id);
    if (live === undefined) return;
    const { observation, lastAt, revision, watch } = live;
    if (!(await store.save(tx, { id, observation, state: watch.state(), lastAt, revision })))
      throw errors.conflict({
        series: observation.series.name,
        reason: 'another process observes this series, send it again',
      });
  };

  const forgetOldest = (): void => {
    for (const id of alive.keys()) {
      if (alive.size <= MOST_WATCHES) return;
      alive.delete(id);
    }
  };

  const feedAll = async (observations: ReadonlyMap<string, Observation>): Promise<Watched[]> => {
    const watched: Watched[] = [];
    for (const [id, observation] of observations) {
      const live = alive.get(id);
      if (live !== undefined) watched.push(fed(live, observation));
      // Other requests must not wait for five hundred series.
      await setImmediate();
    }
    return watched;
  };

  const run = async (observations: ReadonlyMap<string, Observation>): Promise<Watched[]> => {
    await load(observations);
    const watched = await feedAll(observations);
    const anomalies = watched.flatMap((one) => one.anomalies);
    const due = [...observations.keys()].filter(
      (id, at) => (alive.get(id)?.unsaved ?? 0) >= SAVE_EVERY || (watched[at]?.anomalies.length ?? 0) > 0,
    );
    await withTransaction(db, async (tx) => {
      for (const id of due) await save(tx, id);
      for (const body of anomalies) await enqueue(tx, { subject: channels.anomaly.pattern, body });
    });
    for (const live of due.map((id) => alive.get(id)))
      if (live !== undefined) Object.assign(live, { unsaved: 0, revision: live.revision + 1 });
    forgetOldest();
    if (anomalies.length > 0) onAnomaly();
    return watched;
  };

  return {
    observe: (observations) => {
      const byKey = new Map(observations.map((observation) => [watchKey(observation), observation]));
      if (byKey.size < observations.length)
        throw errors.invalid_input({ fields: [{ field: 'body', message: 'names one series twice' }] });
      // One after the other: two requests must not feed one detector at once.
      const mine = turn.then(() => run(byKey));
      turn = mine.catch(() => {
        // What was fed but not written is forgotten, so that the sender's retry is fed again.
        for (const id of byKey.keys()) alive.delete(id);
      });
      return mine;
    },
  };
}
