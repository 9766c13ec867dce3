import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of a service have cost so far: memory as it is now, and processor time since each began. */
export type ProcessCost = { rssMib: number; cpuMs: number };

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const KIB_PER_MIB = 1024;

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Fields after the name, which may hold blanks and brackets itself. */
const statOf = (pid: number): string[] => {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** A process and all that it has started: Postgres has one for each connection. */
function familyOf(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(all.map((one) => [one, Number(statOf(one)[1])]));
  return all.filter((one) => one === pid || parents.get(one) === pid);
}

/** Memory that is shared counts in parts (Pss), or the buffers of Postgres would count once for each connection. */
const memoryKib = (pid: number): number =>
  Number(
    /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ??
      /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ??
      0,
  );

/** Its own time and that of children that have ended: fields 14 to 17 of the line, of which the first two are gone here. */
const cpuTicks = (pid: number): number =>
  statOf(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0);

/** The cost of each service now; null where /proc does not say it. */
export function processCosts(pids: Readonly<Record<string, number>>): Record<string, ProcessCost> | null {
  if (process.platform !== 'linux') return null;
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const family = familyOf(pid);
      const sum = (of: (pid: number) => number) => family.reduce((all, one) => all + of(one), 0);
      return [name, { rssMib: Math.round(sum(memoryKib) / KIB_PER_MIB), cpuMs: sum(cpuTicks) * TICK_MS }];
    }),
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
