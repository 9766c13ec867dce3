import { JetStreamApiError } from '@nats-io/jetstream';
import { TimeoutError } from '@nats-io/transport-node';
import { errors } from '../errors/index.ts';
import { sleep } from '../service/index.ts';
import { WAY_TO_A_LEADER } from './connection.ts';

const LONGEST_ELECTION_MS = 20_000;
/** The cluster of servers, or the server that was asked, has no leader to ask. */
const NO_LEADER = [10008, 10009];

const isElecting = (cause: unknown): boolean =>
  cause instanceof TimeoutError || (cause instanceof JetStreamApiError && NO_LEADER.includes(cause.code));

/** What lost its leader a moment ago has the next one within seconds: what is asked meanwhile is not answered, or refused. */
export async function whileElecting<T>(what: string, ask: () => Promise<T>): Promise<T> {
  const last = Date.now() + LONGEST_ELECTION_MS;
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (!isElecting(cause)) throw cause;
      if (Date.now() >= last) {
        const reason = `${what} does not answer: it has no leader now`;
        throw errors.unavailable({ part: 'nats', reason, way_out: WAY_TO_A_LEADER }, { cause });
      }
      await sleep(250);
    }
  }
}
