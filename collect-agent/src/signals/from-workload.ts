import type { Subject } from '@aetherius/shared/contracts';
import { conditionOf, refOf, type StatusCondition, type Workload } from '../kube/objects.ts';
import { controllerOf, type Facts } from '../watch/cluster-state.ts';
import { blamedForPlace, topSubject } from './fingerprint.ts';
import { livePods } from './health.ts';
import { isLongPast, type Signal } from './signal.ts';

/** A refused pod that is made at the second try was no fault. */
const REFUSED_MS = 2_000;

/** The claim or the node that a pod of a stuck rollout waits for: the rollout is stuck because of it and is no incident of its own. */
const awaited = (workload: Workload, facts: Facts): Subject | undefined =>
  livePods(facts, workload)
    .map((pod) => blamedForPlace(facts, pod, conditionOf(pod.status, 'PodScheduled')?.message ?? ''))
    .find((one) => one !== undefined);

/** What the conditions of a workload say. A stuck rollout has no Event at all, only the condition. */
export function fromWorkload(workload: Workload, facts: Facts, now: number): Signal[] {
  // The Deployment repeats what befell its ReplicaSet.
  if (workload.kind === 'ReplicaSet' && controllerOf(workload) !== undefined) return [];
  const status: { conditions?: StatusCondition[] | undefined } = workload.status;
  const found: { condition: StatusCondition | undefined; reason: string; holdMs: number }[] = [];
  const failure = conditionOf(status, 'ReplicaFailure');
  if (failure?.status === 'True') found.push({ condition: failure, reason: 'FailedCreate', holdMs: REFUSED_MS });
  const progressing = conditionOf(status, 'Progressing');
  if (progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded') {
    found.push({ condition: progressing, reason: 'ProgressDeadlineExceeded', holdMs: 0 });
  }
  const failed = workload.kind === 'Job' ? conditionOf(status, 'Failed') : undefined;
  if (failed?.status === 'True' && !isLongPast(failed.lastTransitionTime, now)) {
    found.push({ condition: failed, reason: failed.reason ?? 'JobFailed', holdMs: 0 });
  }
  return found.map(({ condition, reason, holdMs }) => ({
    type: 'k8s_state',
    signal: 'fault',
    severity: 'high',
    reason,
    message: condition?.message ?? reason,
    source: `${workload.kind.toLowerCase()}-status`,
    object: refOf(workload),
    subject:
      (reason === 'ProgressDeadlineExceeded' ? awaited(workload, facts) : undefined) ?? topSubject(facts, workload),
    node: null,
    count: 1,
    at: condition?.lastTransitionTime,
    identity: [workload.metadata.uid, '', reason, condition?.lastTransitionTime ?? ''],
    holdMs,
  }));
}
