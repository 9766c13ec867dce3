import { errors } from '@aetherius/shared/errors';
import type { MissingImages } from './kubelet/images.ts';
import type { Kubelet } from './kubelet/kubelet.ts';
import type { Kubelets } from './kubelet/kubelets.ts';
import type { DiskState } from './kubelet/node-status-rules.ts';
import type { World } from './world.ts';

/** What can be done to the simulated machines, beside the API. */
export type Cluster = {
  missingImages: MissingImages;
  stopNode(name: string): void;
  startNode(name: string): void;
  setDisk(nodeName: string, disk: DiskState): void;
  /** Lines with their time in front, oldest first; undefined when there is no such run of the container. */
  readLog(query: { namespace: string; pod: string; container: string; previous: boolean }): string[] | undefined;
  /** Whether a kubelet is in charge of a pod's end, be it running or not. */
  endsPods(pod: { namespace: string; name: string }): boolean;
};

/** The handle on the machines of a simulated cluster. */
export function createCluster(deps: { world: World; kubelets: Kubelets; missingImages: MissingImages }): Cluster {
  const { world, kubelets, missingImages } = deps;
  const nodeOf = ({ namespace, name }: { namespace: string; name: string }): string =>
    world.objects.get('Pod', namespace, name)?.spec.nodeName ?? '';
  const kubelet = (name: string): Kubelet => {
    const found = kubelets.of(name);
    if (found === undefined) throw errors.not_found({ node: name });
    return found;
  };
  return Object.freeze({
    missingImages,
    stopNode: (name: string) => kubelet(name).stop(),
    startNode: (name: string) => kubelet(name).start(),
    setDisk: (nodeName: string, disk: DiskState) => kubelet(nodeName).setDisk(disk),
    readLog({ namespace, pod, container, previous }) {
      const key = `Pod/${namespace}/${pod}`;
      const lines = kubelets
        .of(nodeOf({ namespace, name: pod }))
        ?.readLog(key, container, previous ? 'previous' : 'current');
      return lines?.map(({ at, text }) => `${at.toISOString().replace('Z', '000000Z')} ${text}`);
    },
    endsPods: (pod) => kubelets.of(nodeOf(pod)) !== undefined,
  } satisfies Cluster);
}
