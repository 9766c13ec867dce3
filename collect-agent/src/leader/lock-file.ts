import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { Clock } from '@aetherius/shared/service';
import type { Contender } from './leadership.ts';

type Place = { file: string; identity: string; clock: Clock };

/** A lock that its holder did not touch for this long was left behind. */
const ABANDONED_MS = 15_000;
const HOLDS_MS = 10_000;

/**
 * A contender for a lock file, for an agent that is attached from outside and may write nothing in the cluster.
 * 1. Making the file is atomic (a hard link), so of two that begin at once one gets it.
 * 2. The holder touches it; one that is not touched any more is replaced, and whoever reads another's name in it is out.
 * 3. After replacing one, a round passes before leading, in which the last of several replacers shows.
 */
export function createLockContender({ file, identity, clock }: Place): Contender {
  const own = `${file}.${process.pid}`;
  let leadsUntil = Number.NEGATIVE_INFINITY;
  let seen = { mark: '', at: 0 };

  const create = async (asked: number) => {
    await writeFile(own, identity);
    try {
      await link(own, file);
      leadsUntil = asked + HOLDS_MS;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    } finally {
      await rm(own, { force: true });
    }
  };
  const isAbandoned = (mark: string): boolean => {
    if (mark !== seen.mark) seen = { mark, at: clock.monotonic() };
    return clock.monotonic() - seen.at > ABANDONED_MS;
  };
  return {
    leading: () => clock.monotonic() < leadsUntil,
    tick: async () => {
      const asked = clock.monotonic();
      const held = await readLock(file);
      if (held === undefined) return create(asked);
      if (held.holder === identity) {
        await utimes(file, clock.now(), clock.now());
        leadsUntil = asked + HOLDS_MS;
        return;
      }
      leadsUntil = Number.NEGATIVE_INFINITY;
      if (!isAbandoned(held.mark)) return;
      await writeFile(own, identity);
      await rename(own, file);
    },
    release: async () => {
      leadsUntil = Number.NEGATIVE_INFINITY;
      if ((await readLock(file))?.holder === identity) await rm(file, { force: true });
    },
  };
}

async function readLock(file: string): Promise<{ holder: string; mark: string } | undefined> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return { holder, mark: `${holder}@${mtimeMs}` };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
