import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errors } from '@aetherius/shared/errors';
import { exposeBuild, exposeReadiness, type Registry } from '@aetherius/shared/metrics';

type Face = {
  port: number;
  /** The address to listen on; all of them when none is named. */
  host: string | undefined;
  version: string;
  /** State of each part; anything but `ok` makes the agent not ready. */
  ready: () => Record<string, string>;
  metrics: Registry;
};

const SERVICE = 'collect-agent';

/**
 * The agent's only door: health and metrics, on plain node:http. The app of the other services would bring routes, tokens
 * and an OpenAPI document that nobody may use here, and 10 MiB of memory in every cluster.
 */
export async function serveHealth(face: Face): Promise<{ port: number; stop: () => Promise<void> }> {
  exposeBuild(face);
  exposeReadiness(face);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://agent').pathname;
    const page = request.method === 'GET' || request.method === 'HEAD' ? pages[path] : undefined;
    if (page === undefined) return sendJson(response, 404, problem(path));
    void page(face, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = { reason: 'the port is taken', way_out: 'end the other program, or set PORT to another port' };
      const other = { reason: cause.message, way_out: 'set PORT and LISTEN_HOST to what this process may have' };
      const why = cause.code === 'EADDRINUSE' ? taken : other;
      reject(errors.unavailable({ port: face.port, ...why }, { cause }));
    });
    server.listen({ port: face.port, ...(face.host === undefined ? {} : { host: face.host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Page = (face: Face, response: ServerResponse) => void | Promise<void>;

const readiness: Page = ({ ready, version }, response) => {
  const parts = ready();
  const isReady = Object.values(parts).every((state) => state === 'ok');
  const status = isReady ? 'ok' : 'unavailable';
  sendJson(response, isReady ? 200 : 503, { status, service: SERVICE, version, parts });
};

const liveness: Page = ({ version }, response) => sendJson(response, 200, { status: 'ok', service: SERVICE, version });

const pages: Readonly<Record<string, Page>> = {
  '/health': readiness,
  '/health/ready': readiness,
  '/readyz': readiness,
  '/health/live': liveness,
  '/livez': liveness,
  '/healthz': liveness,
  '/metrics': async ({ metrics }, response) => {
    const text = await metrics.metrics();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  },
  '/': ({ version }, response) => {
    const text = `${SERVICE} ${version}: watches one cluster and carries out commands there, both over NATS.\n`;
    const hint =
      'Here are only GET /health, /health/live, /health/ready and /metrics; ask the agent-manager for the rest.\n';
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text + hint);
  },
};

const problem = (path: string) => ({
  type: 'about:blank',
  title: 'There is no such thing',
  status: 404,
  code: 'not_found',
  detail: path,
});

function sendJson(response: ServerResponse, status: number, body: object): void {
  const type = status === 404 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
