import type { BundleObject, Diagnosis, Severity } from '@aetherius/shared/contracts';
import { z } from 'zod';
import type { Facts } from '../facts.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { inFull, subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import { isTrueAt, objectsAt, textAt } from '../json-path.ts';
import type { Health } from './health-state.ts';
import { LEAVING } from './held-deletion.ts';

const count = z.int().nonnegative();
const Tally = z.object({ total: count, well: count, starting: count, unwell: z.array(z.string()) });

/** How a cluster, or the part of it that was read, fares at a glance; null where nothing of a kind was read. */
export const ClusterHealth = z.object({
  status: z.enum(['healthy', 'warning', 'degraded', 'unknown']),
  nodes: z
    .object({
      total: count,
      ready: count,
      not_ready: z.array(z.string()),
      unwell: z.array(z.string()).meta({ description: 'Not ready, or ready and short of memory, disk or the like' }),
      cordoned: z.array(z.string()),
    })
    .nullable(),
  pods: z
    .object({ total: count, by_phase: z.record(z.string(), count), by_health: z.record(z.string(), count) })
    .nullable(),
  control_plane: Tally.nullable().meta({
    description: 'Pods of the API server, etcd, scheduler and controller manager',
  }),
  system_pods: Tally.nullable().meta({ description: 'Pods of kube-system, those of the control plane among them' }),
  workloads: z.record(z.string(), Tally),
  findings: z.object({ critical: count, high: count, medium: count, low: count, unknown: count }),
});
export type ClusterHealth = z.infer<typeof ClusterHealth>;

const MOST_NAMES = 20;
const well: ReadonlySet<Health['state']> = new Set(['healthy', 'finished']);
const controlPlane = /^(?:etcd|kube-apiserver|kube-controller-manager|kube-scheduler)$/;

const names = (objects: readonly BundleObject[]): string[] => objects.slice(0, MOST_NAMES).map(inFull);

function tallied<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

function tally(facts: Facts, objects: readonly BundleObject[]): z.infer<typeof Tally> | null {
  if (objects.length === 0) return null;
  const held = heldUp(facts);
  const stateOf = (object: BundleObject) => startState(facts.health(object), held.has(inFull(object)));
  return {
    total: objects.length,
    well: objects.filter((one) => stateOf(one) === 'well').length,
    starting: objects.filter((one) => stateOf(one) === 'starting').length,
    unwell: names(objects.filter((one) => stateOf(one) === 'unwell')),
  };
}

/** Workloads that have a broken pod: what is still young there does not merely start. */
const heldUp = (facts: Facts): ReadonlySet<string> =>
  new Set(
    facts
      .of('Pod')
      .filter((pod) => facts.health(pod).state === 'broken')
      .map((pod) => inFull(facts.top(subjectOf(pod)))),
  );

function startState({ state, line }: Health, isHeldUp: boolean): 'well' | 'starting' | 'unwell' | undefined {
  if (well.has(state)) return 'well';
  if (state === 'broken') return 'unwell';
  // A pod that is told to go is under way as well, but to its end.
  if (state !== 'progressing' || line === LEAVING) return undefined;
  return isHeldUp ? 'unwell' : 'starting';
}

const readiness = (node: BundleObject): string | undefined =>
  objectsAt(node.body, 'status.conditions')
    .filter((condition) => textAt(condition, 'type') === 'Ready')
    .map((condition) => textAt(condition, 'status'))[0];

function nodesIn(facts: Facts): ClusterHealth['nodes'] {
  const nodes = facts.of('Node');
  if (nodes.length === 0) return null;
  const those = (is: (node: BundleObject) => boolean) => nodes.filter(is).map(({ name }) => name);
  return {
    total: nodes.length,
    ready: those((node) => readiness(node) === 'True').length,
    not_ready: those((node) => !['True', undefined].includes(readiness(node))).slice(0, MOST_NAMES),
    unwell: those((node) => facts.health(node).state === 'broken').slice(0, MOST_NAMES),
    cordoned: those(({ body }) => isTrueAt(body, 'spec.unschedulable')),
  };
}

function podsIn(facts: Facts): ClusterHealth['pods'] {
  const pods = facts.of('Pod');
  if (pods.length === 0) return null;
  return {
    total: pods.length,
    by_phase: tallied(pods, ({ body }) => textAt(body, 'status.phase') ?? 'Unknown'),
    by_health: tallied(pods, (pod) => facts.health(pod).state),
  };
}

const systemPods = (facts: Facts) => facts.of('Pod').filter(({ namespace }) => namespace === 'kube-system');

function workloadsIn(facts: Facts): ClusterHealth['workloads'] {
  const kinds = [...workloadKinds].filter((kind) => kind !== 'ReplicaSet');
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const found = tally(facts, facts.of(kind));
      return found === null ? [] : [[kind, found]];
    }),
  );
}

function faultsIn(findings: readonly Diagnosis[]): ClusterHealth['findings'] {
  const known = findings.filter(({ category }) => category !== 'unknown' && category !== 'no_incident');
  const of = (severity: Severity) => known.filter((one) => one.severity === severity).length;
  // An abstention that nothing shows is no fault.
  const unknown = findings.filter(({ category, severity }) => category === 'unknown' && severity !== 'low').length;
  return { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low'), unknown };
}

/**
 * The state in one word: degraded when a node, the system or a workload is down, warning for any other fault. Healthy needs
 * something that was seen to be well, and nothing of which it could not be said.
 */
function statusOf(
  { nodes, pods, workloads, system_pods: system, findings }: Omit<ClusterHealth, 'status'>,
  isLeftOpen: boolean,
): ClusterHealth['status'] {
  const { critical, high, medium, low, unknown } = findings;
  const isDown = (nodes?.unwell.length ?? 0) > 0 || (system?.unwell.length ?? 0) > 0;
  if (critical > 0 || isDown) return 'degraded';
  if (high + medium + low + unknown > 0) return 'warning';
  const isUnclear = isLeftOpen || (pods?.by_health['unclear'] ?? 0) > 0;
  const isSeen = nodes !== null || pods !== null || Object.keys(workloads).length > 0;
  return isSeen && !isUnclear ? 'healthy' : 'unknown';
}

/** The health check of a cluster: nodes, pods by state, the control plane and the system's pods, faults by severity. */
export function clusterHealth(facts: Facts, findings: readonly Diagnosis[]): ClusterHealth {
  const system = systemPods(facts);
  const parts = {
    nodes: nodesIn(facts),
    pods: podsIn(facts),
    control_plane: tally(
      facts,
      system.filter((pod) => controlPlane.test(labelsOf(pod)['component'] ?? '')),
    ),
    system_pods: tally(facts, system),
    workloads: workloadsIn(facts),
    findings: faultsIn(findings),
  };
  const isLeftOpen = findings.some(({ category }) => category === 'unknown');
  return { status: statusOf(parts, isLeftOpen), ...parts };
}
