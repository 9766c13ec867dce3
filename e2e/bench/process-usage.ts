import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The fields of a process from its state on; its name may hold blanks and brackets. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Milliseconds of a core that a process has used, in user and system mode. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid);
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** The process that started another one. */
export const parentOf = (pid: number): number => Number(statOf(pid)[1]);

/** The same of a process and its children, also of those that have ended. */
export function familyCpuMsOf(pid: number): number {
  const fields = statOf(pid);
  const ended = ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
  return childrenOf(pid).reduce((sum, child) => sum + cpuMsOf(child), cpuMsOf(pid) + ended);
}

const memoryOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** MiB of a process that are in RAM now. */
export const rssMibOf = (pid: number): number => memoryOf(pid, 'VmRSS');

/** The most that it ever had in RAM. */
export const peakRssMibOf = (pid: number): number => memoryOf(pid, 'VmHWM');

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        return parentOf(child) === pid;
      } catch {
        // It ended between the listing and the look.
        return false;
      }
    });
