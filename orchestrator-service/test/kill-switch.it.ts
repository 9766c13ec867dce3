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
});
