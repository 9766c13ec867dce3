import { setImmediate } from 'node:timers/promises';
import { type Anomaly, channels } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Db, enqueue, withTransaction } from '@aetherius/shared/postgres';
import { createLiveWatches, feed, type Live } from './live-watches.ts';
import type { Observation, Watched } from './observation.ts';
import { watchKey } from './watch.ts';
import type { WatchStore } from './watch-store.ts';

/** Rows after which a calm watch is written: a crash forgets no more than these. */
const SAVE_EVERY = 50;

type Needs = { db: Db; store: WatchStore; onAnomaly: () => void };
export type Observer = { observe(observations: readonly Observation[]): Promise<Watched[]> };
type Due = { id: string; live: Live };

/** What is told and the state it came from are one transaction: told if, and only if, the detector remembers having told it. */
async function write({ db, store }: Needs, due: readonly Due[], anomalies: readonly Anomaly[]): Promise<void> {
  await withTransaction(db, async (tx) => {
    for (const { id, live } of due) {
      const { observation, lastAt, revision, watch } = live;
      if (await store.save(tx, { id, observation, state: watch.state(), lastAt, revision })) continue;
      const reason = 'another process observes this series, send it again';
      throw errors.conflict({ series: observation.series.name, reason });
    }
    for (const body of anomalies) await enqueue(tx, { subject: channels.anomaly.pattern, body });
  });
  for (const { live } of due) Object.assign(live, { unsaved: 0, revision: live.revision + 1 });
}

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
      if (one.anomalies.length > 0 || live.unsaved >= SAVE_EVERY) due.push({ id, live });
      // Other requests must not wait for five hundred series.
      await setImmediate();
    }
    const anomalies = watched.flatMap((one) => one.anomalies);
    if (due.length > 0) await write(needs, due, anomalies);
    watches.forgetOldest();
    if (anomalies.length > 0) needs.onAnomaly();
    return watched;
  };

  return {
    observe: (observations) => {
      const byKey = new Map(observations.map((observation) => [watchKey(observation), observation]));
      if (byKey.size < observations.length)
        throw errors.invalid_input({ fields: [{ field: 'body', message: 'names one series twice' }] });
      // Two requests must not feed one detector at once.
      const mine = turn.then(() => run(byKey));
      // What was fed but not written is forgotten, so that the sender's retry is fed again.
      turn = mine.catch(() => watches.forget(byKey.keys()));
      return mine;
    },
  };
}
