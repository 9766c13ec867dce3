import { keyOf, splitKey } from '../cluster-view.ts';
import { createWorkQueue } from '../work-queue.ts';
import type { Controller, World } from '../world.ts';
import type { MissingImages } from './images.ts';
import { Kubelet } from './kubelet.ts';

/** The kubelets of all nodes. */
export type Kubelets = Controller & { of(nodeName: string): Kubelet | undefined };

/** Runs a kubelet for each node and tells it of its pods. */
export function createKubelets(world: World, missingImages: MissingImages): Kubelets {
  const kubelets = new Map<string, Kubelet>();
  const placed = new Map<string, string>();
  const queue = createWorkQueue({ timers: world.timers, reconcile });

  function reconcile(key: string): void {
    const { kind, namespace, name } = splitKey(key);
    if (kind === 'Node') reconcileNode(name);
    else reconcilePod(key, namespace, name);
  }

  function reconcileNode(name: string): void {
    const node = world.objects.get('Node', undefined, name);
    const present = kubelets.get(name);
    if (node === undefined) {
      present?.stop();
      kubelets.delete(name);
    } else if (present === undefined) {
      const kubelet = new Kubelet(world, { name, index: kubelets.size + 1, missingImages });
      kubelets.set(name, kubelet);
      kubelet.start();
    } else present.noteSchedulable(node.spec?.unschedulable !== true);
  }

  function reconcilePod(key: string, namespace: string | undefined, name: string): void {
    const pod = world.objects.get('Pod', namespace, name);
    const nodeName = pod?.spec.nodeName;
    const before = placed.get(key);
    if (before !== undefined && before !== nodeName) {
      kubelets.get(before)?.forget(key);
      placed.delete(key);
    }
    if (pod === undefined || nodeName === undefined) return;
    placed.set(key, nodeName);
    kubelets.get(nodeName)?.sync(pod);
  }

  return {
    of: (nodeName) => kubelets.get(nodeName),
    onChange({ object }) {
      if (object.kind === 'Node' || object.kind === 'Pod') queue.add(keyOf(object));
    },
  };
}
