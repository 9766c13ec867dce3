import { type Event, Incident, RunProgress } from '@aetherius/shared/contracts';
import { newId } from '@aetherius/shared/service';
import { aBundle, aDiagnosis, anEvent, eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rig as startRig } from './rig.ts';

type Item = Record<string, unknown>;

needs('postgres', 'nats')('the REST API', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  let viewer: string;
  let responder: string;
  let admin: string;
  const start = Date.now() - 60_000;
  const at = (second: number) => new Date(start + second * 1000).toISOString();
  const event = (name: string, second: number, changes: Partial<Event> = {}) =>
    anEvent({ owner: { kind: 'Deployment', namespace: 'shop', name }, timestamp: at(second), ...changes });

  beforeAll(async () => {
    rig = await startRig();
    [viewer, responder, admin] = [
      await rig.tokenFor('viewer'),
      await rig.tokenFor('responder'),
      await rig.tokenFor('admin'),
    ];
    await rig.manager.ingest.record([
      ...Array.from({ length: 7 }, (_, index) =>
        event(`app-${index}`, index, { severity: index < 3 ? 'high' : 'critical' }),
      ),
      event('rare', 20, {
        namespace: 'bank',
        reason: 'OOMKilled',
        owner: { kind: 'StatefulSet', namespace: 'bank', name: 'rare' },
        bundle: aBundle(),
      }),
    ]);
  });
  afterAll(() => rig.stop());

  const get = (path: string, token = viewer) => rig.call('GET', path, { token });
  const items = async (path: string): Promise<Item[]> => (await get(path)).body['items'] as Item[];
  const idOf = async (q: string) => String((await items(`/api/v1/incidents?q=${q}`))[0]?.['id']);

  it('asks for a token and for the right role', async () => {
    expect(await rig.call('GET', '/api/v1/incidents')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(await get('/api/v1/incidents', 'nonsense')).toMatchObject({ status: 401 });
    expect(await get('/api/v1/access/tokens')).toMatchObject({
      status: 403,
      body: { code: 'forbidden', title: expect.any(String) },
    });
    expect(await get('/api/v1/audit', responder)).toMatchObject({ status: 403 });
    expect(await rig.call('POST', '/api/v1/commands', { token: viewer, body: {} })).toMatchObject({ status: 403 });
  });

  it.each([
    ['/api/v1/incidents?severity=terrible', 'query.severity'],
    ['/api/v1/incidents?limit=0', 'query.limit'],
    ['/api/v1/incidents?cursor=abc', 'query.cursor'],
    ['/api/v1/incidents?q=%00', 'query.q'],
    ['/api/v1/incidents/%00', 'path.id'],
    ['/api/v1/events?since=yesterday', 'query.since'],
    ['/api/v1/events?since=0000-01-01T00:00:00Z', 'query.since'],
    ['/api/v1/events?cursor=WyJ4IiwieSJd', 'query.cursor'],
    ['/api/v1/agents?status=fine', 'query.status'],
    ['/api/v1/incidents?sevrity=high', 'query.sevrity'],
    ['/api/v1/clusters?foo=bar', 'query.foo'],
    ['/api/v1/events?since=2026-01-01T00:00:00%2B23:00', 'query.since'],
  ])('names the field at fault in %s', async (path, field) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { code: 'invalid_input', errors: [{ field }] } });
  });

  it('names what is wrong in a body', async () => {
    const post = (path: string, body: unknown) => rig.call('POST', path, { token: admin, body });
    expect(await post('/api/v1/events/search', '{')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body' }] },
    });
    expect(await post('/api/v1/events/search', { colour: 'red' })).toMatchObject({ status: 400 });
    expect(await post('/api/v1/access/tokens', { name: 'x', roles: ['king'] })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body.roles.0' }] },
    });
  });

  it('answers 404 for what there is not', async () => {
    for (const path of ['incidents/none', 'events/none', 'agents/none', 'clusters/none', 'commands/none'])
      expect(await get(`/api/v1/${path}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await rig.call('GET', '/nowhere')).status).toBe(404);
  });

  it.each(['incidents', 'events'])('pages through %s, newest first, each once', async (list) => {
    const seen: Item[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/api/v1/${list}?limit=3${cursor}`);
      seen.push(...(body['items'] as Item[]));
      cursor = body['next_cursor'] === null ? '' : `&cursor=${body['next_cursor']}`;
    } while (cursor !== '');
    expect(new Set(seen.map((item) => item['id'])).size).toBe(8);
    const times = seen.map((item) => Date.parse(String(item['timestamp'] ?? item['opened_at'])));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('filters incidents', async () => {
    expect(await items('/api/v1/incidents?severity=high')).toHaveLength(3);
    expect(await items('/api/v1/incidents?namespace=bank')).toMatchObject([{ reasons: ['OOMKilled'] }]);
    expect(await items('/api/v1/incidents?q=oomk')).toHaveLength(1);
    expect(await items('/api/v1/incidents?q=%25')).toHaveLength(0);
    expect(await items('/api/v1/incidents?state=resolved')).toHaveLength(0);
    expect(await items('/api/v1/incidents?cluster_id=us-1')).toHaveLength(0);
    for (const item of await items('/api/v1/incidents')) expect(Incident.safeParse(item).error).toBeUndefined();
  });

  it('filters events by query and by body', async () => {
    expect(await items('/api/v1/events?reason=OOMKilled')).toMatchObject([{ namespace: 'bank', bundle: null }]);
    expect(await items(`/api/v1/events?since=${at(4)}&until=${at(7)}`)).toHaveLength(3);
    expect(await items('/api/v1/events?severity=high&kind=Pod')).toHaveLength(3);
    const body = { severity: ['high', 'critical'], reason: 'OOMKilled', limit: 10 };
    const answer = await rig.call('POST', '/api/v1/events/search', { token: viewer, body });
    expect(answer.body['items']).toHaveLength(1);
  });

  it('shows one event with its evidence', async () => {
    const [found] = await items('/api/v1/events?reason=OOMKilled');
    expect((await get(`/api/v1/events/${found?.['id']}`)).body).toMatchObject({ bundle: { logs: aBundle().logs } });
  });

  it('shows an incident with timeline, evidence, diagnosis and runs', async () => {
    const id = await idOf('rare');
    const step = (revision: number, phase: string) =>
      RunProgress.parse({
        incident_id: id,
        episode: 1,
        run_id: 'r-1',
        revision,
        phase,
        diagnosis: aDiagnosis(),
        at: new Date().toISOString(),
      });
    await rig.nats.js.publish('internal.run.progress', JSON.stringify(step(1, 'explaining')));
    await rig.nats.js.publish('internal.run.progress', JSON.stringify(step(2, 'repairing')));
    await eventually(async () =>
      expect((await get(`/api/v1/incidents/${id}`)).body).toMatchObject({ state: 'repairing' }),
    );
    const { body } = await get(`/api/v1/incidents/${id}`);
    expect(body).toMatchObject({
      category: aDiagnosis().category,
      evidence: { logs: aBundle().logs },
      runs: [{ run_id: 'r-1', revision: 2 }],
      episodes: [{ episode: 1 }],
    });
    expect((await get(`/api/v1/incidents/${id}?episode=1`)).body).toEqual(body);
    expect((await get(`/api/v1/incidents/${id}?episode=2`)).status).toBe(404);
    expect((body['timeline'] as Item[]).map((moment) => moment['kind'])).toEqual(['event', 'progress', 'progress']);
    expect(await items(`/api/v1/incidents?category=${aDiagnosis().category}`)).toHaveLength(1);
  });

  it('streams the latest incidents and then each change', async () => {
    const abort = new AbortController();
    const answer = await fetch(`${rig.url}/api/v1/incidents/stream`, {
      headers: { authorization: `Bearer ${viewer}` },
      signal: abort.signal,
    });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (part: string) => {
      while (!text.includes(part)) text += (await reader?.read())?.value ?? '';
    };
    await until('app-3');
    await rig.manager.ingest.record([event('streamed', 30)]);
    await until('streamed');
    expect(text).toContain('event: incident');
    abort.abort();
  });

  it('closes an incident for a responder, tells it once, and keeps a record', async () => {
    const id = await idOf('app-5');
    const close = (token: string) => rig.call('POST', `/api/v1/incidents/${id}/close`, { token });
    expect((await close(viewer)).status).toBe(403);
    expect(await close(responder)).toMatchObject({ status: 200, body: { state: 'resolved', outcome: 'closed' } });
    expect(await close(responder)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const auditor = await rig.tokenFor('auditor');
    await eventually(async () =>
      expect((await get('/api/v1/audit', auditor)).body['items']).toMatchObject([
        { action: 'close_incident', target: id, service: 'agent-manager' },
      ]),
    );
    expect((await get('/api/v1/audit/check', auditor)).body).toEqual({
      intact: true,
      records: 1,
      removed: 0,
      broken_at: null,
    });
  });

  it('makes, lists and revokes API tokens; a revoked one opens nothing any more', async () => {
    const made = await rig.call('POST', '/api/v1/access/tokens', {
      token: admin,
      body: { name: 'robot', roles: ['viewer'] },
    });
    expect(made).toMatchObject({ status: 201, body: { name: 'robot', roles: ['viewer'], expires_at: null } });
    const { id, token } = made.body;
    const exchange = () => rig.call('POST', '/api/v1/access/token', { token: String(token) });
    const first = await exchange();
    expect(first).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } });
    const access = String(first.body['access_token']);
    expect((await get('/api/v1/access/me', access)).body).toEqual({ id: `token:${id}`, roles: ['viewer'] });
    expect((await get('/api/v1/clusters', String(token))).status).toBe(401);
    expect(JSON.stringify((await get('/api/v1/access/tokens', admin)).body)).not.toContain(String(token));
    expect((await rig.call('DELETE', `/api/v1/access/tokens/${id}`, { token: admin })).status).toBe(200);
    expect((await exchange()).status).toBe(401);
    expect((await get('/api/v1/clusters', access)).status).toBe(401);
    expect((await rig.call('POST', '/api/v1/access/token', { token: newId() })).status).toBe(401);
    expect((await rig.call('POST', '/api/v1/access/token')).status).toBe(401);
  });

  it('documents every route and says on / what it is', async () => {
    const { body } = await rig.call('GET', '/openapi.json');
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining(['/api/v1/incidents/{id}', '/api/v1/commands', '/api/v1/access/token']),
    );
    expect(await (await fetch(rig.url)).text()).toContain('agent-manager');
  });
});
