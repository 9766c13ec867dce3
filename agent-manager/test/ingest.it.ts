import { Anomaly, agentSubject, channels, type DeadLetter, type Event } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { newId } from '@aetherius/shared/service';
import { anEvent, eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rig as startRig } from './rig.ts';

needs('postgres', 'nats')('the door for events', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.stop());

  const soon = (changes: Partial<Event> = {}) => anEvent({ timestamp: new Date().toISOString(), ...changes });
  const stored = async (reason: string) =>
    (await rig.db.one<{ count: number }>(sql`select count(*) from event where reason = ${reason}`)).count;
  const publish = (body: unknown) =>
    rig.agent.js.publish(agentSubject('eu-1', 'event'), typeof body === 'string' ? body : JSON.stringify(body), {
      msgID: newId(),
    });
  const letters = async () => (await (await rig.nats.manager()).streams.info('DEAD')).state.messages;
  const drained = () =>
    eventually(
      async () => {
        const state = await (await rig.nats.manager()).consumers.info('AGENT_EVENTS', 'agent-manager-events');
        expect([state.num_pending, state.num_ack_pending]).toEqual([0, 0]);
        expect((await rig.db.one<{ count: number }>(sql`select count(*) from outbox`)).count).toBe(0);
      },
      { within: 60_000 },
    );
  const lastLetter = async (): Promise<DeadLetter> => {
    const message = await (await rig.nats.manager()).streams.getMessage('DEAD', { last_by_subj: 'dead.agent-manager' });
    if (message === null) throw new Error('no dead letter');
    return message.json<DeadLetter>();
  };

  it('stores what a replay brings again only once, and announces it once', async () => {
    const event = soon({ reason: 'Replayed', owner: { kind: 'Deployment', namespace: 'shop', name: 'replayed' } });
    for (let turn = 0; turn < 5; turn += 1) await rig.send(event);
    await drained();
    expect(await stored('Replayed')).toBe(1);
    const { subjects } = (await (await rig.nats.manager()).streams.info('INTERNAL', { subjects_filter: '>' })).state;
    expect(subjects).toEqual({ 'internal.event.critical': 1 });
  });

  it('takes an anomaly for an event of its subject: it feeds an incident and opens none', async () => {
    const subject = { kind: 'Deployment', namespace: 'shop', name: 'slow' };
    const anomaly = Anomaly.parse({
      ...{ id: 'a1'.repeat(32), cluster_id: 'eu-1', subject, series: { name: 'latency_p95' }, kind: 'unusual' },
      ...{ severity: 'critical', score: 0.9, confidence: 0.8, value: 2.4, at: new Date().toISOString() },
    });
    for (let turn = 0; turn < 2; turn += 1) await rig.nats.publish(channels.anomaly.pattern, anomaly, { id: newId() });
    await eventually(async () => expect(await stored('UnusualMetric')).toBe(1));
    const opened = () =>
      rig.db.maybe<{ reasons: string[] }>(
        sql`select reasons from incident where fingerprint = 'eu-1/shop/Deployment/slow' and opened_at is not null`,
      );
    expect(await opened()).toBeUndefined();
    await rig.send(soon({ reason: 'CrashLoopBackOff', owner: subject, fingerprint: 'eu-1/shop/Deployment/slow' }));
    await eventually(async () =>
      expect([...((await opened())?.reasons ?? [])].sort()).toEqual(['CrashLoopBackOff', 'UnusualMetric']),
    );
  });

  it('opens an incident by a limit that is near, with the forecast as evidence, and closes it when that is taken back', async () => {
    const subject = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
    const told = (id: string, parts: object) =>
      Anomaly.parse({
        ...{ id: id.repeat(32), cluster_id: 'eu-1', subject, series: { name: 'volume_used_ratio' }, kind: 'limit' },
        ...{ score: 0.95, confidence: 0.9, value: 0.8, at: new Date().toISOString(), ...parts },
      });
    const limit = { value: 1, reached_at: new Date(Date.now() + 3_600_000).toISOString(), probability: 0.95 };
    await rig.nats.publish(channels.anomaly.pattern, told('b1', { severity: 'high', limit }), { id: newId() });
    const row = () =>
      rig.db.maybe<{ closed: boolean; outcome: string | null; weight: number; last_seen_at: string | null }>(
        sql`select closed_at is not null as closed, outcome, (evidence->>'weight')::int as weight, last_seen_at from incident
             where fingerprint = 'eu-1/shop/PersistentVolumeClaim/data' and opened_at is not null`,
      );
    await eventually(async () => expect(await row()).toMatchObject({ closed: false, weight: -1, last_seen_at: null }));
    const stored = await rig.db.one<{ body: { forecasts: object[] } }>(
      sql`select body from bundle where hash = (select evidence->>'hash' from incident where fingerprint = 'eu-1/shop/PersistentVolumeClaim/data')`,
    );
    expect(stored.body.forecasts).toMatchObject([{ probability: 0.95, reached_at: limit.reached_at }]);
    const over = told('b2', { signal: 'clear', severity: 'low', value: 0.3, limit: null });
    await rig.nats.publish(channels.anomaly.pattern, over, { id: newId() });
    await eventually(
      async () => {
        await rig.manager.incidents.settle(0);
        expect(await row()).toMatchObject({ closed: true, outcome: 'cleared' });
      },
      { within: 20_000 },
    );
  }, 60_000);

  it('lets the good events of a batch through and keeps the bad ones with the reason', async () => {
    const before = await letters();
    const good = Array.from({ length: 20 }, () => soon({ reason: 'Good' }));
    await Promise.all([
      ...good.map((event) => rig.send(event)),
      publish('{ not json'),
      publish({ ...soon(), severity: 'terrible' }),
      publish({ ...soon(), message: 'with a \u0000 in it' }),
      publish({ ...soon(), cluster_id: 'us-1', fingerprint: 'us-1/shop/Deployment/cart', reason: 'Forged' }),
    ]);
    await drained();
    expect(await stored('Good')).toBe(20);
    expect(await stored('Forged')).toBe(0);
    expect(await letters()).toBe(before + 4);
  });

  it('says in the dead letter what was wrong', async () => {
    await publish({ ...soon(), severity: 'terrible' });
    await drained();
    const letter = await lastLetter();
    expect(letter.problem).toContain('severity');
    expect(JSON.parse(Buffer.from(letter.data, 'base64').toString())).toMatchObject({ severity: 'terrible' });
    await publish({ ...soon(), cluster_id: 'us-1', fingerprint: 'us-1/shop/Deployment/cart' });
    await drained();
    expect((await lastLetter()).problem).toBe('cluster_id is us-1, but the subject speaks for eu-1');
  });

  it('stores a well-formed event and buries anything else, and is alive after 300 of them', async () => {
    const [messages, events] = [await letters(), await count()];
    const sent = fc.sample(strange, { numRuns: 300, seed: 7 });
    for (const message of sent) await publish(message);
    await drained();
    expect((await letters()) - messages + (await count()) - events).toBe(300);
    expect((await letters()) - messages).toBeGreaterThan(200);
    await rig.send(soon({ reason: 'StillAlive' }));
    await eventually(async () => expect(await stored('StillAlive')).toBe(1));
  }, 120_000);

  it('loses and doubles nothing when the bus is killed in between', async () => {
    const events = Array.from({ length: 60 }, () => soon({ reason: 'Outage' }));
    await Promise.all(events.slice(0, 30).map((event) => rig.send(event)));
    await eventually(async () => expect(await stored('Outage')).toBe(30));
    await rig.server.restart();
    for (const event of events) await eventually(() => rig.send(event), { within: 30_000 });
    await eventually(async () => expect(await stored('Outage')).toBe(60), { within: 60_000 });
  }, 120_000);

  const count = async () => (await rig.db.one<{ count: number }>(sql`select count(*) from event`)).count;
});

/** A whole event with one field replaced by any JSON there is, or any text at all. */
const strange = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...Object.keys(anEvent())),
        fc.oneof(
          fc.jsonValue(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom('\0', '\ud800', -1, 1e300, '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
        ),
      )
      .map(([field, value]) => ({ ...anEvent(), [field]: value })),
  },
  { weight: 1, arbitrary: fc.string().map((text) => `${text}`) },
);
