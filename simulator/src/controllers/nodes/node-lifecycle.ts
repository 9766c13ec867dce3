import { isDeepStrictEqual } from 'node:util';
import { conditionOf, withCondition } from '../conditions.ts';
import { isActive, isReady } from '../pod-state.ts';
import { referenceTo } from '../references.ts';
import type { Condition, Node } from '../types.ts';
import { wireTime } from '../wire-time.ts';
import { createWorkQueue } from '../work-queue.ts';
import type { Controller, World } from '../world.ts';
import { taintsFor } from './taint-rules.ts';

const component = 'node-controller';
const monitorSeconds = 5;
const graceSeconds = 50;

/** Watches the heartbeats of the nodes, and marks those that have fallen silent or are short of something. */
export function createNodeLifecycle(world: World): Controller {
  const silent = new Set<string>();
  const queue = createWorkQueue({ timers: world.timers, reconcile: (name) => taint(world, name) });
  world.timers.every(monitorSeconds, () => {
    for (const node of world.objects.list('Node')) monitor(world, node, silent);
  });
  return {
    onChange({ type, object }) {
      if (object.kind !== 'Node') return;
      queue.add(object.metadata.name);
      if (type === 'ADDED') world.timers.after(0, () => greet(world, object));
      if (type === 'DELETED') silent.delete(object.metadata.name);
    },
  };
}

function greet({ events }: World, node: Node): void {
  const { name } = node.metadata;
  const message = `Node ${name} event: Registered Node ${name} in Controller`;
  events.record({ component }, { about: referenceTo(node), type: 'Normal', reason: 'RegisteredNode', message });
}

function taint({ objects, clock }: World, name: string): void {
  const node = objects.get('Node', undefined, name);
  if (node === undefined) return;
  const taints = taintsFor(node, wireTime(clock.now()));
  if (isDeepStrictEqual(node.spec?.taints ?? [], taints)) return;
  objects.mutate(node, (draft) => {
    const { taints: _before, ...spec } = draft.spec ?? {};
    draft.spec = taints.length === 0 ? spec : { ...spec, taints };
  });
}

/**
 * A node counts as silent only at the second look in a row: heartbeat and monitor share one event loop here, and after
 * a long pause of the process the monitor may come first.
 */
function monitor(world: World, node: Node, silent: Set<string>): void {
  const { name } = node.metadata;
  const lease = world.objects.get('Lease', 'kube-node-lease', name);
  const ready = conditionOf(node.status?.conditions, 'Ready');
  if (lease === undefined || ready === undefined || ready.status === 'Unknown') return;
  const silentSeconds = ((world.clock.now().getTime() - Date.parse(lease.spec.renewTime ?? '')) * world.speed) / 1000;
  if (silentSeconds < graceSeconds) {
    silent.delete(name);
  } else if (silent.has(name)) {
    silent.delete(name);
    giveUp(world, node);
  } else silent.add(name);
}

function giveUp(world: World, node: Node): void {
  const { objects, events, clock, view } = world;
  const now = wireTime(clock.now());
  const unknown = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map(
    (type): Condition => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastHeartbeatTime: conditionOf(node.status?.conditions, type)?.lastHeartbeatTime ?? now,
    }),
  );
  const conditions = unknown.reduce(
    (sum, condition) => withCondition(sum, condition, now),
    node.status?.conditions ?? [],
  );
  objects.setStatus(node, { ...node.status, conditions });
  const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
  events.record({ component }, { about: referenceTo(node), type: 'Normal', reason: 'NodeNotReady', message });
  for (const pod of view.podsOn(node.metadata.name).filter((candidate) => isActive(candidate) && isReady(candidate))) {
    const unready = withCondition(pod.status?.conditions, { type: 'Ready', status: 'False', lastProbeTime: null }, now);
    objects.setStatus(pod, { phase: 'Running', ...pod.status, conditions: unready });
    const notice = { about: referenceTo(pod), type: 'Warning' as const, reason: 'NodeNotReady' };
    events.record({ component }, { ...notice, message: 'Node is not ready' });
  }
}
