import { generateKeyPairSync } from 'node:crypto';
import {
  createAccess,
  createApp,
  encodeCursor,
  type Listening,
  listen,
  pageQuery,
  route,
} from '@aetherius/shared/http';
import { createMetrics } from '@aetherius/shared/metrics';
import { silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { z } from 'zod';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const token = (roles: string[], expires = '1h') =>
  new SignJWT({ roles })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('someone')
    .setIssuer('aetherius')
    .setExpirationTime(expires)
    .sign(privateKey);

const routes = [
  route({
    method: 'get',
    path: '/api/v1/things/:id',
    summary: 'List parts of a thing',
    role: 'public',
    request: { params: z.object({ id: z.string() }), query: z.object({ q: z.string().optional(), ...pageQuery }) },
    response: z.object({ after: z.unknown() }),
    handler: async ({ query }) => ({ after: query.cursor ?? null }),
  }),
  route({
    method: 'post',
    path: '/api/v1/things/:id',
    summary: 'Make a thing',
    role: 'responder',
    request: {
      params: z.object({ id: z.string() }),
      body: z.object({
        size: z.int().max(10),
        parts: z.array(z.object({ labels: z.record(z.string(), z.string()) })).optional(),
      }),
    },
    response: z.object({ id: z.string(), size: z.number(), by: z.string() }),
    status: 201,
    handler: async ({ params, body, actor }) => ({ ...params, ...body, by: actor.id }),
  }),
  route({
    method: 'post',
    path: '/api/v1/hooks',
    summary: 'Take what another program sends',
    role: 'public',
    request: { body: z.object({ size: z.int() }) },
    response: z.object({ size: z.number() }),
    bodyLimit: 2_000_000,
    handler: async ({ body }) => body,
  }),
  route({
    method: 'get',
    path: '/api/v1/broken',
    summary: 'Break',
    role: 'public',
    response: z.object({}),
    handler: async () => {
      throw new Error('secret inside');
    },
  }),
];

describe('http', () => {
  let http: Listening;
  let url: string;
  let asked = 0;
  beforeAll(async () => {
    const access = await createAccess({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
    const ready = async () => ({ postgres: 'ok', nats: 'not connected' });
    http = await listen(
      createApp({
        service: 'kit',
        version: '1',
        about: 'a test',
        routes,
        access,
        metrics: createMetrics('kit'),
        ready,
        notes: () => ({ store: `asked ${++asked} times` }),
        log: silentLogger(),
      }),
      0,
    );
    url = `http://127.0.0.1:${http.port}`;
  });
  afterAll(() => http.stop());

  const make = async (body: string, authorization?: string) => {
    const answer = await fetch(`${url}/api/v1/things/a`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
  };

  it('lets nobody in without a token, and nobody act beyond a role', async () => {
    expect((await make('{"size":1}')).status).toBe(401);
    expect((await make('{"size":1}', 'Bearer nonsense')).body).toMatchObject({ code: 'unauthorized' });
    expect((await make('{"size":1}', `Bearer ${await token(['viewer'])}`)).status).toBe(403);
    expect((await make('{"size":1}', `Bearer ${await token(['admin'], '-1m')}`)).status).toBe(401);
    expect(await make('{"size":1}', `Bearer ${await token(['admin'])}`)).toMatchObject({
      status: 201,
      body: { id: 'a', size: 1, by: 'someone' },
    });
  });

  it('names the field that is wrong', async () => {
    const bearer = `Bearer ${await token(['admin'])}`;
    expect(await make('{"size":11}', bearer)).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json'),
      body: { errors: [{ field: 'body.size' }] },
    });
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(await make(`{"size":1,"notes":${deep}}`, bearer)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body', message: 'is nested more than 200 deep' }] },
    });
    expect((await make('{"size":', bearer)).body).toMatchObject({
      errors: [{ field: 'body', message: 'is not valid JSON' }],
    });
    expect((await make(`{"x":"${'y'.repeat(1_100_000)}"}`, bearer)).status).toBe(413);
  });

  it('refuses a field that it does not know, wherever it lies, except from other programs', async () => {
    const bearer = `Bearer ${await token(['admin'])}`;
    const refused = (field: string) => ({ status: 400, body: { errors: [{ field, message: 'is not known here' }] } });
    expect(await make('{"size":1,"sise":2}', bearer)).toMatchObject(refused('body.sise'));
    const parts = '"parts":[{"labels":{"any":"x"}},{"labels":{},"label":{}}]';
    expect(await make(`{"size":1,${parts}}`, bearer)).toMatchObject(refused('body.parts.1.label'));
    expect(await make('{"size":1,"__proto__":{"x":1}}', bearer)).toMatchObject(refused('body.__proto__'));
    const headers = { 'content-type': 'application/json' };
    const hook = (body: string) => fetch(`${url}/api/v1/hooks`, { method: 'POST', headers, body });
    expect(await (await hook('{"size":1,"since":"a later version"}')).json()).toEqual({ size: 1 });
    expect((await hook(`{"size":1,"text":"${'y'.repeat(1_100_000)}"}`)).status).toBe(200);
    expect((await hook(`{"size":1,"text":"${'y'.repeat(2_100_000)}"}`)).status).toBe(413);
  });

  it('says which type of body it reads, and reads none of a caller whom it does not know', async () => {
    const send = async (type: string | undefined, authorization: string, body = '{"size":1}') => {
      const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) };
      const answer = await fetch(`${url}/api/v1/things/a`, { method: 'POST', headers, body: Buffer.from(body) });
      return { status: answer.status, text: await answer.text() };
    };
    const bearer = `Bearer ${await token(['admin'])}`;
    const refused = (words: string) => ({ status: 415, text: expect.stringContaining(words) });
    expect(await send('text/plain', bearer)).toMatchObject(refused('is text/plain; this reads application/json'));
    expect(await send(undefined, bearer)).toMatchObject(refused('header.content-type'));
    expect(await send('application/json; charset=utf-8', bearer)).toMatchObject({ status: 201 });
    expect(await send('application/vnd.x+json', bearer)).toMatchObject({ status: 201 });
    expect(await send('application/json', 'Bearer nonsense', `"${'y'.repeat(1_100_000)}`)).toMatchObject({
      status: 401,
    });
  });

  it('refuses text that no store can keep, naming where it lies', async () => {
    const bearer = `Bearer ${await token(['admin'])}`;
    const get = async (rest: string) => (await fetch(`${url}/api/v1/things/${rest}`)).json();
    const problem = (field: string) => ({ status: 400, code: 'invalid_input', errors: [{ field }] });
    expect(await get('a%00b')).toMatchObject(problem('path.id'));
    expect(await get('a?q=%00')).toMatchObject(problem('query.q'));
    expect((await make('{"size":1,"more":["\\u0000"]}', bearer)).body).toMatchObject(problem('body.more.0'));
    expect((await make('{"size":1,"more":"\\ud800"}', bearer)).body).toMatchObject(problem('body.more'));
  });

  it('refuses a query parameter that it does not know, also where it knows none', async () => {
    const get = async (rest: string) => (await fetch(`${url}/api/v1/${rest}`)).json();
    expect(await get('things/a?qq=x')).toMatchObject({ status: 400, errors: [{ field: 'query.qq' }] });
    expect(await get('broken?foo=bar')).toMatchObject({ status: 400, errors: [{ field: 'query.foo' }] });
  });

  it('takes its own cursors and no others', async () => {
    const get = async (cursor: string) => (await fetch(`${url}/api/v1/things/a?cursor=${cursor}`)).json();
    const at = '2026-01-02T03:04:05.678901Z';
    expect(await get(encodeCursor([at, 'x']))).toEqual({ after: { at, id: 'x' } });
    for (const key of [['a', 'b'], [1, 2], [at], [at, 'x', 'y'], [at, 'a\0b'], [at, '\ud800']])
      expect(await get(encodeCursor(key))).toMatchObject({
        status: 400,
        errors: [{ field: 'query.cursor', message: 'is not a cursor of this list' }],
      });
    expect(await get('nonsense')).toMatchObject({ status: 400, errors: [{ field: 'query.cursor' }] });
  });

  it('says nothing of its inside when it breaks', async () => {
    const answer = await fetch(`${url}/api/v1/broken`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).toContain('request_id');
    expect(text).not.toContain('secret inside');
  });

  it('stays in service without a part that it can do without, and tells of it', async () => {
    const access = await createAccess({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
    const parts = { needed: 'ok', spared: 'ok' };
    const app = createApp({
      ...{ service: 'kit', version: '1', about: 'a test', routes: [], access, metrics: createMetrics('kit') },
      ready: async () => ({ needed: parts.needed }),
      spared: async () => ({ spared: parts.spared }),
      log: silentLogger(),
    });
    const other = await listen(app, 0);
    const at = `http://127.0.0.1:${other.port}`;
    const health = async () => {
      const answer = await fetch(`${at}/health/ready`);
      return [answer.status, await answer.json()];
    };
    try {
      expect(await health()).toMatchObject([200, { status: 'ok', parts }]);
      parts.spared = 'away';
      expect(await health()).toMatchObject([200, { status: 'degraded', parts }]);
      const figures = await (await fetch(`${at}/metrics`)).text();
      expect(figures).toContain('aetherius_part_ready{part="spared",service="kit"} 0');
      expect(figures).toContain('aetherius_part_ready{part="needed",service="kit"} 1');
      parts.needed = 'away';
      expect(await health()).toMatchObject([503, { status: 'unavailable', parts }]);
    } finally {
      await other.stop();
    }
  });

  it('tells health, metrics and its own description', async () => {
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { parts: { postgres: 'ok', nats: 'not connected' }, notes: { store: 'asked 1 times' } },
    ]);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ notes: { store: 'asked 2 times' } });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_cpu');
    expect(await (await fetch(`${url}/`)).text()).toContain('/api/v1/things/:id');
    const body = (closed: object) => ({
      post: { requestBody: { content: { 'application/json': { schema: closed } } } },
    });
    const described = await (await fetch(`${url}/openapi.json`)).json();
    expect(described).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/v1/things/{id}': body({ additionalProperties: false }) },
    });
    expect(described).not.toMatchObject({ paths: { '/api/v1/hooks': body({ additionalProperties: false }) } });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });
});
