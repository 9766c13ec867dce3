import {
  type BundleChange,
  type Recommendation,
  type Subject,
  seconds,
  writeActions,
} from '@aetherius/shared/contracts';
import { withRevisionBefore } from './comparison/revision.ts';
import type { Container, Facts } from './facts.ts';
import { isSame } from './graph/object-key.ts';
import { isTrueAt, textAt } from './json-path.ts';
import { hasNodeBeside } from './open-node.ts';
import { mebibytes, parseQuantity } from './quantity.ts';

const LARGEST_LIMIT = 4 * 2 ** 30;
const RECENT_SECONDS = seconds('2h');
const available = { condition: 'workload_available', held_for: '5s', window: '3m' } as const;

/** Twice the memory limit, never above 4 GiB; none when there is no limit to raise, the bound is reached or no template can be changed. */
export function raiseMemory(container: Container, target: Subject): Recommendation[] {
  if (!writeActions.set_resources.kinds.includes(target.kind)) return [];
  const limit = parseQuantity(textAt(container.spec, 'resources.limits.memory'));
  if (limit === undefined || limit >= LARGEST_LIMIT) return [];
  const memory = mebibytes(Math.min(limit * 2, LARGEST_LIMIT));
  return [
    {
      name: 'increase_memory_limit',
      score: null,
      action: 'set_resources',
      target,
      parameters: { container: container.name, limits: { memory } },
      risk: 'low',
      reason: `the limit of ${textAt(container.spec, 'resources.limits.memory')} was reached; twice as much is the bound for an automatic raise`,
      success: available,
      rollback: 'set_resources',
    },
  ];
}

/** The rollout of a workload that came shortly before, if one did, `touches` accepts what it changed, and the revision before did not fail as well. */
export function recentRollout(
  facts: Facts,
  subject: Subject,
  touches: (paths: string[]) => boolean = () => true,
): BundleChange | undefined {
  const { bundle } = facts;
  if (withRevisionBefore(facts, subject)?.speaks === 'against') return undefined;
  return bundle.changes.find(
    (change) =>
      change.change === 'rollout' &&
      isSame(change, subject) &&
      change.from_revision !== null &&
      (Date.parse(bundle.at) - Date.parse(change.at)) / 1000 <= RECENT_SECONDS &&
      touches(change.fields.map((field) => field.path)),
  );
}

/** Back to the last healthy revision, when a rollout of the workload itself is what changed. */
export function rollBack(rollout: BundleChange | undefined, target: Subject): Recommendation[] {
  if (rollout === undefined || target.kind !== 'Deployment') return [];
  return [
    {
      name: 'roll_back_rollout',
      score: null,
      action: 'rollback_workload',
      target,
      parameters: {},
      risk: 'low',
      reason: `the fault began after revision ${rollout.to_revision} replaced revision ${rollout.from_revision}`,
      success: available,
      rollback: 'rollback_workload',
    },
  ];
}

/** No new pods onto a node that is sick, unless it is closed to them already or nothing shows where else they could go. */
export function cordon(facts: Facts, target: Subject): Recommendation[] {
  if (isTrueAt(facts.graph.find(target)?.body, 'spec.unschedulable') || !hasNodeBeside(facts, target)) return [];
  return [
    {
      name: 'cordon_sick_node',
      score: null,
      action: 'cordon_node',
      target,
      parameters: {},
      risk: 'low',
      reason: 'new pods must not be placed on a node that cannot run them',
      success: { condition: 'node_unschedulable', held_for: '5s', window: '1m' },
      rollback: 'uncordon_node',
    },
  ];
}
