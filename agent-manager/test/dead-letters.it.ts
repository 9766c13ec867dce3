import { agentSubject } from '@aetherius/shared/contracts';
import { newId } from '@aetherius/shared/service';
import { anEvent, eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rig as startRig } from './rig.ts';

type Item = Record<string, unknown>;
const EVENT = agentSubject('eu-1', 'event');

needs('postgres', 'nats')('dead letters', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  let admin: string;
  beforeAll(async () => {
    rig = await startRig();
    admin = await rig.tokenFor('admin');
  });
  afterAll(() => rig.stop());

  const call = (method: string, path = '') => rig.call(method, `/api/v1/dead-letters${path}`, { token: admin });
  const list = async (): Promise<Item[]> => (await call('GET')).body['items'] as Item[];
  const letterOf = (messageId: string) =>
    eventually(async () => {
      const found = (await list()).find((item) => item['message_id'] === messageId);
      if (found === undefined) throw new Error(`no letter of ${messageId}`);
      return found;
    });
  const bury = async (text: string): Promise<Item> => {
    const id = newId();
    await rig.agent.js.publish(EVENT, text, { msgID: id });
    return letterOf(id);
  };

  it('are for administrators', async () => {
    const auditor = await rig.tokenFor('auditor', 'approver');
    expect(await rig.call('GET', '/api/v1/dead-letters')).toMatchObject({ status: 401 });
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/1'],
      ['POST', '/1/redeliver'],
      ['DELETE', '/1'],
    ] as const)
      expect(await rig.call(method, `/api/v1/dead-letters${path}`, { token: auditor })).toMatchObject({ status: 403 });
  });

  it('are shown with their reason, the newest first, page by page', async () => {
    const first = await bury('not JSON');
    const second = await bury('{"id": 7}');
    expect(first).toMatchObject({ service: 'agent-manager', subject: EVENT, problem: 'the body is not JSON' });
    expect(first).toMatchObject({ refusal: null, bytes: 8 });
    const page = await call('GET', '?limit=1');
    expect(page.body['items']).toEqual([second]);
    const next = await call('GET', `?limit=1&cursor=${String(page.body['next_cursor'])}`);
    expect(next.body).toEqual({ items: [first], next_cursor: null });
  });

  it('show the message as text and nothing of its secrets', async () => {
    const { id } = await bury('{"message": "password=hunter2hunter2 <script>$(reboot)</script>"}');
    const { status, body } = await call('GET', `/${String(id)}`);
    expect(status).toBe(200);
    expect(body['text']).toContain('<script>$(reboot)</script>');
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const binary = newId();
    await rig.agent.js.publish(EVENT, new Uint8Array([0xff, 0xfe, 0x00]), { msgID: binary });
    expect(await call('GET', `/${String((await letterOf(binary))['id'])}`)).toMatchObject({ body: { text: null } });
  });

  it('are read, also when they hold as much as one can', async () => {
    const { id, bytes } = await bury(`"${'x'.repeat(800 * 1024)}"`);
    expect(bytes).toBe(512 * 1024);
    expect(String((await call('GET', `/${String(id)}`)).body['text'])).toHaveLength(512 * 1024);
    const refused = await call('POST', `/${String(id)}/redeliver`);
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('only the beginning') } });
  });

  it('are sent again under the id that their readers know, and noted', async () => {
    const event = anEvent({ cluster_id: 'eu-1' });
    // As one lies there that failed for a reason which has gone since.
    const letter = {
      ...{ subject: EVENT, message_id: event.id, problem: 'the store was ill', deliveries: 5, at: event.timestamp },
      data: Buffer.from(JSON.stringify(event)).toString('base64'),
    };
    await rig.nats.publish('dead.agent-manager', letter, { id: newId() });
    const { id } = await letterOf(event.id);
    const done = await call('POST', `/${String(id)}/redeliver`);
    expect(done).toMatchObject({ status: 200, body: { id, subject: EVENT } });
    const viewer = await rig.tokenFor('viewer');
    await eventually(async () =>
      expect(await rig.call('GET', `/api/v1/events/${event.id}`, { token: viewer })).toMatchObject({ status: 200 }),
    );
    const again = await (await rig.nats.manager()).streams.getMessage('AGENT_EVENTS', { last_by_subj: EVENT });
    expect(again?.header.get('Aetherius-Message-Id')).toBe(event.id);
    expect(await call('GET', `/${String(id)}`)).toMatchObject({ status: 404 });
    expect(await call('POST', `/${String(id)}/redeliver`)).toMatchObject({ status: 404 });
    await eventually(async () => {
      const { body } = await rig.call('GET', '/api/v1/audit', { token: admin });
      expect(body['items']).toContainEqual(
        expect.objectContaining({
          ...{ action: 'redeliver_dead_letter', target: id },
          details: { service: 'agent-manager', subject: EVENT, message_id: event.id },
        }),
      );
    });
  });

  it('come back with their reason when nothing has changed, at once as well', async () => {
    const { id, message_id } = await bury('still not JSON');
    expect(await call('POST', `/${String(id)}/redeliver`)).toMatchObject({ status: 200 });
    const again = await letterOf(String(message_id));
    expect(again['id']).not.toBe(id);
    expect(again['problem']).toBe('the body is not JSON');
  });

  it('are not sent where their service could not have had them from', async () => {
    const forged = {
      ...{ message_id: null, problem: 'p', deliveries: 5, at: new Date().toISOString() },
      ...{ subject: agentSubject('eu-1', 'command'), data: Buffer.from('{}').toString('base64') },
    };
    const { seq } = await rig.nats.js.publish('dead.reasoning-service', JSON.stringify(forged));
    const garbage = await rig.nats.js.publish('dead.orchestrator-service', 'no letter');
    for (const at of [seq, garbage.seq]) {
      expect(await call('GET', `/${at}`)).toMatchObject({ status: 200, body: { refusal: expect.any(String) } });
      expect(await call('POST', `/${at}/redeliver`)).toMatchObject({ status: 409 });
    }
  });

  it('are taken away, and that is noted', async () => {
    const { id } = await bury('nobody needs this');
    expect(await call('DELETE', `/${String(id)}`)).toMatchObject({ status: 200, body: { id } });
    expect(await call('DELETE', `/${String(id)}`)).toMatchObject({ status: 404 });
    expect((await list()).map((item) => item['id'])).not.toContain(id);
    await eventually(async () => {
      const { body } = await rig.call('GET', '/api/v1/audit', { token: admin });
      expect(body['items']).toContainEqual(expect.objectContaining({ action: 'remove_dead_letter', target: id }));
    });
  });

  it('have numbers, and nothing else is asked of the bus', async () => {
    for (const id of ['0', '-1', 'x', '1e3', '99999999999999999999'])
      expect(await call('GET', `/${id}`)).toMatchObject({ status: 400 });
    expect(await call('GET', '/123456')).toMatchObject({ status: 404 });
    expect(await call('GET', '?cursor=abc')).toMatchObject({ status: 400 });
  });
});
