import { errors, isRetryable } from '@aetherius/shared/errors';
import type { CaseStore } from './case-store.ts';

/** A store of cases, and in words whether it answers. */
export type HeardStore = {
  cases: CaseStore;
  /** Keeps cases whether or not the store is known to be silent: how it is found out, in the background, that it answers again. */
  tryKeep: CaseStore['keep'];
  lastHeard: () => string;
  isSilent: () => boolean;
};

/**
 * Remembers how a store of cases last answered, so that health can say it without asking: the service works without the store, and
 * probes must not be what keeps it busy. What it refuses it has answered. While it is silent it is asked by `tryKeep` alone: to find
 * out that it is away takes seconds, which each question would spend anew.
 */
export function rememberLast(store: CaseStore, now: () => Date): HeardStore {
  let answered: Date | undefined;
  let silent: Date | undefined;
  const answers = () => {
    answered = now();
    silent = undefined;
  };
  const heard = async <T>(asking: Promise<T>): Promise<T> => {
    try {
      const answer = await asking;
      answers();
      return answer;
    } catch (error) {
      if (isRetryable(error)) silent ??= now();
      else answers();
      throw error;
    }
  };
  const { kind } = store;
  const unlessSilent = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (silent === undefined) return heard(ask());
    throw errors.unavailable({ part: kind, reason: `does not answer since ${silent.toISOString()}` });
  };
  return {
    cases: {
      kind,
      keep: (cases) => unlessSilent(() => store.keep(cases)),
      note: (ends) => unlessSilent(() => store.note(ends)),
      candidates: (like, most) => unlessSilent(() => store.candidates(like, most)),
      search: (words, most) => unlessSilent(() => store.search(words, most)),
      list: (page) => unlessSilent(() => store.list(page)),
      count: () => unlessSilent(() => store.count()),
    },
    tryKeep: (cases) => heard(store.keep(cases)),
    isSilent: () => silent !== undefined,
    lastHeard: () => {
      if (silent !== undefined) return `${kind}: does not answer since ${silent.toISOString()}`;
      return answered === undefined ? `${kind}: not asked yet` : `${kind}: answered at ${answered.toISOString()}`;
    },
  };
}
