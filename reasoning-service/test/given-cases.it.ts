import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bundle, learningRig } from './learning-rig.ts';

type Rig = Awaited<ReturnType<typeof learningRig>>;

const known = {
  title: 'The cache grew',
  category: 'oom_killed',
  subject_kind: 'Deployment',
  summary: 'it kept every session',
  symptoms: ['ended/OOMKilled'],
  object_kinds: ['Pod'],
  edges: ['Pod owner Deployment'],
  action: 'increase_memory_limit',
  outcome: 'verified',
};
const filed = { ...known, id: 'theirs', incident_id: null, source: 'person', at: '2026-02-01T00:00:00.000Z' };
const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';

needs('postgres', 'nats')('cases that somebody gives', () => {
  let at: Rig;
  beforeAll(async () => {
    at = await learningRig();
  }, 60_000);
  afterAll(async () => at.stop(), 30_000);

  const put = (items: object[]) => at.ask('POST', '/cases/import', { items });
  const found = async (id: string) =>
    (await at.ask('GET', '/cases?limit=500')).body.items.find((one) => one.id === id) as unknown;

  it.each([
    [{ action: 'delete everything' }, 'action'],
    [{ outcome: 'banana' }, 'outcome'],
  ])('are refused with %j', async (part, field) => {
    const refusal = (name: string) => ({ status: 400, body: { errors: [{ field: name }] } });
    expect(await at.ask('POST', '/cases', { ...known, ...part })).toMatchObject(refusal(`body.${field}`));
    expect(await put([filed, { ...filed, id: 'other', ...part }])).toMatchObject(refusal(`body.items.1.${field}`));
    expect(await found('theirs')).toBeUndefined();
  });

  it.each(['set_resources', 'increase_memory_limit', null])('may name the action %s', async (action) => {
    expect((await at.ask('POST', '/cases', { ...known, action })).status).toBe(201);
  });

  it('are kept without the secrets in them, whichever way they came', async () => {
    const words = {
      title: `token ${secret}`,
      summary: `password=hunter2 and ${secret} ${'x'.repeat(1_930)}`,
      symptoms: [`log/password=hunter2`],
    };
    const { status, body } = await at.ask('POST', '/cases', { ...known, ...words });
    expect((await put([{ ...filed, ...words, id: 'masked' }])).status).toBe(200);
    expect(status).toBe(201);
    for (const one of [body, await found('masked'), await found((body as unknown as { id: string }).id)]) {
      const shown = JSON.stringify(one);
      expect(shown).not.toMatch(/hunter2|ghp_/);
      expect(shown).toContain('password=[redacted]');
    }
    // What is kept can be given elsewhere.
    expect(await put([(await found('masked')) as object])).toMatchObject({ status: 200 });
  });

  it.each(['2099-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '2020-01-01T00:00:00+18:00'])(
    'are refused with the time %s',
    async (time) => {
      expect(await put([{ ...filed, id: `of ${time}`, at: time }])).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'body.items.0.at' }] },
      });
      expect(await found(`of ${time}`)).toBeUndefined();
    },
  );

  it('leave what is shipped as it is, and cannot pass for it', async () => {
    const id = 'library-cluster-full';
    const before = await found(id);
    expect(before).toMatchObject({ id, source: 'library' });
    const lies = [
      { ...filed, id, source: 'library' },
      { ...filed, id },
      { ...filed, id: 'like-a-shipped-one', source: 'library', action: 'of a later version' },
    ];
    expect(await put([...lies, filed])).toMatchObject({ status: 200, body: { read: 4, shipped: 3 } });
    expect(await found(id)).toEqual(before);
    expect(await found('like-a-shipped-one')).toBeUndefined();
    expect(await found('theirs')).toMatchObject({ source: 'person', title: known.title });
  });

  it.each(['root-cause', 'report', 'recommend'])('have no empty name: %s', async (what) => {
    const answer = await at.ask('POST', `/analyze/${what}`, { request_id: '', context: { bundle } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'body.request_id' }] } });
  });
});
