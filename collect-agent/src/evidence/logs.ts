import { FIRST_LOG_LINES as LINES } from '@aetherius/shared/contracts';
import type { ContainerStatus, Pod } from '../kube/objects.ts';
import { containersOf } from '../signals/health.ts';
import { bundleLog } from './bundle-log.ts';
import type { Gathering } from './gathering.ts';

const CONTAINERS = 3;
const BYTES = 32 * 1024;

const endedBadly = ({ state, lastState }: ContainerStatus): boolean =>
  (state?.terminated?.exitCode ?? lastState?.terminated?.exitCode ?? 0) !== 0;
const hasStarted = ({ state, lastState }: ContainerStatus): boolean =>
  (state?.running ?? state?.terminated ?? lastState?.terminated) !== undefined;

/** The last words of a pod's containers, those that ended badly first; of the run before as well, for that is the one that died. */
export async function gatherLogs(gathering: Gathering, pod: Pod): Promise<void> {
  const containers = containersOf(pod)
    .filter(hasStarted)
    .sort((a, b) => Number(endedBadly(b)) - Number(endedBadly(a)))
    .slice(0, CONTAINERS);
  await Promise.all(
    containers.flatMap((status) => {
      const current = gatherLog(gathering, pod, { container: status.name, previous: false });
      return status.lastState?.terminated === undefined
        ? [current]
        : [current, gatherLog(gathering, pod, { container: status.name, previous: true })];
    }),
  );
}

type Which = { container: string; previous: boolean };

async function gatherLog(gathering: Gathering, pod: Pod, { container, previous }: Which): Promise<void> {
  const { namespace = '', name } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  const text = await gathering.text(path, { container, previous, tailLines: LINES, limitBytes: BYTES });
  if (text !== undefined) gathering.addLog(bundleLog({ namespace, pod: name, container, previous }, text, LINES));
}
