import { sql } from '@aetherius/shared/postgres';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startFakeAgent } from './fake-agent.ts';
import { createRig, type Rig, stepsOf } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
}, 60_000);
afterAll(() => rig.stop(), 20_000);

needs('postgres', 'nats')('the kill switch', () => {
  it('withdraws a write that waits for its agent, and tells the agent', async () => {
    // The agent goes away after the dry run: the write lies in the outbox.
    rig.agent.instead = (command) => {
      if (command.dry_run) void rig.agent.stop();
      return undefined;
    };
    await rig.tell({ incident_id: 'unsent' });
    await eventually(async () => {
      const found = await rig.runOf('unsent');
      const steps = await stepsOf(rig.db, found.id);
      expect(steps.filter(({ path, status }) => path.endsWith('/act') && status === 'started')).toHaveLength(1);
    });
    const thrown = await rig.call('PUT /kill-switch', { as: 'admin:eve', body: { engaged: true, reason: 'drill' } });
    expect(thrown).toMatchObject({ status: 200, body: { engaged: true, changed_by: 'admin:eve' } });
    const back = startFakeAgent(rig.nats);
    try {
      const ended = await rig.ended('unsent');
      expect([ended.outcome, ended.note]).toEqual(['not_repaired', expect.stringContaining('kill_switch')]);
      await eventually(() => {
        expect(back.received).toContainEqual(
          expect.objectContaining({ action: 'configure', parameters: { kill_switch: 'on' } }),
        );
      });
      expect(back.received.filter(({ action }) => action === 'rollback_workload')).toEqual([]);
      expect(back.effects).toEqual([]);
    } finally {
      await back.stop();
    }
  }, 40_000);

  it('is thrown even when a run names a cluster that cannot exist', async () => {
    await rig.db.run(sql`
      insert into run (id, definition, version, requester, incident, target, trigger_key, status, deadline)
      select 'stray', definition, version, requester, incident || '{"cluster_id": "Not.A *cluster"}', 'stray', 'stray', 'done', now()
      from run limit 1`);
    for (const engaged of [false, true]) {
      const thrown = await rig.call('PUT /kill-switch', { as: 'admin:eve', body: { engaged } });
      expect([thrown.status, thrown.body['engaged']]).toEqual([200, engaged]);
    }
    expect((await rig.call('GET /kill-switch', { as: 'viewer:ann' })).body['engaged']).toBe(true);
  });

  it('leaves an agent that was away with the last word alone', async () => {
    for (const engaged of [true, false, true, false])
      await rig.call('PUT /kill-switch', { as: 'admin:eve', body: { engaged } });
    const unsent = await rig.db.many<{ switch: string }>(
      sql`select body -> 'parameters' ->> 'kill_switch' as switch from outbox where body ->> 'action' = 'configure'`,
    );
    expect(unsent).toEqual([{ switch: 'off' }]);
    const back = startFakeAgent(rig.nats);
    try {
      await eventually(() => expect(back.received).toHaveLength(1));
      expect(back.received[0]?.parameters).toEqual({ kill_switch: 'off' });
    } finally {
      await back.stop();
    }
  });

  it('is not put to the test by a run for a cluster that cannot exist', async () => {
    const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
    const refused = await rig.call('POST /workflows/respond/execute', {
      as: 'responder:al',
      body: { incident: { cluster_id: 'eu.*', subject } },
    });
    expect([refused.status, refused.body['errors'][0].field]).toEqual([400, expect.stringContaining('cluster_id')]);
  });
});
