import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import { isShallow, unstorable } from '../contracts/index.ts';
import { errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import { exposeBuild, exposeReadiness } from '../metrics/index.ts';
import { newId } from '../service/index.ts';
import { traced, tracedBelow } from '../tracing/index.ts';
import { type Access, allows } from './access.ts';
import { openApi } from './open-api.ts';
import { invalid, notJson, tooDeep, toProblem, unfit, unknown } from './problem.ts';
import { observeRequests } from './request-metrics.ts';
import type { Actor, EventStream, Route } from './route.ts';
import { unknownField } from './unknown-field.ts';

/** State of each part that a service needs; anything but `ok` makes it not ready. */
export type Readiness = () => Promise<Record<string, string>>;

type App = {
  service: string;
  version: string;
  about: string;
  routes: readonly Route[];
  access: Access;
  metrics: Registry;
  ready: Readiness;
  /** Parts that the service works without: their state is told and measured, but takes no traffic from it. */
  spared?: Readiness;
  /** What a person should know although the service is ready, by name: read at each question for its health, so it must ask nobody. */
  notes?: () => Record<string, string>;
  log: Logger;
};

const MAX_BODY_BYTES = 1024 ** 2;
const anonymous: Actor = { id: 'anonymous', roles: [] };

/** The HTTP face of a service: health, metrics, its OpenAPI document, and its routes behind bearer tokens. */
export function createApp(app: App): Express {
  const server = express();
  server.disable('x-powered-by');
  server.set('query parser', 'simple');
  server.use(helmet());
  server.use(requestId);
  server.use(observeRequests(app.metrics));
  exposeBuild(app);
  exposeReadiness({ metrics: app.metrics, ready: async () => ({ ...(await app.ready()), ...(await app.spared?.()) }) });
  addHealth(server, app);
  server.get('/openapi.json', (_request, response) => void response.json(openApi(app.routes, app)));
  server.get('/', (_request, response) => void response.type('text/plain').send(greeting(app)));
  for (const route of app.routes)
    server[route.method](route.path, (request, response, next) => serve({ app, route, request, response }).catch(next));
  server.use((request: Request) => {
    throw errors.not_found({ path: request.path });
  });
  server.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    fail({ app, error, request, response }),
  );
  return server;
}

const jsonTypes = ['application/json', 'application/*+json'];

/** The body, read only now that the caller is known: a large one costs memory and time. */
async function bodyOf({ route, request, response }: Serving): Promise<unknown> {
  if (route.request.body === undefined) return undefined;
  const read = express.json({ limit: route.bodyLimit ?? MAX_BODY_BYTES, type: jsonTypes });
  await new Promise<void>((done, failed) =>
    read(request, response, (error?: unknown) => (error === undefined ? done() : failed(error))),
  );
  // Null says that there is no body at all, false that it is of another type.
  if (request.is(jsonTypes) === false) throw notJson(request.get('content-type'));
  return request.body;
}

const greeting = ({ service, version, about, routes }: App): string =>
  [
    `${service} ${version}: ${about}`,
    '',
    'GET /health, /health/live, /health/ready, /metrics, /openapi.json need no token.',
    'Everything below /api needs "Authorization: Bearer <access token>":',
    ...routes.map((route) => `  ${route.method.toUpperCase().padEnd(6)} ${route.path}  ${route.summary}`),
    '',
  ].join('\n');

function requestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  response.locals['request_id'] = given !== undefined && /^[\w.-]{1,100}$/.test(given) ? given : newId();
  response.set('x-request-id', response.locals['request_id']);
  next();
}

const inOrder = (parts: Record<string, string>): boolean => Object.values(parts).every((state) => state === 'ok');

function addHealth(server: Express, { service, version, ready, spared, metrics, notes }: App): void {
  const report = async (response: Response) => {
    const [needed, others] = await Promise.all([ready(), spared?.() ?? {}]);
    const healthy = inOrder(needed);
    const parts = { ...needed, ...others };
    const status = !healthy ? 'unavailable' : inOrder(others) ? 'ok' : 'degraded';
    response.status(healthy ? 200 : 503).json({ status, service, version, parts, ...(notes && { notes: notes() }) });
  };
  // Under the names of Kubernetes too, which many tools ask without being told.
  for (const path of ['/health/live', '/livez', '/healthz'])
    server.get(path, (_request, response) => void response.json({ status: 'ok', service, version }));
  for (const path of ['/health/ready', '/readyz', '/health'])
    server.get(path, (_request, response) => report(response));
  server.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
}

type Serving = { app: App; route: Route; request: Request; response: Response };

async function serve({ app, route, request, response }: Serving): Promise<void> {
  const address = request.ip ?? 'unknown';
  route.turnAway?.(address);
  const actor = route.role === 'public' ? anonymous : await app.access.actorOf(request.get('authorization'));
  if (route.role !== 'public' && !allows(actor.roles, route.role)) throw errors.forbidden({ needs: route.role });
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const requestId = String(response.locals['request_id']);
  const given = await bodyOf({ app, route, request, response });
  const result = await inSpan({ route, request, requestId }, async () =>
    route.handler({
      params: parse('path', route.request.params, request.params),
      query: parse('query', route.request.query, request.query),
      body: parseBody(route, given),
      actor,
      requestId,
      authorization: request.get('authorization'),
      signal: gone.signal,
      address,
    }),
  );
  if (route.streams) return stream(response, result as EventStream);
  if (route.text) response.status(route.status).type('text/plain').send(result);
  else if (result === undefined) response.status(204).end();
  else response.status(route.status).json(result);
}

type Spanning = Pick<Serving, 'route' | 'request'> & { requestId: string };

/** What a person changes begins a trace; what is only read, or renewed by a machine, goes on with the caller's or has none. */
function inSpan<T>({ route, request, requestId }: Spanning, work: () => Promise<T>): Promise<T> {
  const method = route.method.toUpperCase();
  const attributes = { 'http.request.method': method, 'http.route': route.path, request_id: requestId };
  const options = { parent: request.get('traceparent'), attributes };
  const begins = route.method !== 'get' && route.role !== 'public';
  return (begins ? traced : tracedBelow)(`${method} ${route.path}`, options, work);
}

function parse(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  if (!isShallow(value)) throw tooDeep(part);
  const field = unstorable(value);
  if (field !== undefined) throw unfit(part, field);
  const parsed = schema.safeParse(value ?? {});
  if (!parsed.success) throw invalid(part, parsed.error);
  return parsed.data;
}

/** People and their scripts are told of a field that nobody knows; agents and Alertmanager may be newer than we are. */
function parseBody({ role, request }: Route, given: unknown): unknown {
  const body = parse('body', request.body, given);
  const field = role === 'public' ? undefined : unknownField(given, body);
  if (field !== undefined) throw unknown('body', field);
  return body;
}

async function stream(response: Response, events: EventStream): Promise<void> {
  response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  for await (const { event, data } of events) {
    if (response.closed) break;
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  response.end();
}

function fail({
  app,
  error,
  request,
  response,
}: {
  app: App;
  error: unknown;
  request: Request;
  response: Response;
}): void {
  const problem = toProblem(error, String(response.locals['request_id']));
  if (problem.status >= 500)
    app.log.error({ err: error, path: request.path, request_id: problem.request_id }, 'a request failed');
  if (response.headersSent) {
    response.end();
    return;
  }
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
