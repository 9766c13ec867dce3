import { type Db, withTransaction } from '@aetherius/shared/postgres';
import type { Clock } from '@aetherius/shared/service';
import type { Observation } from '../detection/observation.ts';
import type { Observer } from '../detection/observer.ts';
import { watchKey } from '../detection/watch.ts';
import { median } from '../quantile.ts';
import { heard } from './series-store.ts';

/** The usual step between points, in milliseconds; null when there is only one. */
function stepOf({ points }: Observation): number | null {
  const steps = points.slice(1).map(({ at }, row) => at - (points[row]?.at ?? at));
  return steps.length === 0 ? null : Math.round(median(steps));
}

type Needs = { observer: Observer; db: Db; clock: Clock };

/** An observer of points that somebody sends: each series is noted, so that its silence can be noticed too. */
export const observeGiven = ({ observer, db, clock }: Needs): Observer => ({
  observe: async (observations) => {
    const byKey = new Map(observations.map((observation) => [watchKey(observation), observation]));
    const all = [...byKey].map(([id, observation]) => ({ id, observation, stepMs: stepOf(observation) }));
    const back = await withTransaction(db, (tx) => heard(tx, all, { source: 'rest', now: clock.now() }));
    return observer.observe(
      observations.map((observation) => ({ ...observation, silenceTold: back.has(watchKey(observation)) })),
    );
  },
});
