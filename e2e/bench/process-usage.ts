import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for all who ask, whatever the kernel's own clock (proc(5)). */
const TICK_MS = 10;
const KIB_PER_MIB = 1024;

/** Empty for a process that has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The fields of a process from its state on; its name may hold blanks and brackets. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const ticksOf = (pid: number, from: number): number =>
  (Number(statOf(pid)[from] ?? 0) + Number(statOf(pid)[from + 1] ?? 0)) * TICK_MS;

/** Milliseconds of a core that a process has used, in user and system mode. */
export const cpuMsOf = (pid: number): number => ticksOf(pid, 11);

/** The process that started another one. */
export const parentOf = (pid: number): number => Number(statOf(pid)[1]);

/** A process and all that it has started: Postgres has one for each connection. */
function familyOf(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return all.filter((one) => one === pid || parentOf(one) === pid);
}

/** Processor time of a process and its children, also of those that have ended. */
export const familyCpuMsOf = (pid: number): number =>
  familyOf(pid).reduce((sum, one) => sum + cpuMsOf(one) + ticksOf(one, 13), 0);

const memoryOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / KIB_PER_MIB;

/** MiB of a process that are in RAM now. */
export const rssMibOf = (pid: number): number => memoryOf(pid, 'VmRSS');

/** The most that it ever had in RAM. */
export const peakRssMibOf = (pid: number): number => memoryOf(pid, 'VmHWM');

/** MiB of a process and its children. Memory that they share counts in parts (Pss), or the buffers of Postgres would count once for each connection. */
export const familyMibOf = (pid: number): number =>
  familyOf(pid).reduce((sum, one) => {
    const shared = /^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`))?.[1];
    return sum + (shared === undefined ? rssMibOf(one) : Number(shared) / KIB_PER_MIB);
  }, 0);
