import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from './stage.ts';

/** Sends a signal to a process of the fleet by its name, and to all that it started. */
export function signal({ run }: Arena, name: string, which: 'SIGSTOP' | 'SIGCONT'): void {
  const { pid } = JSON.parse(readFileSync(join(run, `${name}.pid`), 'utf8')) as { pid: number };
  process.kill(-pid, which);
}
