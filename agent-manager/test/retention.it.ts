import { prune, sql } from '@aetherius/shared/postgres';
import { aBundle, anEvent, fakeClock, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { managerExpiries } from '../src/retention.ts';
import { storeRig } from './rig.ts';

const START = '2026-01-01T00:00:00.000Z';
const days = {
  RETENTION_EVENTS_DAYS: 30,
  RETENTION_INCIDENTS_DAYS: 60,
  RETENTION_COMMANDS_DAYS: 90,
  RETENTION_AUDIT_DAYS: 365,
  RETENTION_INBOX_DAYS: 14,
};
const DAY_MS = 86_400_000;
const clock = fakeClock(START);
let rig: Awaited<ReturnType<typeof storeRig>>;

/** Everything that is over by `day` goes, as the service itself would remove it. */
async function pruneOn(day: number): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  const at = { ...clock, now: () => new Date(Date.parse(START) + day * DAY_MS) };
  const { signal } = new AbortController();
  await prune(
    { db: rig.db, expiries: managerExpiries(days, rig.manager.trail), clock: at, signal },
    (what, rows) => {
      removed[what] = (removed[what] ?? 0) + rows;
    },
    (_, error) => {
      throw error;
    },
  );
  return removed;
}

const names = async (table: string, column: string): Promise<string[]> =>
  (
    await rig.db.many<{ name: string }>(sql`select ${sql.raw(column)}::text as name from ${sql.raw(table)} order by 1`)
  ).map(({ name }) => name);

const fault = (name: string) =>
  anEvent({
    timestamp: START,
    reported_at: START,
    severity: 'critical',
    message: name,
    fingerprint: `eu-1/shop/Deployment/${name}`,
    bundle: aBundle({ at: START, subject: { kind: 'Deployment', namespace: 'shop', name } }),
  });

const auditRecord = (id: string, at: string) => ({
  ...{ id, at, service: 'agent-manager' as const, actor: 'eve', action: 'look', target: 'x' },
  outcome: 'done' as const,
  details: null,
});

needs('postgres')('retention of the manager', () => {
  beforeAll(async () => {
    rig = await storeRig({ clock });
    await rig.manager.ingest.record([fault('open'), fault('over')]);
    await rig.db.run(sql`update event set received_at = ${START}`);
    await rig.db.run(sql`update bundle set stored_at = ${START}`);
    await rig.db.run(sql`
      update incident set closed_at = ${START}, updated_at = ${START}, state = 'resolved' where fingerprint like '%/over'`);
  });
  afterAll(() => rig.stop());

  it('removes events by age with the day that held them, but none that an open incident shows', async () => {
    expect((await pruneOn(29))['event']).toBeUndefined();
    expect(await pruneOn(31)).toMatchObject({ event: 1 });
    expect(await names('event', 'message')).toEqual(['open']);
    // The evidence of the closed incident stays as long as the incident does.
    expect(await names('bundle', 'hash')).toHaveLength(2);
    expect(await names(`pg_class where relname ~ '^event_[0-9]{8}$' and relkind = 'r'`, 'relname')).toContain(
      'event_20260101',
    );
  });

  it('keeps a closed incident while a run of it is under way, then removes it with its timeline and evidence', async () => {
    const [{ id }] = (await rig.db.many<{ id: string }>(
      sql`select id from incident where fingerprint like '%/over'`,
    )) as [{ id: string }];
    const step = (revision: number, phase: string) =>
      rig.db.run(
        sql`insert into progress (incident_id, episode, run_id, revision, phase, at) values (${id}, 1, 'r-1', ${revision}, ${phase}, ${START})`,
      );
    await step(1, 'repairing');
    expect((await pruneOn(61))['incident']).toBeUndefined();
    await step(2, 'resolved');
    expect(await pruneOn(61)).toMatchObject({ incident: 1, progress: 2, bundle: 1 });
    expect(await names('incident', 'fingerprint')).toEqual(['eu-1/shop/Deployment/open']);
    expect(await names('bundle', 'hash')).toHaveLength(1);
  });

  it('lets go of ended commands only', async () => {
    for (const status of ['done', 'sent'])
      await rig.db.run(sql`
        insert into command (id, cluster_id, action, target, parameters, expires_in, requested_by, status, updated_at)
        values (${status}, 'eu-1', 'get', '{}', '{}', '1m', 'eve', ${status}, ${START})`);
    expect(await pruneOn(91)).toMatchObject({ command: 1 });
    expect(await names('command', 'id')).toEqual(['sent']);
  });

  it('shortens the audit chain from its beginning, says so in it, and still shows whether it holds', async () => {
    const { audit } = rig.manager;
    await audit.append([auditRecord('a-1', START), auditRecord('a-2', START)]);
    await audit.append([auditRecord('a-3', '2026-12-01T00:00:00.000Z'), auditRecord('a-4', START)]);
    expect(await pruneOn(366)).toMatchObject({ audit: 2 });
    expect(await names('audit', 'id')).toEqual(['a-3', 'a-4']);
    expect(await audit.check()).toEqual({ intact: true, records: 2, removed: 2, broken_at: null });
    expect(await names(`outbox where subject = 'internal.audit'`, `body ->> 'action'`)).toEqual(['remove_old_audit']);
    await rig.db.run(sql`delete from audit where id = 'a-3'`);
    expect(await audit.check()).toMatchObject({ intact: false, broken_at: 4 });
  });

  it('never empties the audit chain, so that the next record has something to follow', async () => {
    await pruneOn(4_000);
    expect(await names('audit', 'id')).toEqual(['a-4']);
    await rig.manager.audit.append([auditRecord('a-5', START)]);
    expect((await rig.db.one<{ seq: number }>(sql`select max(seq) as seq from audit`)).seq).toBe(5);
  });
});
