import type { Incident } from '@aetherius/shared/contracts';
import { AetheriusError } from '@aetherius/shared/errors';
import type { ApiClient } from './api-client.ts';

type Polled = { incidents: Incident[]; gap: string | undefined };

/** Asks again and again; while nobody answers it gives what was last heard, and says that there is a gap. */
export function createPoll(api: Pick<ApiClient, 'incidents'>): () => Promise<Polled> {
  let heard: Incident[] = [];
  return async () => {
    try {
      heard = await api.incidents();
      return { incidents: heard, gap: undefined };
    } catch (error) {
      if (!isGap(error)) throw error;
      return { incidents: heard, gap: 'agent-manager does not answer' };
    }
  };
}

/** Fetch reports a refused or broken connection as a TypeError with a cause; an answer that does not fit is a bug instead. */
const isGap = (error: unknown): boolean =>
  error instanceof AetheriusError ? error.retryable : error instanceof TypeError && error.cause !== undefined;
