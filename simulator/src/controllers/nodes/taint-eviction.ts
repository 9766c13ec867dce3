import { keyOf, splitKey } from '../cluster-view.ts';
import { withCondition } from '../conditions.ts';
import { deletePod } from '../pod-creation.ts';
import { isActive } from '../pod-state.ts';
import { referenceTo } from '../references.ts';
import type { Pod } from '../types.ts';
import { wireTime } from '../wire-time.ts';
import { createWorkQueue } from '../work-queue.ts';
import type { Controller, World } from '../world.ts';
import { staySeconds } from './taint-rules.ts';

const component = 'taint-eviction-controller';

/** Deletes pods from nodes whose NoExecute taints they do not, or no longer, tolerate. */
export function createTaintEviction(world: World): Controller {
  const due = new Map<string, () => void>();
  const reconcile = (key: string) => consider(world, key, due);
  const queue = createWorkQueue({ timers: world.timers, reconcile });
  return {
    onChange({ object }) {
      if (object.kind === 'Node') {
        for (const pod of world.view.podsOn(object.metadata.name)) queue.add(keyOf(pod));
      } else if (object.kind === 'Pod' && object.spec.nodeName !== undefined) queue.add(keyOf(object));
    },
  };
}

function consider(world: World, key: string, due: Map<string, () => void>): void {
  const { namespace, name } = splitKey(key);
  const pod = world.objects.get('Pod', namespace, name);
  const node = pod?.spec.nodeName === undefined ? undefined : world.objects.get('Node', undefined, pod.spec.nodeName);
  const taints = node?.spec?.taints ?? [];
  const isLeaving = pod === undefined || !isActive(pod);
  const seconds = isLeaving ? Number.POSITIVE_INFINITY : staySeconds(taints, pod.spec.tolerations ?? []);
  if (seconds === Number.POSITIVE_INFINITY) {
    const cancel = due.get(key);
    cancel?.();
    due.delete(key);
    if (cancel !== undefined && !isLeaving) report(world, pod, `Cancelling deletion of Pod ${namespace}/${name}`);
  } else if (!due.has(key) && pod !== undefined) {
    const cancel = world.timers.after(seconds, () => {
      due.delete(key);
      evict(world, pod);
    });
    due.set(key, cancel);
  }
}

function evict(world: World, { metadata }: Pod): void {
  const pod = world.objects.get('Pod', metadata.namespace, metadata.name);
  if (pod === undefined || pod.metadata.uid !== metadata.uid || !isActive(pod)) return;
  report(world, pod, `Marking for deletion Pod ${metadata.namespace}/${metadata.name}`);
  const message = 'Taint manager: deleting due to NoExecute taint';
  const disruption = { type: 'DisruptionTarget', status: 'True' as const, reason: 'DeletionByTaintManager', message };
  const conditions = withCondition(pod.status?.conditions, disruption, wireTime(world.clock.now()));
  world.objects.setStatus(pod, { phase: 'Running', ...pod.status, conditions });
  deletePod(world, pod);
}

function report({ events }: World, pod: Pod, message: string): void {
  events.record({ component }, { about: referenceTo(pod), type: 'Normal', reason: 'TaintManagerEviction', message });
}
