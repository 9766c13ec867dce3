import { sql } from '@aetherius/shared/postgres';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FaultPoint } from '../src/engine/advance-runs.ts';
import type { RunRow } from '../src/engine/run.ts';
import { CLUSTER } from './fake-agent.ts';
import { createRig, evidence, type Rig, rollBack, stepsOf } from './rig.ts';

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

needs('postgres', 'nats')('two runs that would change the same object', () => {
  beforeAll(async () => {
    rig = await createRig();
  }, 60_000);
  afterAll(() => rig.stop(), 20_000);

  /** An object of the cluster, and two incidents that each would roll it back. */
  async function shared(name: string) {
    const target = { kind: 'Deployment', namespace: 'shop', name };
    const bundle = { ...evidence(target), objects: [{ id: 'object:1', api_version: 'apps/v1', ...target, body: {} }] };
    rig.settings.diagnosis = () => rollBack(target);
    const writes = () =>
      rig.db.many<{ run_id: string }>(
        sql`select run_id from write where target = ${`${CLUSTER}/shop/Deployment/${name}`}`,
      );
    const tell = (incident_id: string) => rig.tell({ incident_id, bundle });
    /** Keeps the run that wrote from ending before the other has met it: afterwards its target is no longer busy. */
    const outstay = async (run: RunRow, other: string) => {
      if ((await writes()).some(({ run_id }) => run_id === run.id)) await rig.ended(other);
    };
    return { tell, writes, outstay, written: () => eventually(async () => expect(await writes()).toHaveLength(1)) };
  }

  /** Whether a run has heard that its write would do, and so is allowed to or refused just now. */
  const isDeciding = async (run: RunRow) =>
    (await stepsOf(rig.db, run.id)).some((step) => step.path.endsWith('/dry_run') && step.status === 'started');

  const faultAfterPlan = (faults: Record<string, (run: RunRow) => Promise<void>>) => {
    rig.settings.fault = async (point, run) => {
      if (point === 'after_plan') await faults[run.incident.id]?.(run);
    };
  };

  async function expectOneWrite(writes: () => Promise<{ run_id: string }[]>, first: string, second: string) {
    expect(await rig.ended(first)).toMatchObject({ outcome: 'verified' });
    const other = await rig.ended(second);
    expect(other.phase).toBe('escalated');
    expect((await stepsOf(rig.db, other.id)).map(({ reason }) => reason)).toContain('target_busy');
    expect(await writes()).toEqual([{ run_id: (await rig.runOf(first)).id }]);
  }

  it('do not both, though one under a lease was allowed to before the other did', async () => {
    const { tell, writes, written, outstay } = await shared('leased');
    const held = Promise.withResolvers<void>();
    const slow = async (run: RunRow) => {
      if (run.status === 'waiting') throw new Error('only under a lease');
      if (!(await isDeciding(run))) return;
      held.resolve();
      await written();
    };
    faultAfterPlan({ 'slow-lease': slow, 'quick-answer': (run) => outstay(run, 'slow-lease') });
    await tell('slow-lease');
    await held.promise;
    await tell('quick-answer');
    await expectOneWrite(writes, 'quick-answer', 'slow-lease');
  }, 40_000);

  it('do not both, though one was allowed to with its answer before the other did', async () => {
    const { tell, writes, written, outstay } = await shared('answered');
    const [held, allowed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const quick = async (run: RunRow) => {
      if (run.status === 'waiting') throw new Error('only under a lease');
      await outstay(run, 'slow-answer');
      if (!(await isDeciding(run))) return;
      held.resolve();
      await allowed.promise;
    };
    const slow = async (run: RunRow) => {
      if (run.status !== 'waiting' || !(await isDeciding(run))) return;
      allowed.resolve();
      await written();
    };
    faultAfterPlan({ 'quick-lease': quick, 'slow-answer': slow });
    await tell('quick-lease');
    await held.promise;
    await tell('slow-answer');
    await expectOneWrite(writes, 'quick-lease', 'slow-answer');
  }, 40_000);
});

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
