import { type Enrolment, type EnrolmentRequest, enrolmentStatement } from '@aetherius/shared/contracts';
import { AetheriusError } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import type { NatsOptions, Signer } from '@aetherius/shared/nats';
import { type Clock, sleep } from '@aetherius/shared/service';
import { backOffMs } from '../watch/back-off.ts';
import { newKeyFile, openKeyFile } from './key-file.ts';

/** How to reach the bus: with credentials that are always those of the last renewal. */
export type WayIn = Omit<NatsOptions, 'name' | 'inboxPrefix'>;

/** An agent's place in the fleet: asked for until it is given, and renewed long before it ends. */
export type AgentEnrolment = {
  /** A promise, because the first answer may be long in coming. */
  wayIn: Promise<WayIn>;
  /** `ok`, or why this agent is not let in. */
  state: () => string;
  /** Whether the manager means this agent when it says no. */
  isShutOut: () => boolean;
  stop: () => Promise<void>;
};

type Needs = {
  cluster: string;
  keyFile: string;
  token: () => Promise<string | undefined>;
  serviceAccount: () => Promise<EnrolmentRequest['service_account']>;
  ask: (request: EnrolmentRequest) => Promise<Enrolment>;
  clock: Clock;
  random: () => number;
  log: Logger;
};

/** What the manager says when it means this agent, not this moment. */
const FINAL = ['enrolment_refused', 'key_revoked'];
const SHUT_OUT = 'this agent was shut out and needs a new enrolment token';
/** The manager signs what the bus does not take; until it does, the agent asks for another enrolment by itself. */
const OF_ANOTHER = 'let NATS_ISSUER_FILE of the agent-manager and the server be of the same bus';
const RECONNECT_MS = 500;
/** An agent that is let in no longer must not hammer the bus. */
const SHUT_OUT_RECONNECT_MS = 15_000;
/** The bus may refuse many times a second; the manager is asked why once in this time. */
const ASK_AGAIN_MS = 5_000;

/** When to renew: at two thirds of the lifetime, a tenth of it spread by chance, so that a fleet does not come all at once. */
export const renewAfterMs = (lifetimeSeconds: number, random: number): number =>
  lifetimeSeconds * 1000 * (2 / 3 - 0.05 + 0.1 * random);

type State = {
  key?: Signer;
  given?: { enrolment: Enrolment; key: Signer };
  problem: string;
  shutOut: boolean;
  /** Its key was shut out: whatever is said of the next one, that is why it is not in. */
  revoked: boolean;
};

/** Enrols at once and keeps the enrolment alive; whatever the manager says, it goes on trying, ever more slowly. */
export function startEnrolment(needs: Needs): AgentEnrolment {
  const { clock, random } = needs;
  const abort = new AbortController();
  const state: State = { problem: 'not asked yet', shutOut: false, revoked: false };
  const first = Promise.withResolvers<WayIn>();
  let wake = () => {};
  let askedAt = Number.NEGATIVE_INFINITY;
  const refusedByBus = () => {
    if (clock.monotonic() - askedAt > ASK_AGAIN_MS) wake();
  };
  const running = (async () => {
    let failures = 0;
    while (!abort.signal.aborted) {
      askedAt = clock.monotonic();
      const given = await tryOnce(needs, state);
      failures = given === undefined ? failures + 1 : 0;
      if (given !== undefined) first.resolve(wayIn(given, state, refusedByBus));
      const early = new AbortController();
      wake = () => early.abort();
      const pause =
        given === undefined ? backOffMs(failures, random()) : renewAfterMs(given.lifetime_seconds, random());
      await sleep(pause, AbortSignal.any([abort.signal, early.signal]));
    }
  })();
  return {
    wayIn: first.promise,
    state: () => state.problem,
    isShutOut: () => state.shutOut,
    stop: async () => {
      abort.abort();
      await running;
    },
  };
}

/** Where the bus is stays as the first answer had it; who we are there is asked for at each connection. */
function wayIn(first: Enrolment, state: State, onRefused: () => void): WayIn {
  const given = () => {
    if (state.given === undefined) throw new Error('asked for credentials before there were any');
    return state.given;
  };
  return {
    url: first.nats_urls.join(','),
    ca: first.ca ?? undefined,
    user: { jwt: () => given().enrolment.jwt, signer: () => given().key, wayIn: OF_ANOTHER },
    reconnectDelay: () => (state.shutOut ? SHUT_OUT_RECONNECT_MS : RECONNECT_MS),
    onRefused,
  };
}

async function tryOnce(needs: Needs, state: State): Promise<Enrolment | undefined> {
  const { cluster, keyFile, log } = needs;
  try {
    state.key ??= await openKeyFile(keyFile);
    const enrolment = await needs.ask(await requestOf(needs, state.key));
    log.info({ cluster_id: cluster, public_key: state.key.publicKey, expires_at: enrolment.expires_at }, 'let in');
    Object.assign(state, { given: { enrolment, key: state.key }, problem: 'ok', shutOut: false, revoked: false });
    return enrolment;
  } catch (err) {
    const code = err instanceof AetheriusError ? err.code : '';
    state.revoked ||= code === 'key_revoked';
    const said = err instanceof Error ? err.message : String(err);
    const problem = state.revoked ? `${SHUT_OUT}: ${said}` : said;
    tell(needs, state, { err, code, problem });
    Object.assign(state, { problem, shutOut: FINAL.includes(code) });
    // A key that was shut out never comes back; another may, by a new token.
    if (code === 'key_revoked') state.key = await newKeyFile(keyFile);
    return undefined;
  }
}

type Refused = { err: unknown; code: string; problem: string };

/** Once for each reason: the same is asked again every few seconds, for as long as it takes. */
function tell({ log }: Needs, state: State, { err, code, problem }: Refused): void {
  const level = problem === state.problem ? 'debug' : 'warn';
  const why = code === '' ? { err } : { code, reason: problem };
  log[level](why, state.given === undefined ? 'not let in yet' : 'the enrolment was not renewed');
}

async function requestOf({ cluster, token, serviceAccount, clock }: Needs, key: Signer): Promise<EnrolmentRequest> {
  const said = {
    cluster_id: cluster,
    public_key: key.publicKey,
    at: clock.now().toISOString(),
    token: (await token()) ?? null,
  };
  const signature = key.sign(enrolmentStatement(said)).toString('base64url');
  return { ...said, signature, service_account: await serviceAccount() };
}
