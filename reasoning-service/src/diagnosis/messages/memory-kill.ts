/** The kernel's or the kubelet's word that a process was killed for memory, and whose limit it hit. */
export type MemoryKill = { process: string | undefined; scope: 'container' | 'system' | 'node' };

const system = /^System OOM encountered, victim process: ([^\s,]{1,80})(?:, pid: \d{1,10})?/;
const cgroup = /Memory cgroup out of memory: Kill(?:ed)? process \d{1,10} \(([^)]{1,80})\)/;
const kernel = /Out of memory: Kill(?:ed)? process \d{1,10} \(([^)]{1,80})\)/;
/** "OOMKilled" itself is not among them: it is a word that anybody may write, such as who searches for it. */
const worker = /Worker \(pid:\d{1,10}\) was sent SIGKILL! Perhaps out of memory|signal 9.{0,40}out of memory/i;

/** Whose process was killed: the UID of its pod and the id of its container, in small letters as their objects have them. */
export type Victim = { pod: string; container: string | undefined };

/** The line that the kernel writes before a kill, since Linux 4.19 and before it. */
const ofCgroup =
  /^oom-kill:constraint=CONSTRAINT_MEMCG,(?:.{0,4000}\btask_memcg|(?!.{0,4000}\btask_memcg=).{0,4000}\boom_memcg)=([^,\s]{1,500})|^Task in (\S{1,500}) killed as a result of limit of /;
/** systemd writes a UID with underscores, as a dash divides its slices; the pods of files have a hash for a UID. */
const podIn = /[-/]pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?=[./]|$)/;
const containerIn = /([0-9a-f]{64})(?:\.scope)?$/;

/** Reads whose process a kill was of in the path of its control group, as kubelets name them; undefined where no path tells. */
export function parseVictim(message: string): Victim | undefined {
  const [, newer, older] = ofCgroup.exec(message) ?? [];
  const path = newer ?? older ?? '';
  const pod = podIn.exec(path)?.[1]?.replaceAll('_', '-');
  return pod === undefined ? undefined : { pod, container: containerIn.exec(path)?.[1] };
}

/** How the kubelet names a pod beside its UID, in newer and in older releases. */
const MOST_NAME = 320;
const named = /\bpod="([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9.-]{0,252})"/;
const namedBefore = /\b([a-z0-9][a-z0-9.-]{0,252})_([a-z0-9][a-z0-9-]{0,62})\($/;

export type PodName = { namespace: string; name: string };

/** Which pod a line of the kubelet names beside this UID. */
export function podNamedIn(line: string, uid: string): PodName | undefined {
  if (!line.includes(uid)) return undefined;
  const [, namespace, name] = named.exec(line) ?? [];
  if (namespace !== undefined && name !== undefined) return { namespace, name };
  const at = line.indexOf(`(${uid})`);
  const [, older, space] = namedBefore.exec(line.slice(Math.max(0, at - MOST_NAME), at + 1)) ?? [];
  return at < 0 || older === undefined || space === undefined ? undefined : { namespace: space, name: older };
}

/** The pod that a kill was of, where a line of the kubelet beside the kernel's names it. */
export function namedVictim(message: string): PodName | undefined {
  const uid = parseVictim(message)?.pod;
  if (uid === undefined) return undefined;
  return message
    .split('\n')
    .slice(1)
    .map((line) => podNamedIn(line, uid))
    .find((one) => one !== undefined);
}

/** Reads OOMKilling and SystemOOM events, and what servers with worker processes log when one is killed. */
export function parseMemoryKill(message: string): MemoryKill | undefined {
  const inCgroup = cgroup.exec(message);
  if (inCgroup !== null) return { process: inCgroup[1], scope: 'container' };
  const bySystem = system.exec(message);
  if (bySystem !== null) return { process: bySystem[1], scope: 'system' };
  const byKernel = kernel.exec(message);
  if (byKernel !== null) return { process: byKernel[1], scope: 'node' };
  return worker.test(message) ? { process: undefined, scope: 'container' } : undefined;
}
