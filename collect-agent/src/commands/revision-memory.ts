import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Clock } from '@aetherius/shared/service';
import { noteHealth, type Readiness, type RevisionHealth, readyFor } from './revision-health.ts';

/** How healthy ReplicaSets have been seen, kept in a file so that a restart of the agent forgets none. */
export type RevisionMemory = {
  note: (revision: RevisionHealth) => void;
  forget: (uid: string) => void;
  /** The longest time that it had all its pods ready, in milliseconds; undefined when it was never seen healthy. */
  readyFor: (uid: string) => number | undefined;
  save: () => Promise<void>;
};

/** Opens the memory; a file that cannot be read is an empty one, because then a roll back only becomes more careful. */
export function openRevisionMemory({ file, clock }: { file: string; clock: Clock }): RevisionMemory {
  const seen = new Map<string, Readiness>(
    Object.entries(readFile(file)).map(([uid, longestMs]) => [uid, { longestMs, since: undefined }]),
  );
  const readiness = (uid: string) => {
    const known = seen.get(uid);
    return known && readyFor(known, clock.monotonic());
  };
  let changed = false;
  return {
    readyFor: readiness,
    note: (revision) => {
      changed = true;
      const known = noteHealth(seen.get(revision.uid), revision, clock.monotonic());
      if (known === undefined) seen.delete(revision.uid);
      else seen.set(revision.uid, known);
    },
    forget: (uid) => {
      changed = seen.delete(uid) || changed;
    },
    save: async () => {
      if (!changed) return;
      changed = false;
      const times = Object.fromEntries([...seen.keys()].map((uid) => [uid, Math.round(readiness(uid) ?? 0)]));
      await writeFile(`${file}.new`, JSON.stringify(times));
      await rename(`${file}.new`, file);
    },
  };
}

function readFile(file: string): Record<string, number> {
  try {
    const times: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof times !== 'object' || times === null) return {};
    return Object.fromEntries(Object.entries(times).filter(([, time]) => typeof time === 'number'));
  } catch {
    return {};
  }
}
