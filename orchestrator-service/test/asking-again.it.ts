import type { Command, Diagnosis, EvidenceRead } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { aDiagnosis, eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createRig, type Rig, rollBack, stepsOf } from './rig.ts';

let rig: Rig;

const logOf = (container: string): EvidenceRead => ({
  action: 'logs',
  target: { kind: 'Pod', namespace: 'shop', name: 'cart-1' },
  parameters: { container, previous: true, tail_lines: 400 },
  what: `the log of ${container}`,
  command: `kubectl logs cart-1 -n shop -c ${container} --previous --tail=400`,
});
const unsure = (...reads: EvidenceRead[]): Diagnosis =>
  aDiagnosis({ status: 'abstained', category: 'unknown', evidence: [], missing_evidence: ['a log'], reads });
const containerOf = (command: Command): string => String(command.parameters['container']);
const questionsOf = (id: string) => rig.asked.filter((question) => question.startsWith(id));
/** In the order of rounds; which of those that go side by side is sent first is not said. */
const readsOf = (id: string) =>
  rig.agent.received
    .filter(({ id: command, action }) => command.startsWith(id) && action === 'logs')
    .toSorted((a, b) => a.id.localeCompare(b.id));
/** Lets an analysis that can ask for nothing more come to its end. */
const untilEnded = (incident: string) =>
  eventually(
    async () => {
      const run = await rig.runOf(incident);
      const open = (await stepsOf(rig.db, run.id)).find(({ status }) => status === 'started');
      if (open?.kind === 'ai_analysis' && open.output !== null) await rig.timePasses(run.id);
      expect(run.finished_at).not.toBeNull();
      return run;
    },
    { within: 15_000 },
  );

needs('postgres', 'nats')('a diagnosis that abstains', () => {
  beforeAll(async () => {
    rig = await createRig();
  }, 60_000);
  afterAll(() => rig.stop(), 20_000);
  beforeEach(() => {
    rig.settings.fault = () => undefined;
    rig.agent.instead = (command) =>
      command.action === 'logs'
        ? { output: { lines: [`2026-01-02T03:04:05Z words of ${containerOf(command)}`], previous: true } }
        : undefined;
  });

  it('has the agent read what it names, side by side, and is asked again with it', async () => {
    rig.settings.diagnosis = (bundle) =>
      bundle.logs.length === 2 ? rollBack(bundle.subject) : unsure(logOf('app'), logOf('sidecar'));
    await rig.tell({ incident_id: 'mute' });
    const run = await rig.ended('mute');
    expect(run.outcome).toBe('verified');
    expect(readsOf(run.id).map(({ id, target }) => [id, target])).toEqual([
      [`${run.id}:analyse/round_1/fetch#0/read`, expect.objectContaining({ kind: 'Pod', name: 'cart-1' })],
      [`${run.id}:analyse/round_1/fetch#1/read`, expect.objectContaining({ kind: 'Pod', name: 'cart-1' })],
    ]);
    expect(questionsOf(run.id)).toEqual([`${run.id}:analyse/analyse`, `${run.id}:analyse/round_1/analyse`]);
    const steps = await stepsOf(rig.db, run.id);
    expect(steps.find(({ path }) => path === 'analyse/round_1/fetch#0/read')?.output).toMatchObject({
      reason: null,
      logs: [{ id: 'log:shop/cart-1/app/previous', lines: ['words of app'] }],
    });
  }, 30_000);

  it('is asked three times at most, and the same read is never tried twice', async () => {
    rig.settings.diagnosis = ({ logs }) => unsure(logOf('app'), logOf(`after-${logs.length}`));
    await rig.tell({ incident_id: 'endless' });
    const run = await untilEnded('endless');
    expect([run.phase, run.outcome]).toEqual(['escalated', 'not_repaired']);
    expect(readsOf(run.id).map(containerOf)).toEqual(['app', 'after-0', 'after-2']);
    expect(questionsOf(run.id)).toHaveLength(3);
  }, 30_000);

  it('says what could not be read when the agent refuses or has nothing', async () => {
    rig.agent.instead = (command) => {
      if (command.action !== 'logs') return undefined;
      return containerOf(command) === 'app' ? { refuse: 'kind_not_allowed' } : { output: {} };
    };
    rig.settings.diagnosis = () => unsure(logOf('app'), logOf('sidecar'));
    await rig.tell({ incident_id: 'refused' });
    const run = await untilEnded('refused');
    expect(run.note).toContain('Missing: a log.');
    expect(run.note).toContain('the log of app (kind_not_allowed), the log of sidecar (nothing_there)');
  }, 30_000);

  it('says so when nobody is there to read', async () => {
    rig.settings.diagnosis = () => unsure(logOf('app'));
    await rig.tell({ incident_id: 'silent', cluster_id: 'nobody' });
    const fetching = () =>
      rig.db.one<{ path: string }>(sql`
      select path from step join run on run.id = run_id
      where incident ->> 'id' = 'silent' and step.kind = 'fetch' and step.status = 'started'`);
    await eventually(fetching);
    await rig.db.run(
      sql`update outbox set deadline = now() where kind = 'request' and body ->> 'cluster_id' = 'nobody'`,
    );
    const run = await untilEnded('silent');
    expect(run.note).toContain('the log of app (agent_offline)');
  }, 30_000);

  it('never has another tenant asked about', async () => {
    const foreign = logOf('app');
    rig.settings.diagnosis = () =>
      unsure({ ...foreign, target: { ...foreign.target, namespace: 'payments' } } as EvidenceRead);
    await rig.tell({ incident_id: 'curious' });
    const run = await untilEnded('curious');
    expect([readsOf(run.id), run.note?.includes('(out_of_scope)')]).toEqual([[], true]);
  }, 30_000);

  it.each(['after_plan', 'before_commit', 'after_commit'] as const)(
    'loses and doubles no round when its runner dies %s',
    async (point) => {
      const incident = `dies-${point.replace('_', '-')}`;
      const died = new Set<number>();
      // Dies at each of its first commits once: before, between and after the rounds.
      rig.settings.fault = (at, run) => {
        if (at !== point || run.incident.id !== incident || died.has(died.size + 1) || died.size >= 4) return;
        died.add(died.size + 1);
        throw new Error(`killed at ${at}`);
      };
      rig.settings.diagnosis = ({ logs, subject }) =>
        logs.length === 2 ? rollBack(subject) : unsure(logOf(logs.length === 0 ? 'app' : 'sidecar'));
      await rig.tell({ incident_id: incident });
      const hurry = setInterval(
        () => void rig.db.run(sql`update run set lease_until = now() where status = 'running' and lease_until > now()`),
        300,
      );
      const run = await rig.ended(incident, 40_000).finally(() => clearInterval(hurry));
      expect([run.outcome, died.size]).toEqual(['verified', 4]);
      expect(readsOf(run.id).map(containerOf)).toEqual(['app', 'sidecar']);
      expect(questionsOf(run.id)).toHaveLength(3);
    },
    60_000,
  );

  it('is asked in another run when a reason comes after its end, and acts on what it finds then', async () => {
    rig.settings.diagnosis = () => unsure();
    await rig.tell({ incident_id: 'later' });
    const first = await untilEnded('later');
    rig.settings.diagnosis = ({ subject }) => rollBack(subject);
    await rig.tell({ incident_id: 'later', phase: 'changed', reasons: ['CrashLoopBackOff', 'Unhealthy'] });
    await eventually(async () => expect((await rig.runOf('later')).id).not.toBe(first.id));
    expect(await rig.ended('later', 25_000)).toMatchObject({
      outcome: 'verified',
      incident: { reasons: ['CrashLoopBackOff', 'Unhealthy'] },
    });
  }, 60_000);

  it('is asked in three other runs at most, and in none for a reason that it had', async () => {
    rig.settings.diagnosis = () => unsure();
    const reasons = ['CrashLoopBackOff'];
    const changed = () => rig.tell({ incident_id: 'nervous', phase: 'changed', reasons: [...reasons] });
    const keys = async () => {
      const rows = await rig.db.many<{ trigger_key: string }>(
        sql`select trigger_key from run where incident ->> 'id' = 'nervous' order by created_at`,
      );
      return rows.map(({ trigger_key }) => trigger_key);
    };
    await rig.tell({ incident_id: 'nervous' });
    await untilEnded('nervous');
    for (const reason of ['Unhealthy', 'FailedMount', 'Evicted']) {
      await changed();
      const before = (await keys()).length;
      reasons.push(reason);
      await changed();
      await eventually(async () => expect(await keys()).toHaveLength(before + 1));
      await untilEnded('nervous');
    }
    reasons.push('OOMKilled');
    await changed();
    // Messages are taken in order: once the last is answered, so are those before it.
    await rig.tell({ incident_id: 'marker' });
    await eventually(() => rig.runOf('marker'));
    expect(await keys()).toEqual(['nervous:1', 'nervous:1:1', 'nervous:1:2', 'nervous:1:3']);
  }, 60_000);
});
