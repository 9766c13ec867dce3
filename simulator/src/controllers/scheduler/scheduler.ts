import { isDeepStrictEqual } from 'node:util';
import { conditionOf, withCondition } from '../conditions.ts';
import { isFinished } from '../pod-state.ts';
import { controllerOf, isTerminating, nameKey, referenceTo, splitNameKey } from '../references.ts';
import type { Condition, Node, Pod } from '../types.ts';
import { wireTime } from '../wire-time.ts';
import { createWorkQueue } from '../work-queue.ts';
import type { Controller, TypedChange, World } from '../world.ts';
import { type NodeRoom, refusalOf, rejectedMessage, scoreOf, unschedulableMessage } from './fit.ts';
import { createNodeUsage } from './node-usage.ts';

const component = 'default-scheduler';
const flushSeconds = 300;
const longestBackOffSeconds = 10;

/** Gives each waiting pod a node, or says why there is none for it. */
export function createScheduler(world: World): Controller {
  const { objects, events, clock, timers } = world;
  const usage = createNodeUsage();
  const attempts = new Map<string, number>();
  const queue = createWorkQueue({ timers, reconcile });
  timers.every(flushSeconds, () => {
    for (const key of attempts.keys()) queue.add(key);
  });

  function reconcile(key: string): void {
    const { namespace, name } = splitNameKey(key);
    const pod = objects.get('Pod', namespace, name);
    if (pod === undefined || !isWaiting(pod)) {
      attempts.delete(key);
      return;
    }
    const verdict = choose(pod);
    if (typeof verdict === 'string') refuse(key, pod, verdict);
    else bind(key, pod, verdict);
  }

  /** The node for a pod, or the sentence that explains why there is none. */
  function choose(pod: Pod): Node | string {
    const nodes = objects.list('Node');
    const claims = claimProblem(pod);
    if (claims !== undefined) return rejectedMessage(nodes.length, claims);
    if (nodes.length === 0) return 'no nodes available to schedule pods';
    const rooms = nodes.map((node): NodeRoom => ({ node, ...usage.of(node.metadata.name) }));
    const refusals = rooms.map((room) => refusalOf(pod.spec, room));
    const fitting = rooms.filter((_room, index) => refusals[index] === undefined);
    const best = fitting
      .map(({ node, ...room }) => ({ node, score: scoreOf(pod.spec, { node, ...room }, siblingsOn(node, pod)) }))
      .sort((left, right) => right.score - left.score)[0];
    return best?.node ?? unschedulableMessage(refusals.filter((refusal) => refusal !== undefined));
  }

  function siblingsOn(node: Node, pod: Pod): number {
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return 0;
    return world.view.podsOf(owner).filter(({ spec }) => spec.nodeName === node.metadata.name).length;
  }

  function claimProblem({ metadata, spec }: Pod): string | undefined {
    for (const { persistentVolumeClaim } of spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claim = objects.get('PersistentVolumeClaim', metadata.namespace, persistentVolumeClaim.claimName);
      if (claim === undefined) return `persistentvolumeclaim "${persistentVolumeClaim.claimName}" not found`;
      if (claim.status?.phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
    }
    return undefined;
  }

  function bind(key: string, pod: Pod, node: Node): void {
    attempts.delete(key);
    objects.mutate(pod, (draft) => {
      draft.spec.nodeName = node.metadata.name;
    });
    setScheduled(pod, { type: 'PodScheduled', status: 'True' });
    const message = `Successfully assigned ${key} to ${node.metadata.name}`;
    const notice = { about: referenceTo(pod), type: 'Normal' as const, reason: 'Scheduled', message };
    events.recordSeries({ component, action: 'Binding' }, notice);
  }

  function refuse(key: string, pod: Pod, message: string): void {
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    const notice = { about: referenceTo(pod), type: 'Warning' as const, reason: 'FailedScheduling', message };
    events.recordSeries({ component, action: 'Scheduling' }, notice);
    setScheduled(pod, { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message });
  }

  function setScheduled(pod: Pod, wanted: Condition): void {
    const current = objects.get('Pod', pod.metadata.namespace, pod.metadata.name);
    if (current === undefined) return;
    const present = conditionOf(current.status?.conditions, 'PodScheduled');
    if (present?.message === wanted.message && present?.status === wanted.status) return;
    const conditions = withCondition(
      current.status?.conditions,
      { ...wanted, lastProbeTime: null },
      wireTime(clock.now()),
    );
    objects.setStatus(current, { phase: 'Pending', ...current.status, conditions });
  }

  /** Something changed that may help: pods that found no node are tried again, each after its own back-off. */
  function reconsider(): void {
    for (const [key, count] of attempts) queue.addAfter(key, Math.min(longestBackOffSeconds, 2 ** (count - 1)));
  }

  function onPod({ type, object }: TypedChange): void {
    if (object.kind !== 'Pod') return;
    if (type === 'DELETED') usage.release(object);
    else usage.take(object);
    if (type === 'DELETED') attempts.delete(nameKey(object));
    if (type === 'DELETED' || isFinished(object)) reconsider();
    else if (type === 'ADDED' && isWaiting(object)) queue.add(nameKey(object));
  }

  return {
    onChange(change) {
      onPod(change);
      if (change.object.kind === 'PersistentVolumeClaim' || isNewRoom(change)) reconsider();
    },
  };
}

const isWaiting = (pod: Pod): boolean =>
  pod.spec.nodeName === undefined &&
  !isTerminating(pod) &&
  !isFinished(pod) &&
  (pod.spec.schedulerName ?? component) === component;

/** Heartbeats change nodes all the time and make no difference to where a pod fits. */
function isNewRoom({ object, previous }: TypedChange): boolean {
  if (object.kind !== 'Node') return false;
  if (previous?.kind !== 'Node') return true;
  const relevant = (node: Node) => [node.spec, node.metadata.labels, node.status?.allocatable];
  return !isDeepStrictEqual(relevant(object), relevant(previous));
}
