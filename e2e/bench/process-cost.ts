import { familyCpuMsOf, familyMibOf } from './process-usage.ts';

/** What the processes of a service have cost so far: memory as it is now, and processor time since each began. */
export type ProcessCost = { rssMib: number; cpuMs: number };

/** The cost of each service now; null where /proc does not say it. */
export function processCosts(pids: Readonly<Record<string, number>>): Record<string, ProcessCost> | null {
  if (process.platform !== 'linux') return null;
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [
      name,
      { rssMib: Math.round(familyMibOf(pid)), cpuMs: familyCpuMsOf(pid) },
    ]),
  );
}

/** Processor time of each service per thousand pieces of work that were done between two looks. */
export function cpuPerThousand(
  before: ReturnType<typeof processCosts>,
  after: ReturnType<typeof processCosts>,
  pieces: number,
): Record<string, number> | null {
  if (before === null || after === null) return null;
  const spent = Object.entries(after).map(([name, { cpuMs }]) => [name, cpuMs - (before[name]?.cpuMs ?? 0)] as const);
  return Object.fromEntries(spent.map(([name, ms]) => [name, Math.round((ms / pieces) * 1000)]));
}
