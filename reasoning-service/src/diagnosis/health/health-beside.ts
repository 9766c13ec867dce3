import type { Bundle, BundleObject, Subject } from '@aetherius/shared/contracts';
import type { ObjectGraph } from '../graph/object-graph.ts';
import { subjectOf } from '../graph/object-key.ts';
import { createOvercome } from './done-job.ts';
import { fillsUp } from './fills-up.ts';
import { healthOf } from './health.ts';
import type { Health } from './health-state.ts';
import { hasLongBeenReplaced } from './long-replaced.ts';

const overcome: Health = { state: 'finished', line: 'status.phase' };

type Around = {
  bundle: Bundle;
  graph: ObjectGraph;
  top: (object: Subject) => Subject;
  podsUnder: (top: Subject) => readonly BundleObject[];
};

/** How each object fares, judged by its status and by what stands beside it. */
export function createHealth({ bundle, graph, top, podsUnder }: Around): (object: BundleObject) => Health {
  const now = Date.parse(bundle.at);
  const isOvercome = createOvercome(bundle, graph, top);
  const beside = (object: BundleObject) => podsUnder(top(subjectOf(object)));
  /** Pods of a ReplicaSet stand under its Deployment, and tell by their names which of its sets they are of. */
  const podsOf = (object: BundleObject) =>
    beside(object).filter(({ name }) => object.kind !== 'ReplicaSet' || name.startsWith(`${object.name}-`));
  const judged = (object: BundleObject): Health => {
    if (isOvercome(object)) return overcome;
    const alone = healthOf(object, now);
    const { state } = alone;
    if (state === 'broken' && fillsUp(object, podsOf(object), { health, now }))
      return { ...alone, state: 'progressing' };
    const isStuck = state === 'unclear' && hasLongBeenReplaced(object, beside(object), now);
    return isStuck ? { ...alone, state: 'broken' } : alone;
  };
  // By the object itself: each rule asks for all of them, and to spell their keys takes longer than all else.
  const known = new Map<BundleObject, Health>();
  const health = (object: BundleObject): Health => {
    const found = known.get(object) ?? judged(object);
    known.set(object, found);
    return found;
  };
  return health;
}
