import { setImmediate } from 'node:timers/promises';
import { type Anomaly, channels } from '@aetherius/shared/contracts';
import { AetheriusError, errors } from '@aetherius/shared/errors';
import { type Db, enqueueAll, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { createLiveWatches, feed, type Live, seedOf } from './live-watches.ts';
import type { Observation, Watched } from './observation.ts';
import { watchKey } from './watch.ts';
import type { WatchStore } from './watch-store.ts';

/** Points behind a stored state, after which it is written whole again, and how much later at most: not all at once. */
const MOST_TAIL = 48;
const SPREAD = 48;
/** How often what another process wrote is read anew before the sender has to come again. */
const MOST_TRIES = 3;

type Needs = { db: Db; store: WatchStore; onAnomaly: () => void };
export type Observer = { observe(observations: readonly Observation[]): Promise<Watched[]> };
type Due = { id: string; live: Live; observation: Observation };

const isDueWhole = ({ id, live: { tail, fresh } }: Due): boolean =>
  tail + fresh.length > MOST_TAIL + (seedOf(id) % SPREAD);

/** What was fed, in as few words as possible; each is the next revision, or somebody else observes the series as well. */
async function writeWatches(tx: Tx, store: WatchStore, due: readonly Due[]): Promise<void> {
  const conflict = ({ observation: { series } }: Due) =>
    errors.conflict({ series: series.name, reason: 'another process observes this series, send it again' });
  const more = due.filter((one) => !isDueWhole(one));
  const written = await store.add(
    tx,
    more.map(({ id, live: { fresh, lastAt, revision } }) => ({ id, points: fresh, lastAt, revision })),
  );
  for (const one of more) if (!written.has(one.id)) throw conflict(one);
  for (const one of due.filter(isDueWhole)) {
    const { id, observation, live } = one;
    const { lastAt, revision, watch } = live;
    if (!(await store.save(tx, { id, observation, state: watch.state(), lastAt, revision }))) throw conflict(one);
  }
}

/** What is told and what it came from are one transaction: told if, and only if, the detector remembers having told it. */
async function write({ db, store }: Needs, due: readonly Due[], anomalies: readonly Anomaly[]): Promise<void> {
  await withTransaction(db, async (tx) => {
    await writeWatches(tx, store, due);
    await enqueueAll(
      tx,
      anomalies.map((body) => ({ subject: channels.anomaly.pattern, body })),
    );
  });
  for (const one of due) {
    const { live } = one;
    Object.assign(live, {
      tail: isDueWhole(one) ? 0 : live.tail + live.fresh.length,
      fresh: [],
      revision: live.revision + 1,
    });
  }
}

const isConflict = (error: unknown): boolean => error instanceof AetheriusError && error.code === 'conflict';

/** Watches many series in this process, one request after the other. */
export function createObserver(needs: Needs): Observer {
  const watches = createLiveWatches(needs.store);
  let turn: Promise<unknown> = Promise.resolve();

  const run = async (observations: ReadonlyMap<string, Observation>): Promise<Watched[]> => {
    const watched: Watched[] = [];
    const due: Due[] = [];
    for (const [id, live, observation] of await watches.load(observations)) {
      const one = feed(live, observation);
      watched.push(one);
      if (one.observed > 0) due.push({ id, live, observation });
      // Other requests must not wait for five hundred series.
      await setImmediate();
    }
    const anomalies = watched.flatMap((one) => one.anomalies);
    if (due.length > 0) await write(needs, due, anomalies);
    watches.forgetOldest();
    if (anomalies.length > 0) needs.onAnomaly();
    return watched;
  };

  /** Where another process wrote in between, what it wrote is read and the points are fed to that. */
  const runUntilWritten = async (observations: ReadonlyMap<string, Observation>): Promise<Watched[]> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await run(observations);
      } catch (error) {
        // What was fed but not written is forgotten, so that the next try, or the sender's, feeds it again.
        watches.forget(observations.keys());
        if (!isConflict(error) || tries === MOST_TRIES) throw error;
      }
    }
  };

  return {
    observe: (observations) => {
      const byKey = new Map(observations.map((observation) => [watchKey(observation), observation]));
      if (byKey.size < observations.length)
        throw errors.invalid_input({ fields: [{ field: 'body', message: 'names one series twice' }] });
      // Two requests must not feed one detector at once.
      const mine = turn.then(() => runUntilWritten(byKey));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
