import type { BundleEvent, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import type { Container } from './facts.ts';
import { statusesOf } from './health/health.ts';
import { textAt, textsAt } from './json-path.ts';
import { namedVictim, parseVictim } from './messages/memory-kill.ts';

/** A pod that its node has from a file is known to the kernel by the hash of that file. */
const uidsOf = ({ body }: BundleObject): string[] =>
  [textAt(body, 'metadata.uid'), textsAt(body, 'metadata.annotations')['kubernetes.io/config.hash']].flatMap(
    (uid) => uid ?? [],
  );

const RUNS = ['containerID', 'state.terminated.containerID', 'lastState.terminated.containerID'];

/** `containerd://` and the like before an id tell the runtime. */
const idsOf = (status: JsonObject, paths: readonly string[]): string[] =>
  paths.flatMap((path) => textAt(status, path)?.replace(/^[\w.-]+:\/\//, '') ?? []);

/** Whether the kernel killed a process of this pod; `untold` where its words, or what was read of the pod, do not tell. */
export function isKilledIn(message: string, pod: BundleObject): 'yes' | 'no' | 'untold' {
  const [victim, uids] = [parseVictim(message), uidsOf(pod)];
  const called = uids.length === 0 ? namedVictim(message) : undefined;
  if (called !== undefined) return called.name === pod.name && called.namespace === pod.namespace ? 'yes' : 'no';
  if (victim === undefined || uids.length === 0) return 'untold';
  return uids.includes(victim.pod) ? 'yes' : 'no';
}

/** The same of one container: by its id, and where no run of the pod's containers has that, any of them may be meant. */
export function isKilled(message: string, { pod, name }: Pick<Container, 'pod' | 'name'>): 'yes' | 'no' | 'untold' {
  const [isOfPod, id] = [isKilledIn(message, pod), parseVictim(message)?.container];
  const owner = id && statusesOf(pod).find((status) => idsOf(status, RUNS).includes(id));
  if (!owner || isOfPod === 'no') return isOfPod;
  return textAt(owner, 'name') === name ? 'yes' : 'no';
}

/** Whether the kernel killed a process of the very run that goes on. */
export function isKilledInThisRun(message: string, container: Container): boolean {
  const { pod, name, isRunning } = container;
  const status = statusesOf(pod).find((one) => textAt(one, 'name') === name) ?? {};
  const id = parseVictim(message)?.container ?? '';
  return isRunning && isKilled(message, container) === 'yes' && idsOf(status, ['containerID']).includes(id);
}

/** Each line of what the kernel, and the kubelet beside it, said of a kill. */
export const citeKill = ({ id, message }: BundleEvent): Evidence[] =>
  message.split('\n').map((line) => ({ id, quote: line.slice(0, 500) }));
