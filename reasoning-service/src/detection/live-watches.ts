import type { Anomaly } from '@aetherius/shared/contracts';
import type { Observation, Watched } from './observation.ts';
import { anomalyOf, createWatch, type Watch } from './watch.ts';
import type { FedPoint, StoredWatch, WatchStore } from './watch-store.ts';

/** Watches in memory, each of about 0.2 MB (`npm run bench:detection`); one more lets the least recently observed go, and the store brings it back. */
const MOST_WATCHES = 2_000;

/** A watch at work; `revision` is the last one written, `tail` how many points are stored behind its whole state, `fresh` those that are not stored. */
export type Live = { watch: Watch; lastAt: number; revision: number; tail: number; fresh: readonly FedPoint[] };

/** The number that the chances of a watch, and the moments at which it is written whole, begin from. */
export const seedOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16);

/** The points behind a state are fed again: what they told was told when they came. */
function revived({ kind }: Observation, id: string, stored: StoredWatch | undefined): Live {
  const watch = createWatch(kind, seedOf(id), stored?.state);
  const tail = stored?.state === undefined ? [] : stored.tail;
  for (const { at, values } of tail) watch.observe(at, values);
  return {
    watch,
    lastAt: stored?.lastAt ?? Number.NEGATIVE_INFINITY,
    revision: stored?.revision ?? 0,
    tail: stored?.state === undefined ? Number.POSITIVE_INFINITY : tail.length,
    fresh: [],
  };
}

/** Feeds the points that are later than the last one known. */
export function feed(live: Live, observation: Observation): Watched {
  const fresh = observation.points.filter(({ at }) => at > live.lastAt);
  const anomalies = fresh.flatMap(({ at, values }, row): Anomaly[] =>
    live.watch
      .observe(at, values)
      .filter(({ kind }) => !(kind === 'missing' && row === 0 && observation.silenceTold === true))
      .map((finding) => anomalyOf(observation, finding, live.watch.stage())),
  );
  live.lastAt = fresh.at(-1)?.at ?? live.lastAt;
  live.fresh = fresh;
  return {
    series: observation.series,
    subject: observation.subject,
    stage: live.watch.stage(),
    observed: fresh.length,
    already_known: observation.points.length - fresh.length,
    anomalies,
  };
}

/** The watches in this process, the least recently used first; what is not here is read from the store. */
export function createLiveWatches(store: WatchStore) {
  const alive = new Map<string, Live>();
  return {
    load: async (observations: ReadonlyMap<string, Observation>): Promise<[string, Live, Observation][]> => {
      const absent = [...observations.keys()].filter((id) => !alive.has(id));
      const stored = new Map((absent.length === 0 ? [] : await store.find(absent)).map((one) => [one.id, one]));
      return [...observations].map(([id, observation]) => {
        const live = alive.get(id) ?? revived(observation, id, stored.get(id));
        alive.delete(id);
        alive.set(id, live);
        return [id, live, observation];
      });
    },
    forget: (ids: Iterable<string>): void => {
      for (const id of ids) alive.delete(id);
    },
    forgetOldest: (): void => {
      for (const id of alive.keys()) {
        if (alive.size <= MOST_WATCHES) return;
        alive.delete(id);
      }
    },
  };
}
