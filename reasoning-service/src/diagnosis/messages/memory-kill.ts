/** The kernel's or the kubelet's word that a process was killed for memory, and whose limit it hit. */
export type MemoryKill = { process: string | undefined; scope: 'container' | 'system' | 'node' };

const system = /^System OOM encountered, victim process: ([^\s,]{1,80})(?:, pid: \d{1,10})?/;
const cgroup = /Memory cgroup out of memory: Kill(?:ed)? process \d{1,10} \(([^)]{1,80})\)/;
const kernel = /Out of memory: Kill(?:ed)? process \d{1,10} \(([^)]{1,80})\)/;
/** "OOMKilled" itself is not among them: it is a word that anybody may write, such as who searches for it. */
const worker = /Worker \(pid:\d{1,10}\) was sent SIGKILL! Perhaps out of memory|signal 9.{0,40}out of memory/i;

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
