import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, sql } from '@aetherius/shared/postgres';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { importFiles } from '../src/definitions/import-files.ts';
import { signatureOf } from '../src/notify/signature.ts';
import { startWebhook } from '../src/notify/webhook.ts';
import { createRig, type Rig } from './rig.ts';

const log = silentLogger();
const workflow = (message: string) =>
  `name: hello\ndescription: d\nsteps:\n  - id: tell\n    kind: escalate\n    message: ${message}\n`;
const strategy = 'name: hello\ndescription: d\nworkflow: hello\nmatch: {}\nautonomy: observe\n';

let rig: Rig;
let db: Db;
const folder = mkdtempSync(join(tmpdir(), 'aetherius-definitions-'));
const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
const versions = async () =>
  (await db.many<{ version: number }>(sql`select version from definition where name = 'hello' order by version`))
    .length;
beforeAll(async () => {
  rig = await createRig();
  db = rig.db;
  for (const part of ['workflows', 'strategies']) mkdirSync(join(folder, part));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await rig.stop();
}, 20_000);

needs('postgres', 'nats')('definitions', () => {
  it('get a new version only when their file changed', async () => {
    put('workflows/hello.yaml', workflow('one'));
    put('strategies/hello.yaml', strategy);
    await importFiles({ db, folder, log });
    await importFiles({ db, folder, log });
    expect(await versions()).toBe(1);
    put('workflows/hello.yaml', workflow('two'));
    await importFiles({ db, folder, log });
    expect(await versions()).toBe(2);
  });

  it('are all refused for one bad file, with file, line and field', async () => {
    put('workflows/bad.yaml', 'name: bad\ndescription: d\nsteps:\n  - id: a\n    kind: wait\n    duration: soon\n');
    put('workflows/hello.yaml', workflow('three'));
    put('strategies/hello.yaml', strategy.replace('observe', 'wild'));
    const refused = importFiles({ db, folder, log });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_definition' });
    const problems = await refused.catch((error: { details: { problems: string[] } }) => error.details.problems);
    expect(problems).toEqual([
      expect.stringMatching(/workflows\/bad\.yaml:6: steps\[0\]\.duration: a duration/),
      expect.stringMatching(/strategies\/hello\.yaml:5: autonomy: /),
    ]);
    expect(await versions()).toBe(2);
    await expect(importFiles({ db, folder: join(folder, 'none'), log })).rejects.toThrow('no such folder');
  });

  it('over REST are checked, stored as a version, and not undone by an old file', async () => {
    const definition = {
      name: 'hello',
      description: 'd',
      steps: [{ id: 'tell', kind: 'escalate', message: 'by REST' }],
    };
    const bad = { ...definition, steps: [{ id: 'x', kind: 'choice', cases: [{ when: '1 +', steps: [] }] }] };
    const refused = await rig.call('POST /workflows', { as: 'admin:eve', body: bad });
    expect([refused.status, refused.body['code']]).toEqual([400, 'invalid_definition']);
    expect(refused.body['errors'][0].field).toMatch(/^steps\[0\]\.cases\[0\]/);
    expect((await rig.call('POST /workflows', { as: 'responder:al', body: definition })).status).toBe(403);
    const stored = await rig.call('POST /workflows', { as: 'admin:eve', body: definition });
    expect([stored.status, stored.body['version'], stored.body['origin']]).toEqual([201, 3, 'rest']);
    const others = await rig.call('GET /workflows', { as: 'viewer:ann' });
    const byRest = others.body['items'].filter((one: { origin: string }) => one.origin === 'rest');
    expect(byRest.map((one: { name: string }) => one.name)).toEqual(['hello']);
    put('workflows/hello.yaml', workflow('two'));
    put('strategies/hello.yaml', strategy);
    rmSync(join(folder, 'workflows/bad.yaml'));
    await importFiles({ db, folder, log });
    expect((await rig.call('GET /workflows/hello', { as: 'viewer:ann' })).body['version']).toBe(3);
    expect((await rig.call('GET /workflows/none', { as: 'viewer:ann' })).status).toBe(404);
  });

  it('take those along that use them, and nobody else', async () => {
    const post = (name: string, ...steps: object[]) =>
      rig.call('POST /workflows', { as: 'admin:eve', body: { name, description: 'd', steps } });
    const tell = (message: string) => ({ id: 'tell', kind: 'escalate', message });
    await post('inner', tell('first'));
    await post('middle', { id: 'in', kind: 'use', workflow: 'inner' });
    await post('outer', { id: 'in', kind: 'use', workflow: 'middle' });
    await post('inner', tell('second'));
    const counts = await db.many<{ name: string; versions: number }>(sql`
      select name, count(*)::int as versions from definition where version > 1 group by name order by name`);
    expect(counts.filter(({ name }) => name !== 'hello')).toEqual(
      ['inner', 'middle', 'outer'].map((name) => ({ name, versions: 1 })),
    );
  });
});

needs('postgres', 'nats')('strategies and notifications', () => {
  it('can be switched off, and strategies of files cannot be removed', async () => {
    const body = { description: 'd', workflow: 'none', match: {}, autonomy: 'auto' };
    const refused = await rig.call('PUT /strategies/mine', { as: 'admin:eve', body });
    expect(refused.body['errors']).toEqual([{ field: 'workflow', message: 'there is no workflow "none"' }]);
    await rig.call('PUT /strategies/mine', { as: 'admin:eve', body: { ...body, workflow: 'hello', enabled: false } });
    expect((await rig.call('DELETE /strategies/mine', { as: 'admin:eve' })).status).toBe(200);
    expect((await rig.call('DELETE /strategies/node', { as: 'admin:eve' })).status).toBe(409);
  });

  it('of files stay switched off however they are changed', async () => {
    const off = { description: 'd', workflow: 'hello', match: {}, autonomy: 'observe', enabled: false };
    expect((await rig.call('PUT /strategies/hello', { as: 'admin:eve', body: off })).status).toBe(200);
    expect((await rig.call('DELETE /strategies/hello', { as: 'admin:eve' })).status).toBe(409);
    await importFiles({ db, folder, log });
    const { body } = await rig.call('GET /strategies/hello', { as: 'viewer:ann' });
    expect([body['enabled'], body['origin']]).toEqual([false, 'rest']);
    rmSync(join(folder, 'strategies/hello.yaml'));
    await importFiles({ db, folder, log });
    expect((await rig.call('DELETE /strategies/hello', { as: 'admin:eve' })).status).toBe(200);
  });

  it('are not stored under a name that the body contradicts', async () => {
    const body = { name: 'claim', description: 'd', workflow: 'hello', match: {}, autonomy: 'auto' };
    const refused = await rig.call('PUT /strategies/another', { as: 'admin:eve', body });
    expect([refused.status, refused.body['errors']]).toEqual([
      400,
      [{ field: 'name', message: 'differs from "another" in the path' }],
    ]);
    expect((await rig.call('GET /strategies/another', { as: 'viewer:ann' })).status).toBe(404);
  });

  it('go to a webhook, signed, until it accepts them', async () => {
    const calls: { body: string; signature: string; timestamp: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        const header = (name: string) => String(request.headers[name]);
        calls.push({ body, signature: header('x-aetherius-signature'), timestamp: header('x-aetherius-timestamp') });
        response.writeHead(calls.length === 1 ? 500 : 204).end();
      });
    }).listen(0, '127.0.0.1');
    server.unref();
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const incident = { cluster_id: 'eu-1', subject: { kind: 'Service', namespace: 'shop', name: 'cart' } };
    const { body } = await rig.call('POST /workflows/hello/execute', { as: 'responder:al', body: { incident } });
    const ended = async () => rig.call(`GET /executions/${body['run_id']}`, { as: 'viewer:ann' });
    const notifications = await eventually(async () => {
      const { notifications } = (await ended()).body;
      expect(notifications).toHaveLength(1);
      return notifications;
    });
    expect(notifications[0]).toMatchObject({ status: 'recorded', message: 'by REST' });
    await db.run(sql`update notification set status = 'pending' where run_id = ${body['run_id']}`);
    const secret = 'a secret of sixteen';
    const clock = { now: () => new Date('2026-01-02T03:04:05.000Z'), monotonic: () => 0 };
    const webhook = startWebhook({ db, webhook: { url, secret }, clock, log });
    await eventually(() => expect(calls).toHaveLength(1));
    await db.run(sql`update notification set next_at = now()`);
    await eventually(async () => expect((await ended()).body['notifications'][0].status).toBe('sent'));
    await webhook.stop();
    expect(calls.map((call) => call.body)).toEqual([calls[0]?.body, calls[0]?.body]);
    expect(calls[1]?.signature).toBe(signatureOf(secret, { timestamp: '1767323045', body: calls[1]?.body ?? '' }));
  }, 20_000);
});
