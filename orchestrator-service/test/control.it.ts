import { sql } from '@aetherius/shared/postgres';
import { newId } from '@aetherius/shared/service';
import { aDiagnosis, eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createRig, evidence, type Rig, rollBack, stepsOf } from './rig.ts';

let rig: Rig;
const waiting = async (incident: string, phase: string) =>
  eventually(async () => {
    const run = await rig.runOf(incident);
    expect([run.status, run.phase]).toEqual(['waiting', phase]);
    return run;
  });
beforeAll(async () => {
  rig = await createRig();
  const careful = {
    description: 'asks before it acts',
    workflow: 'respond',
    match: { namespaces: ['careful'] },
    priority: 900,
    autonomy: 'approve',
  };
  expect((await rig.call('PUT /strategies/careful', { as: 'admin:eve', body: careful })).status).toBe(200);
}, 60_000);
afterAll(() => rig.stop(), 20_000);
beforeEach(() => {
  rig.settings.diagnosis = (bundle) => rollBack(bundle.subject);
});

needs('postgres', 'nats')('people who approve', () => {
  it('approve exactly the change that is shown', async () => {
    await rig.tell({ incident_id: 'ask', namespace: 'careful' });
    const run = await waiting('ask', 'awaiting_approval');
    const { body } = await rig.call('GET /approvals', { as: 'viewer:ann' });
    const approval = body['items'].find((one: { run_id: string }) => one.run_id === run.id);
    expect(approval).toMatchObject({ action: 'rollback_workload', target: { name: 'ask' }, status: 'pending' });
    expect((await rig.call(`POST /approvals/${approval.id}/approve`, { as: 'viewer:ann' })).status).toBe(403);
    expect((await rig.call(`POST /approvals/${approval.id}/approve`, { as: 'approver:bob' })).status).toBe(200);
    const ended = await rig.ended('ask');
    expect(ended.outcome).toBe('verified');
    expect((await rig.call(`POST /approvals/${approval.id}/reject`, { as: 'approver:bob' })).status).toBe(409);
  }, 30_000);

  it('reject, or let it expire, and nothing is done', async () => {
    await rig.tell({ incident_id: 'no', namespace: 'careful' });
    const run = await waiting('no', 'awaiting_approval');
    const { body } = await rig.call('GET /approvals', { as: 'viewer:ann' });
    const approval = body['items'].find((one: { run_id: string }) => one.run_id === run.id);
    await rig.call(`POST /approvals/${approval.id}/reject`, { as: 'approver:bob', body: { comment: 'not today' } });
    expect((await rig.ended('no')).note).toContain('approval_rejected');
    await rig.tell({ incident_id: 'expired', namespace: 'careful' });
    await rig.timePasses((await waiting('expired', 'awaiting_approval')).id);
    expect((await rig.ended('expired')).note).toContain('approval_expired');
    expect(rig.agent.effects.filter((one) => one.id.startsWith(run.id))).toEqual([]);
  }, 30_000);

  it('throw the kill switch between approval and action', async () => {
    await rig.tell({ incident_id: 'late', namespace: 'careful' });
    const run = await waiting('late', 'awaiting_approval');
    expect((await rig.call('PUT /kill-switch', { as: 'approver:bob', body: { engaged: true } })).status).toBe(403);
    await rig.call('PUT /kill-switch', { as: 'admin:eve', body: { engaged: true, reason: 'drill' } });
    const { body } = await rig.call('GET /approvals', { as: 'viewer:ann' });
    const approval = body['items'].find((one: { run_id: string }) => one.run_id === run.id);
    await rig.call(`POST /approvals/${approval.id}/approve`, { as: 'approver:bob' });
    expect((await rig.ended('late')).note).toContain('kill_switch');
    await rig.tell({ incident_id: 'off' });
    expect((await rig.ended('off')).note).toContain('kill switch is on');
    await rig.call('PUT /kill-switch', { as: 'admin:eve', body: { engaged: false } });
    expect(rig.agent.effects.filter((one) => one.id.startsWith(run.id))).toEqual([]);
  }, 30_000);
});

needs('postgres', 'nats')('people', () => {
  it('never approve what they asked for themselves', async () => {
    const body = { incident: { cluster_id: 'eu-1', subject: { kind: 'Deployment', namespace: 'shop', name: 'mine' } } };
    const started = await rig.call('POST /workflows/respond/execute', { as: 'approver:bob', body });
    expect(started.status).toBe(202);
    const approval = await eventually(async () => {
      const { body } = await rig.call('GET /approvals', { as: 'viewer:ann' });
      const mine = body['items'].find((one: { run_id: string }) => one.run_id === started.body['run_id']);
      expect(mine).toBeDefined();
      return mine;
    });
    expect((await rig.call(`POST /approvals/${approval.id}/approve`, { as: 'approver:bob' })).status).toBe(403);
    expect((await rig.call(`POST /executions/${started.body['run_id']}/cancel`, { as: 'responder:al' })).status).toBe(
      200,
    );
    const { body: closed } = await rig.call('GET /approvals?status=closed', { as: 'viewer:ann' });
    expect(closed['items'].map((one: { id: string }) => one.id)).toContain(approval.id);
  }, 30_000);

  it('pause a run, which keeps what arrives, and let it go on', async () => {
    rig.settings.diagnosis = () => undefined;
    await rig.tell({ incident_id: 'paused' });
    const run = await waiting('paused', 'explaining');
    expect((await rig.call(`POST /executions/${run.id}/pause`, { as: 'responder:al' })).status).toBe(200);
    const diagnosis = rollBack(run.incident.subject);
    const answer = { id: `${run.id}:analyse/analyse`, incident_id: 'paused', diagnosis, duration_ms: 1 };
    await rig.nats.publish('ai.reasoning.answer', answer, { id: newId() });
    await eventually(async () => {
      const kept = await rig.db.one<{ answer: unknown }>(sql`select answer from step where run_id = ${run.id}`);
      expect(kept.answer).toMatchObject({ kind: 'diagnosis' });
    });
    expect((await rig.runOf('paused')).status).toBe('paused');
    expect((await rig.call(`POST /executions/${run.id}/resume`, { as: 'responder:al' })).status).toBe(200);
    expect((await rig.ended('paused')).outcome).toBe('verified');
    expect((await rig.call(`POST /executions/${run.id}/resume`, { as: 'responder:al' })).status).toBe(409);
  }, 30_000);
});

needs('postgres', 'nats')('a run under way', () => {
  it('is cancelled, and what has not left is withdrawn', async () => {
    await rig.tell({ incident_id: 'nobody-there', cluster_id: 'nobody' });
    const run = await waiting('nobody-there', 'repairing');
    const unsent = () => rig.db.one<{ rows: number }>(sql`select count(*) as rows from outbox where kind = 'request'`);
    expect((await unsent()).rows).toBe(1);
    await eventually(async () => {
      await rig.call(`POST /executions/${run.id}/cancel`, { as: 'responder:al' });
      expect((await unsent()).rows).toBe(0);
    });
    const { body } = await rig.call(`GET /executions/${run.id}`, { as: 'viewer:ann' });
    expect([body['status'], body['outcome'], body['note']]).toEqual([
      'cancelled',
      'cancelled',
      'cancelled by responder:al',
    ]);
    await eventually(() =>
      expect(rig.progress.filter((one) => one.run_id === run.id).at(-1)?.outcome).toBe('cancelled'),
    );
  }, 30_000);

  it('is over when its incident clears before anything was done', async () => {
    rig.settings.diagnosis = () => undefined;
    await rig.tell({ incident_id: 'gone' });
    await waiting('gone', 'explaining');
    await rig.tell({ incident_id: 'gone', phase: 'cleared' });
    const run = await rig.ended('gone');
    expect([run.status, run.phase, run.note]).toEqual(['cancelled', 'resolved', 'cleared']);
  }, 30_000);

  it('has the last word when its incident clears while the repair is watched', async () => {
    rig.agent.instead = (command) => (command.action === 'observe' ? 'silent' : undefined);
    await rig.tell({ incident_id: 'helped' });
    const { id } = await waiting('helped', 'verifying');
    await rig.tell({ incident_id: 'helped', phase: 'cleared' });
    await eventually(async () => expect((await rig.runOf('helped')).stop).toBe('cleared'));
    const watch = rig.agent.received.findLast((one) => one.action === 'observe' && one.id.startsWith(id));
    rig.agent.instead = () => undefined;
    if (watch !== undefined) await rig.agent.publish(watch, { output: { observed: 'met' } });
    const run = await rig.ended('helped');
    expect([run.status, run.outcome]).toEqual(['done', 'verified']);
  }, 30_000);

  it('asks again when newer evidence comes', async () => {
    const later = '2026-01-02T03:05:05.000Z';
    rig.settings.diagnosis = (bundle) =>
      bundle.at === later ? rollBack(bundle.subject) : aDiagnosis({ status: 'abstained', category: 'unknown' });
    await rig.tell({ incident_id: 'thin' });
    const run = await waiting('thin', 'explaining');
    await eventually(async () => expect((await stepsOf(rig.db, run.id))[0]?.output).not.toBeNull());
    await rig.tell({ incident_id: 'thin', phase: 'changed', bundle: evidence(run.incident.subject, later) });
    expect((await rig.ended('thin')).outcome).toBe('verified');
    expect(rig.asked.filter((id) => id.startsWith(run.id))).toEqual([
      `${run.id}:analyse/analyse`,
      `${run.id}:analyse/analyse@2`,
    ]);
  }, 30_000);
});
