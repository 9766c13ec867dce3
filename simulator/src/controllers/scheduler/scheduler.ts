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
const reconsiderSeconds = 5;

type Usage = ReturnType<typeof createNodeUsage>;

/** Gives each waiting pod a node, or says why there is none for it. */
export function createScheduler(world: World): Controller {
  const usage = createNodeUsage();
  const refused = new Set<string>();
  const queue = createWorkQueue({ timers: world.timers, reconcile });
  const retryAll = () => {
    for (const key of refused) queue.add(key);
  };
  world.timers.every(flushSeconds, retryAll);
  const reconsider = onceAtATime(world, retryAll);

  function reconcile(key: string): void {
    const { namespace, name } = splitNameKey(key);
    const pod = world.objects.get('Pod', namespace, name);
    const verdict = pod === undefined || !isWaiting(pod) ? undefined : choose(world, usage, pod);
    if (typeof verdict === 'string') refused.add(key);
    else refused.delete(key);
    if (pod === undefined || verdict === undefined) return;
    if (typeof verdict === 'string') refuse(world, pod, verdict);
    else bind(world, pod, verdict);
  }

  return {
    onChange(change) {
      const { type, object } = change;
      if (object.kind === 'PersistentVolumeClaim' || isNewRoom(change)) reconsider();
      if (object.kind !== 'Pod') return;
      if (type === 'DELETED') usage.release(object);
      else usage.take(object);
      if (type === 'DELETED' || isFinished(object)) reconsider();
      else if (type === 'ADDED' && isWaiting(object)) queue.add(nameKey(object));
    },
  };
}

/** Something changed that may help: all pods that found no node are tried again, but not for each change anew. */
function onceAtATime({ timers }: World, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    timers.after(reconsiderSeconds, () => {
      isDue = false;
      run();
    });
  };
}

/** The node for a pod, or the sentence that explains why there is none. */
function choose(world: World, usage: Usage, pod: Pod): Node | string {
  const nodes = world.objects.list('Node');
  const claims = claimProblem(world, pod);
  if (claims !== undefined) return rejectedMessage(nodes.length, claims);
  if (nodes.length === 0) return 'no nodes available to schedule pods';
  const rooms = nodes.map((node): NodeRoom => ({ node, ...usage.of(node.metadata.name) }));
  const refusals = rooms.map((room) => refusalOf(pod.spec, room));
  const siblings = siblingsByNode(world, pod);
  const best = rooms
    .filter((_room, index) => refusals[index] === undefined)
    .map((room) => ({ node: room.node, score: scoreOf(pod.spec, room, siblings.get(room.node.metadata.name) ?? 0) }))
    .sort((left, right) => right.score - left.score)[0];
  return best?.node ?? unschedulableMessage(refusals.filter((refusal) => refusal !== undefined));
}

function siblingsByNode({ view }: World, pod: Pod): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of view.podsOf(controllerOf(pod)?.uid ?? '')) {
    if (spec.nodeName !== undefined) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
  }
  return counts;
}

function claimProblem({ objects }: World, { metadata, spec }: Pod): string | undefined {
  for (const { persistentVolumeClaim } of spec.volumes ?? []) {
    if (persistentVolumeClaim === undefined) continue;
    const claim = objects.get('PersistentVolumeClaim', metadata.namespace, persistentVolumeClaim.claimName);
    if (claim === undefined) return `persistentvolumeclaim "${persistentVolumeClaim.claimName}" not found`;
    if (claim.status?.phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

function bind(world: World, pod: Pod, node: Node): void {
  world.objects.mutate(pod, (draft) => {
    draft.spec.nodeName = node.metadata.name;
  });
  setScheduled(world, pod, { type: 'PodScheduled', status: 'True' });
  const message = `Successfully assigned ${nameKey(pod)} to ${node.metadata.name}`;
  const notice = { about: referenceTo(pod), type: 'Normal' as const, reason: 'Scheduled', message };
  world.events.recordSeries({ component, action: 'Binding' }, notice);
}

function refuse(world: World, pod: Pod, message: string): void {
  const notice = { about: referenceTo(pod), type: 'Warning' as const, reason: 'FailedScheduling', message };
  world.events.recordSeries({ component, action: 'Scheduling' }, notice);
  setScheduled(world, pod, { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message });
}

function setScheduled({ objects, clock }: World, pod: Pod, wanted: Condition): void {
  const current = objects.get('Pod', pod.metadata.namespace, pod.metadata.name);
  if (current === undefined) return;
  const present = conditionOf(current.status?.conditions, 'PodScheduled');
  if (present?.message === wanted.message && present?.status === wanted.status) return;
  const condition = { ...wanted, lastProbeTime: null };
  const conditions = withCondition(current.status?.conditions, condition, wireTime(clock.now()));
  objects.setStatus(current, { phase: 'Pending', ...current.status, conditions });
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
