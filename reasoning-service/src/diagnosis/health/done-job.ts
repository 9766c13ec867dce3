import type { BundleObject } from '@aetherius/shared/contracts';
import type { ObjectGraph } from '../graph/object-graph.ts';
import { subjectOf } from '../graph/object-key.ts';
import { textAt } from '../json-path.ts';
import { conditionOf } from './health.ts';

/** Whether a pod is a try that failed before another one did its job; what a node put out says something of the node. */
export function isTryOfDoneJob(graph: ObjectGraph, object: BundleObject): boolean {
  if (object.kind !== 'Pod' || textAt(object.body, 'status.phase') !== 'Failed') return false;
  if (textAt(object.body, 'status.reason') !== undefined) return false;
  return graph.out(subjectOf(object), 'owner').some(({ to }) => {
    const job = to.kind === 'Job' ? graph.find(to) : undefined;
    return job !== undefined && textAt(conditionOf(job, 'Complete'), 'status') === 'True';
  });
}
