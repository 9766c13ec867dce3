import { isRetryable } from '@aetherius/shared/errors';
import type { CaseStore } from './case-store.ts';

/** A store of cases, and in words whether it answers. */
export type HeardStore = { cases: CaseStore; lastHeard: () => string; isSilent: () => boolean };

/**
 * Remembers how a store of cases last answered, so that health can say it without asking: the service works without the store, and
 * probes must not be what keeps it busy. What it refuses it has answered.
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
  return {
    cases: {
      kind,
      keep: (cases) => heard(store.keep(cases)),
      note: (ends) => heard(store.note(ends)),
      candidates: (like, most) => heard(store.candidates(like, most)),
      search: (words, most) => heard(store.search(words, most)),
      list: (page) => heard(store.list(page)),
      count: () => heard(store.count()),
    },
    isSilent: () => silent !== undefined,
    lastHeard: () => {
      if (silent !== undefined) return `${kind}: does not answer since ${silent.toISOString()}`;
      return answered === undefined ? `${kind}: not asked yet` : `${kind}: answered at ${answered.toISOString()}`;
    },
  };
}
