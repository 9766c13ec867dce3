import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Supervised } from '@aetherius/local';
import type { Fault } from '../fault.ts';
import { agentEnvironment, type Stage } from '../stage.ts';

const FIVE_MINUTES = 5 * 60_000;

/** The agent lives by a clock of its own from its start. */
const clockOff = (name: string, off: number): Fault => ({
  name,
  alone: false,
  agent: async () => ({
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../clock-off.ts', import.meta.url))}`,
    CHAOS_CLOCK_OFF_MS: String(off),
  }),
  inject: async () => undefined,
});

const others = new WeakMap<Stage, Supervised>();

/** One leads by the Lease, the other by a lock in a folder of its own: neither knows of the other. */
const twoLeaders: Fault = {
  name: 'two-leaders',
  alone: false,
  lasts: { seconds: 25, full: 60 },
  inject: async (stage) => {
    const { fleet, cluster, label, home } = stage;
    const env = {
      ...agentEnvironment(cluster),
      LEADER: 'lock_file',
      POD_UID: 'second',
      SPOOL_DIR: join(home, 'second-spool'),
    };
    others.set(stage, await fleet.addAgent({ id: cluster.id, name: cluster.id, label: `${label}-2`, env }));
    cluster.breakOne('under-two');
  },
  heal: async (stage) => others.get(stage)?.stop(),
};

const DISK = 'small-disk';
const FILLER = 'filler';

function cannotMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a disk of 2 MiB';
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this machine lets nobody mount a disk of 2 MiB';
  }
}

/** A disk of its own for the spool, full for a while. */
const fullDisk: Fault = {
  name: 'full-disk',
  alone: false,
  missing: cannotMount,
  lasts: { seconds: 8, full: 60 },
  agent: async ({ home }) => {
    const folder = join(home, DISK);
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'aetherius-chaos', folder]);
    return { SPOOL_DIR: folder };
  },
  inject: async ({ home }) => fill(join(home, DISK, FILLER)),
  heal: async ({ home }) => rmSync(join(home, DISK, FILLER), { force: true }),
  close: async ({ home }) => {
    execFileSync('umount', ['--lazy', join(home, DISK)]);
  },
};

/** Writes until nothing more fits. */
function fill(file: string): void {
  for (const size of [64 * 1024, 4 * 1024, 512]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

/** What can befall an agent itself. */
export const agentFaults: readonly Fault[] = [
  twoLeaders,
  clockOff('clock-5-min-ahead', FIVE_MINUTES),
  clockOff('clock-5-min-behind', -FIVE_MINUTES),
  fullDisk,
];
