import { prune, sql } from '@aetherius/shared/postgres';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { orchestratorExpiries } from '../src/retention.ts';
import { createRig, type Rig } from './rig.ts';

let rig: Rig;
const expiries = orchestratorExpiries({ RETENTION_RUNS_DAYS: 31, RETENTION_INBOX_DAYS: 8 });

/** As the service itself does it, forty days from now. */
async function pruneLater(): Promise<void> {
  const { signal } = new AbortController();
  const clock = { now: () => new Date(Date.now() + 40 * 86_400_000), monotonic: () => 0 };
  const failed = (_: string, error: unknown) => {
    throw error;
  };
  await prune({ db: rig.db, expiries, clock, signal }, () => undefined, failed);
}

const incidentsKept = async (): Promise<string[]> =>
  (await rig.db.many<{ id: string }>(sql`select incident ->> 'id' as id from run order by 1`)).map(({ id }) => id);

needs('postgres', 'nats')('retention of the orchestrator', () => {
  beforeAll(async () => {
    rig = await createRig();
  }, 60_000);
  afterAll(() => rig.stop(), 20_000);

  it('removes finished runs with all that hangs on them, but none that is under way or whose incident is open', async () => {
    await rig.tell({ incident_id: 'repaired' });
    expect((await rig.ended('repaired')).phase).toBe('resolved');
    rig.agent.observes.push(...Array.from({ length: 50 }, () => 'not_met' as const));
    rig.settings.diagnosis = () => undefined;
    await rig.tell({ incident_id: 'under-way' });
    await eventually(async () => expect((await rig.runOf('under-way')).status).toBe('waiting'));
    await rig.tell({ incident_id: 'left-open' });
    await eventually(async () => expect((await rig.runOf('left-open')).status).toBe('waiting'));
    await rig.db.run(sql`
      update run set status = 'failed', phase = 'escalated', finished_at = now() where incident ->> 'id' = 'left-open'`);
    await pruneLater();
    expect(await incidentsKept()).toEqual(['left-open', 'under-way']);
    const { steps } = await rig.db.one<{ steps: number }>(
      sql`select count(*) as steps from step where run_id not in (select id from run)`,
    );
    expect(steps).toBe(0);

    await rig.tell({ incident_id: 'left-open', phase: 'cleared' });
    await eventually(async () => {
      await pruneLater();
      expect(await incidentsKept()).toEqual(['under-way']);
    });
    const blobs = await rig.db.many(sql`select hash from blob`);
    expect(blobs).toEqual([{ hash: (await rig.runOf('under-way')).bundle_hash }]);
  }, 60_000);
});
