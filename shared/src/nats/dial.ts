import {
  type Authenticator,
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  wsconnect,
} from '@nats-io/transport-node';
import type { Registry } from 'prom-client';
import { certificateProblem, errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import { firstAnswer, systemClock } from '../service/index.ts';
import { credsFile } from './creds-file.ts';
import type { Signer } from './nkey.ts';

/** For one server of the list. */
const CONNECT_MS = 4_000;

/** A user whose JWT is renewed, and whose key may be replaced: asked for at each connection. */
export type NatsUser = {
  jwt: () => string;
  signer: () => Signer;
  /** What helps where the server does not let this user in; without it the file of NATS_CREDS is meant. */
  wayIn?: string;
};
export type NatsOptions = {
  /** One address or several with commas between them; with `tls://` an unencrypted server is refused. */
  url: string;
  creds?: string | undefined;
  user?: NatsUser;
  /** Certificate authority in PEM, in place of the public ones. */
  ca?: string | undefined;
  name: string;
  inboxPrefix?: string;
  /** Milliseconds before the next try to connect. */
  reconnectDelay?: () => number;
  /** Told when the bus does not let us in, or no longer. */
  onRefused?: () => void;
  metrics?: Registry;
};

const signedIn = ({ jwt, signer }: NatsUser, nonce: string) => {
  const { publicKey: nkey, sign } = signer();
  return { jwt: jwt(), nkey, sig: sign(nonce).toString('base64url') };
};

function authenticatorOf({ creds, user }: NatsOptions, log: Logger): Authenticator | undefined {
  if (user !== undefined) return (nonce) => signedIn(user, nonce ?? '');
  return creds === undefined ? undefined : credsFile(creds, log);
}

/** An agent that was told the bus's authority trusts no other. */
const TOLD_AUTHORITY =
  'put the authority that signed it into NATS_CA_FILE of the agent-manager, which tells agents of it';

type WhyOut = { reason: string; way_out: string; lasting: boolean };

const PORT = 'set NATS_URL to the port of a NATS server for clients, which is 4222 unless told otherwise';
/** A port that takes the connection and says nothing is most often of something else. */
const SILENT = `nobody spoke NATS at this address within ${CONNECT_MS / 1000} s`;

type Refusal = { words: RegExp; reason?: string; way_out: string; lasting: boolean };

const notLetIn: Refusal = {
  words: /authoriz|authentic/i,
  way_out: 'set NATS_CREDS to a credentials file that this server accepts',
  lasting: true,
};

/** By the client's own words; what waiting does not mend is lasting. */
const refusals: Refusal[] = [
  {
    words: /does not support 'tls'/,
    way_out: 'give the server a certificate, or set NATS_URL to nats://…',
    lasting: true,
  },
  notLetIn,
  {
    words: /^unexpected response from server/,
    reason: 'what answers at this address does not speak NATS',
    way_out: PORT,
    lasting: true,
  },
  {
    words: /^timeout$/,
    reason: SILENT,
    way_out: `${PORT}, and let nothing between swallow the connection`,
    lasting: false,
  },
  {
    // The client's words for a connection that ends without a word; a server that starts, or a balancer without one, does that too.
    words: /node provided an undefined error/,
    reason: 'nobody spoke NATS at this address: the connection was cut at once',
    way_out: PORT,
    lasting: false,
  },
];

/** What keeps us out, what helps, and whether that can pass by waiting. */
export function whyOut(cause: unknown, { url, ca, user }: Pick<NatsOptions, 'url' | 'ca' | 'user'>): WhyOut {
  const authority = ca === undefined ? undefined : TOLD_AUTHORITY;
  const certificate = certificateProblem(cause, { variable: 'NATS_URL', authority });
  if (certificate !== undefined) return { ...certificate, lasting: true };
  const reason = (cause instanceof Error ? cause.message : '') || String(cause);
  const known = refusals.find(({ words }) => words.test(reason));
  if (known === undefined)
    return { reason, way_out: 'start the server, or set NATS_URL to where it is', lasting: false };
  const { words: _, ...why } = known;
  const ownWay = known === notLetIn && user?.wayIn !== undefined ? { way_out: user.wayIn } : {};
  return { reason, ...why, ...ownWay, ...(known.reason !== undefined && /:8222\b/.test(url) ? MONITORING : {}) };
}

/** Known to be none for clients, and easily taken for one. */
const MONITORING = {
  way_out: 'set NATS_URL to port 4222, or whichever is for clients: 8222 is the monitoring port of a NATS server',
};

const isSocket = (url: string): boolean => /^wss?:/.test(url);

/** A server that offers no TLS is then refused, so that nobody in between can talk us out of it. A WebSocket knows the process's authorities alone. */
const tlsOf = ({ url, ca }: NatsOptions) =>
  isSocket(url) || (ca === undefined && !/(^|,)tls:/.test(url)) ? {} : { tls: ca === undefined ? {} : { ca } };

function connectionOptions(given: NatsOptions, log: Logger): NodeConnectionOptions {
  const { url, name, inboxPrefix = `_INBOX_${name}`, reconnectDelay } = given;
  const authenticator = authenticatorOf(given, log);
  return {
    servers: url.split(','),
    name,
    inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    timeout: CONNECT_MS,
    pingInterval: 10_000,
    ignoreAuthErrorAbort: true,
    // A stack for each request, in case that it fails, costs more than the request; what fails names its subject.
    noAsyncTraces: true,
    ...tlsOf(given),
    ...(reconnectDelay === undefined ? {} : { reconnectDelayHandler: reconnectDelay }),
    ...(authenticator === undefined ? {} : { authenticator }),
  };
}

/** The first connection, which has 15 s. */
export async function dial(given: NatsOptions, log: Logger): Promise<NatsConnection> {
  const options = connectionOptions(given, log);
  const noBus = (cause: unknown) => {
    const { lasting: _, ...why } = whyOut(cause, given);
    return errors.unavailable({ part: 'nats', url: given.url, ...why }, { cause });
  };
  try {
    return await firstAnswer({
      ask: () => (isSocket(given.url) ? wsconnect : connect)(options),
      isLasting: (cause) => whyOut(cause, given).lasting,
      waits: (cause) => log.warn({ reason: noBus(cause).message }, 'waiting for the bus, at most 15 s'),
      clock: systemClock,
    });
  } catch (cause) {
    throw noBus(cause);
  }
}
