import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Json } from '@aetherius/shared/contracts';
import { KubeError, refusedBy } from './kube-error.ts';
import { reachesSecrets } from './secret-path.ts';
import { readWatchLines } from './watch-lines.ts';

/** Where an API server is and how to be let in; the token is asked for at each request because a mounted one is renewed. */
export type KubeConnection = {
  server: string;
  ca?: string;
  token?: () => string | undefined | Promise<string | undefined>;
  cert?: string;
  key?: string;
  skipVerify?: boolean;
};

export type Query = Record<string, string | number | boolean | undefined>;
type WatchOptions = { signal: AbortSignal; onLine: (line: Json) => void };
type PatchType =
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/json-patch+json';

/** The few verbs that the agent needs; every one rejects with a KubeError, and none lets a path of Secrets through. */
export type KubeClient = {
  get(path: string, query?: Query): Promise<Json>;
  list(path: string, query?: Query): Promise<Json>;
  watch(path: string, query: Query, options: WatchOptions): Promise<void>;
  patch(path: string, type: PatchType, body: Json, query?: Query): Promise<Json>;
  post(path: string, body: Json, query?: Query): Promise<Json>;
  put(path: string, body: Json, query?: Query): Promise<Json>;
  delete(path: string, body?: Json, query?: Query): Promise<Json>;
  text(path: string, query?: Query, options?: { timeoutMs: number }): Promise<string>;
  stop(): void;
};

type Request = {
  method: string;
  path: string;
  query?: Query | undefined;
  body?: Json | undefined;
  type?: string;
  accept?: string;
  signal: AbortSignal;
};

const REQUEST_MS = 30_000;

/** A thin client of the Kubernetes API on node:http, because importing the full client costs 88 MiB of memory. */
export function createKubeClient(connection: KubeConnection): KubeClient {
  const { open, stop } = createTransport(connection);
  const json = async (request: Omit<Request, 'signal'>): Promise<Json> => {
    const signal = AbortSignal.timeout(REQUEST_MS);
    return parsed(request.path, await bodyOf(request.path, await open({ ...request, signal })));
  };
  const get = (path: string, query?: Query) => json({ method: 'GET', path, query });
  return Object.freeze({
    get,
    list: get,
    patch: (path, type, body, query) => json({ method: 'PATCH', path, query, body, type }),
    post: (path, body, query) => json({ method: 'POST', path, query, body }),
    put: (path, body, query) => json({ method: 'PUT', path, query, body }),
    delete: (path, body, query) => json({ method: 'DELETE', path, query, body }),
    text: async (path, query, { timeoutMs } = { timeoutMs: REQUEST_MS }) => {
      const signal = AbortSignal.timeout(timeoutMs);
      return bodyOf(path, await open({ method: 'GET', path, query, accept: '*/*', signal }));
    },
    watch: async (path, query, { signal, onLine }) => {
      const response = await open({ method: 'GET', path, query: { ...query, watch: true }, signal });
      await readWatchLines(response, onLine).catch((error: unknown) => {
        // What the listener itself threw (the server's own ERROR line, such as 410) keeps its code.
        throw error instanceof KubeError ? error : unreachable(path, error);
      });
    },
    stop,
  } satisfies KubeClient);
}

function createTransport(connection: KubeConnection) {
  const base = new URL(connection.server);
  const { request, Agent } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, ...tlsOf(connection) });
  const open = async (wanted: Request): Promise<IncomingMessage> => {
    const { method, path, signal } = wanted;
    if (reachesSecrets(path)) {
      throw new KubeError({ code: 403, reason: 'SecretsRefused', message: 'the agent never touches Secrets', path });
    }
    const token = await tokenOf(connection, path);
    const body = wanted.body === undefined ? undefined : JSON.stringify(wanted.body);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(urlOf(base, wanted), { method, agent, signal, headers: headersOf(wanted, token) }, resolve);
      sent.on('error', (error) => reject(unreachable(path, error)));
      // Node gives a DELETE no length of its own, and the server would take its body for another request.
      if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
      sent.end(body);
    });
    const code = response.statusCode ?? 0;
    if (code < 200 || code > 299) throw refusedBy(path, code, await bodyOf(path, response));
    return response;
  };
  return { open, stop: () => agent.destroy() };
}

async function tokenOf({ token }: KubeConnection, path: string): Promise<string | undefined> {
  try {
    return await token?.();
  } catch (error) {
    throw unreachable(path, error);
  }
}

const tlsOf = ({ ca, cert, key, skipVerify }: KubeConnection) => ({
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
  ...(skipVerify ? { rejectUnauthorized: false } : {}),
});

function urlOf(base: URL, { path, query = {} }: Request): URL {
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

const headersOf = ({ body, type, accept }: Request, token: string | undefined): Record<string, string> => ({
  accept: accept ?? 'application/json',
  'user-agent': 'aetherius-collect-agent',
  ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
  ...(token ? { authorization: `Bearer ${token}` } : {}),
});

async function bodyOf(path: string, response: IncomingMessage): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw unreachable(path, error);
  }
}

function parsed(path: string, body: string): Json {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const message = `the API server answered something that is not JSON: ${body.slice(0, 100)}`;
    throw new KubeError({ code: 0, reason: 'NotJson', message, path }, { cause });
  }
}

function unreachable(path: string, cause: unknown): KubeError {
  const { name, message } = cause as Partial<Error>;
  const reason = name === 'TimeoutError' || name === 'AbortError' ? 'Timeout' : 'Unreachable';
  return new KubeError({ code: 0, reason, message: message || 'the API server did not answer', path }, { cause });
}
