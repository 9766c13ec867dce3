import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Clock } from '@aetherius/shared/service';
import { type HealthSeen, noteHealth, type RevisionHealth } from './revision-health.ts';

/** Which ReplicaSets have been seen healthy, kept in a file so that a restart of the agent forgets none. */
export type RevisionMemory = {
  note: (replicaSets: readonly RevisionHealth[]) => Promise<void>;
  seenHealthy: (uid: string) => boolean;
};

/** Opens the memory; a file that cannot be read is an empty one, because then a roll back only becomes more careful. */
export function openRevisionMemory({ file, clock }: { file: string; clock: Clock }): RevisionMemory {
  let seen: HealthSeen = { healthy: new Set(readUids(file)), readySince: new Map() };
  let saved = [...seen.healthy].join();
  return {
    seenHealthy: (uid) => seen.healthy.has(uid),
    note: async (replicaSets) => {
      seen = noteHealth(seen, replicaSets, clock.monotonic());
      const healthy = [...seen.healthy];
      if (healthy.join() === saved) return;
      await writeFile(`${file}.new`, JSON.stringify(healthy));
      await rename(`${file}.new`, file);
      saved = healthy.join();
    },
  };
}

function readUids(file: string): string[] {
  try {
    const uids: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(uids) ? uids.filter((uid) => typeof uid === 'string') : [];
  } catch {
    return [];
  }
}
