import { sql } from '@aetherius/shared/postgres';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FaultPoint } from '../src/engine/advance-runs.ts';
import { createRig, type Rig, stepsOf } from './rig.ts';

const points: FaultPoint[] = ['after_claim', 'after_plan', 'before_commit', 'after_commit'];

let rig: Rig;

/** Lets leases run out at once. */
async function hurried<T>(work: () => Promise<T>): Promise<T> {
  const hurry = setInterval(
    () =>
      void rig.db.run(
        sql`update run set lease_until = now() - interval '1 second' where status = 'running' and lease_until < now() + interval '2500 milliseconds'`,
      ),
    200,
  );
  return work().finally(() => clearInterval(hurry));
}

needs('postgres', 'nats')('a runner that dies', () => {
  beforeAll(async () => {
    rig = await createRig();
  }, 60_000);
  afterAll(() => rig.stop(), 20_000);

  it.each(points)(
    '%s leaves the run to another one, and nothing is done twice',
    async (point) => {
      const incident = `dies-${point.replace('_', '-')}`;
      const died = new Set<string>();
      // Dies once in the phase that matters most: with the write planned, and once when the run is young.
      rig.settings.fault = (at, run) => {
        // Not by way of its answers: that has no lease.
        if (run.incident.id === incident && run.status === 'waiting') throw new Error('only under a lease');
        const key = `${run.incident.id}:${run.phase}`;
        if (at !== point || run.incident.id !== incident || died.has(key) || died.size === 2) return;
        died.add(key);
        throw new Error(`killed at ${at}`);
      };
      await rig.tell({ incident_id: incident });
      const ended = () => rig.ended(incident, 25_000);
      // Once the lease runs out by itself, as it does in earnest; the others need not wait for it.
      const run = await (point === 'before_commit' ? ended() : hurried(ended));
      rig.settings.fault = () => undefined;
      expect([run.outcome, died.size]).toEqual(['verified', 2]);
      expect(run.crashes).toBe(point === 'after_commit' ? 0 : 2);
      const ours = rig.agent.effects.filter((effect) => effect.id.startsWith(run.id));
      expect(ours.map((effect) => effect.id)).toEqual([`${run.id}:by_cause/crash/way/repair/act`]);
      const open = (await stepsOf(rig.db, run.id)).filter((step) => step.status === 'started');
      expect(open).toEqual([]);
    },
    40_000,
  );

  it.each(points.filter((point) => point !== 'after_claim'))(
    '%s of the answers that it takes leaves the run to a lease, and nothing is done twice',
    async (point) => {
      const incident = `answered-${point.replace('_', '-')}`;
      const died = new Set<string>();
      rig.settings.fault = (at, run) => {
        if (at !== point || run.incident.id !== incident || run.status !== 'waiting' || died.has(String(run.phase)))
          return;
        died.add(String(run.phase));
        throw new Error(`killed at ${at}`);
      };
      await rig.tell({ incident_id: incident });
      const run = await rig.ended(incident, 25_000);
      rig.settings.fault = () => undefined;
      expect([run.outcome, run.crashes]).toEqual(['verified', 0]);
      expect([...died]).toEqual(['explaining', 'repairing', 'verifying']);
      const ours = rig.agent.effects.filter((effect) => effect.id.startsWith(run.id));
      expect(ours.map((effect) => effect.id)).toEqual([`${run.id}:by_cause/crash/way/repair/act`]);
      expect((await stepsOf(rig.db, run.id)).filter((step) => step.status === 'started')).toEqual([]);
    },
    40_000,
  );

  it('again and again is given up and told to a person', async () => {
    rig.settings.fault = (at, run) => {
      if (at === 'after_claim' && run.incident.id === 'poison' && run.crashes <= 5) throw new Error('killed');
    };
    await rig.tell({ incident_id: 'poison' });
    const run = await hurried(() => rig.ended('poison', 25_000));
    expect([run.status, run.phase, run.outcome]).toEqual(['failed', 'escalated', 'failed']);
    expect(run.note).toContain('poison');
  }, 40_000);

  it('because its state cannot even be loaded is given up and told too', async () => {
    rig.settings.diagnosis = () => undefined;
    await rig.tell({ incident_id: 'unloadable' });
    await eventually(async () => expect((await rig.runOf('unloadable')).status).toBe('waiting'));
    await rig.db.run(sql`
      update run set strategy = strategy || '{"cooldown": "no duration"}', wake_at = now() where incident ->> 'id' = 'unloadable'`);
    const run = await hurried(() => rig.ended('unloadable', 25_000));
    expect([run.status, run.phase, run.outcome, run.note]).toEqual(['failed', 'escalated', 'failed', 'poison']);
    await eventually(() =>
      expect(rig.progress.findLast((one) => one.run_id === run.id)).toMatchObject({
        phase: 'escalated',
        note: 'poison',
      }),
    );
  }, 40_000);
});
