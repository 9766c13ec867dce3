import { isDeepStrictEqual } from 'node:util';
import { createPod, deletePod } from './pod-creation.ts';
import { draftPod } from './pod-draft.ts';
import { isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random.ts';
import { controllerOf, isTerminating, nameKey, referenceTo, splitNameKey } from './references.ts';
import { untolerated } from './scheduler/tolerations.ts';
import { carries } from './selector.ts';
import { templateHash } from './template-hash.ts';
import type { DaemonSet, Node, Pod, Toleration } from './types.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

const component = 'daemonset-controller';
const revisionLabel = 'controller-revision-hash';

const bornTolerations: Toleration[] = [
  ...['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists' as const,
    effect: 'NoExecute',
  })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists' as const,
    effect: 'NoSchedule',
  })),
];

/** Keeps one pod of each daemon set on every node that it may run on. */
export function createDaemonSetController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (key) => reconcile(world, key) });
  return {
    onChange({ type, object }) {
      if (object.kind === 'DaemonSet') queue.add(nameKey(object));
      const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
      if (owner?.kind === 'DaemonSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
      if (object.kind === 'Node' && type !== 'DELETED') {
        for (const set of world.objects.list('DaemonSet')) queue.add(nameKey(set));
      }
    },
  };
}

const tolerationsOf = ({ spec }: DaemonSet): Toleration[] => [
  ...(spec.template.spec.tolerations ?? []),
  ...bornTolerations,
];

const isWelcome = (set: DaemonSet, { metadata, spec }: Node): boolean =>
  carries(metadata.labels, set.spec.template.spec.nodeSelector ?? {}) &&
  untolerated(spec?.taints ?? [], tolerationsOf(set), ['NoExecute']).length === 0;

const mayStart = (set: DaemonSet, { spec }: Node): boolean =>
  untolerated(spec?.taints ?? [], tolerationsOf(set), ['NoSchedule']).length === 0;

/** The node that a daemon pod is meant for: the scheduler binds it, but the choice was made here. */
function targetOf({ spec }: Pod): string | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values?.[0];
}

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitNameKey(key);
  const set = world.objects.get('DaemonSet', namespace, name);
  if (set === undefined || isTerminating(set)) return;
  const nodes = world.objects.list('Node').filter((node) => isWelcome(set, node));
  const pods = world.view.podsOf(set.metadata.uid ?? '');
  for (const pod of pods.filter((candidate) => isFinished(candidate) && !isTerminating(candidate)))
    replaceFailed(world, set, pod);
  for (const node of nodes) {
    const isCovered = pods.some((pod) => targetOf(pod) === node.metadata.name);
    if (!isCovered && mayStart(set, node)) add(world, set, node);
  }
  updateOne(world, set, pods);
  publish(world, set, nodes);
}

function replaceFailed(world: World, set: DaemonSet, pod: Pod): void {
  const where = `on node ${pod.spec.nodeName}, will try to kill it`;
  const message = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} ${where}`;
  world.events.record({ component }, { about: referenceTo(set), type: 'Warning', reason: 'FailedDaemonPod', message });
  drop(world, set, pod);
}

function updateOne(world: World, set: DaemonSet, pods: readonly Pod[]): void {
  if (!pods.every((pod) => isReady(pod) && !isTerminating(pod))) return;
  const outdated = pods.find(({ metadata }) => metadata.labels?.[revisionLabel] !== templateHash(set.spec.template));
  if (outdated !== undefined) drop(world, set, outdated);
}

function add(world: World, set: DaemonSet, node: Node): void {
  const generateName = `${set.metadata.name}-`;
  const labels = { [revisionLabel]: templateHash(set.spec.template), 'pod-template-generation': '1' };
  const draft = draftPod(set, set.spec.template, {
    name: generateName + randomSuffix(world.random),
    generateName,
    labels,
  });
  const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: [node.metadata.name] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
  const pod = createPod(world, { ...draft, spec: { ...draft.spec, affinity, tolerations: tolerationsOf(set) } });
  report(world, set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function drop(world: World, set: DaemonSet, pod: Pod): void {
  deletePod(world, pod);
  report(world, set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

function report({ events }: World, set: DaemonSet, reason: string, message: string): void {
  events.record({ component }, { about: referenceTo(set), type: 'Normal', reason, message });
}

function publish({ objects, view }: World, set: DaemonSet, nodes: readonly Node[]): void {
  const pods = view.podsOf(set.metadata.uid ?? '').filter((pod) => !isTerminating(pod));
  const ready = pods.filter(isReady).length;
  const status = {
    observedGeneration: set.metadata.generation ?? 1,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.filter(
      ({ metadata }) => metadata.labels?.[revisionLabel] === templateHash(set.spec.template),
    ).length,
    numberMisscheduled: 0,
    numberReady: ready,
    ...(ready > 0 ? { numberAvailable: ready } : {}),
    ...(nodes.length > ready ? { numberUnavailable: nodes.length - ready } : {}),
  };
  if (!isDeepStrictEqual(set.status, status)) objects.setStatus(set, status);
}
