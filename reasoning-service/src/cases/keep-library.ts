import { isRetryable } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import type { Case } from './case.ts';
import type { HeardStore } from './last-heard.ts';

type Needs = Pick<HeardStore, 'tryKeep' | 'isSilent'> & {
  library: readonly Case[];
  wayOut: (error: unknown) => string;
  log: Logger;
};

/**
 * Brings the library into the store of cases, at each call until the store has it. One that did not answer is given it again once
 * it does, for what comes back may be empty. That it is away stops nothing; what it refuses does.
 */
export function keepingLibrary({ library, tryKeep, isSilent, wayOut, log }: Needs): () => Promise<void> {
  let isKept = false;
  let isTold = false;
  return async () => {
    if (isKept && !isSilent()) return;
    isKept = false;
    try {
      await tryKeep(library);
      isKept = true;
      isTold = false;
    } catch (err) {
      if (!isRetryable(err)) throw err;
      if (!isTold)
        log.warn({ err, way_out: wayOut(err) }, 'the store of cases does not answer: answers go without similar cases');
      isTold = true;
    }
  };
}
