import { sql } from '@aetherius/shared/postgres';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRig, type Rig, rollBack, stepsOf } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
}, 60_000);
afterAll(() => rig.stop(), 20_000);

needs('postgres', 'nats')('a repair', () => {
  it('is carried out once, observed, and told from explaining to resolved', async () => {
    await rig.tell({ incident_id: 'good' });
    const run = await rig.ended('good');
    expect([run.status, run.outcome, run.action]).toEqual(['done', 'verified', 'rollback_workload']);
    expect(rig.agent.effects).toEqual([expect.objectContaining({ id: `${run.id}:by_cause/crash/way/repair/act` })]);
    const write = rig.agent.received.find((command) => command.id === rig.agent.effects[0]?.id);
    expect([write?.target.uid, write?.expected, write?.dry_run]).toEqual(['u-1', 'hash-of-2', false]);
    await eventually(() => expect(rig.progress.at(-1)?.phase).toBe('resolved'));
    const told = rig.progress.filter((one) => one.incident_id === 'good');
    expect(told.map((one) => one.revision)).toEqual(told.map((_, index) => index + 1));
    const phases = told.map((one) => one.phase);
    expect([...new Set(phases)]).toEqual(['explaining', 'repairing', 'verifying', 'resolved']);
    expect(told.at(-1)?.diagnosis?.category).toBe('crash_loop_app_error');
  }, 30_000);

  it('runs once per episode, however often the message comes', async () => {
    await rig.tell({ incident_id: 'good' });
    await rig.tell({ incident_id: 'good' });
    const again = await rig.db.one<{ runs: number }>(
      sql`select count(*) as runs from run where incident ->> 'id' = 'good'`,
    );
    expect(again.runs).toBe(1);
  });

  it('does not start over on a target that the same strategy has just repaired', async () => {
    await rig.tell({ incident_id: 'good', episode: 2 });
    await eventually(async () => expect((await rig.runOf('good')).trigger_key).toBe('good:2'));
    const run = await rig.ended('good');
    expect([run.outcome, run.note]).toEqual(['not_repaired', expect.stringContaining('broken again')]);
  }, 30_000);

  it('is taken back when it was seen not to help, and goes to a person', async () => {
    rig.agent.observes = ['unknown', 'not_met'];
    const before = rig.agent.effects.at(-1)?.revision;
    await rig.tell({ incident_id: 'useless' });
    const run = await rig.ended('useless');
    expect([run.phase, run.outcome]).toEqual(['escalated', 'rolled_back']);
    const ours = rig.agent.effects.filter((effect) => effect.id.startsWith(run.id));
    expect(ours.map((effect) => effect.id.split('/').at(-1))).toEqual(['act', 'undo']);
    expect(ours.at(-1)?.revision).toBe(before);
    const proof = (await stepsOf(rig.db, run.id)).find((step) => step.kind === 'proof');
    expect(proof?.output).toEqual({ answer: 'met' });
  }, 30_000);

  it('never takes unknown for success, nor for a reason to take something back', async () => {
    rig.agent.observes = ['unknown', 'unknown', 'unknown'];
    await rig.tell({ incident_id: 'unseen' });
    const run = await rig.ended('unseen');
    expect([run.phase, run.outcome, run.note]).toEqual(['escalated', 'not_repaired', 'verification_unknown']);
    expect(rig.agent.effects.filter((effect) => effect.id.startsWith(run.id))).toHaveLength(1);
  }, 30_000);
});

needs('postgres', 'nats')('a repair without a clear end', () => {
  it('does not write twice when the answer to a write got lost', async () => {
    rig.agent.instead = (command) => {
      if (!command.id.endsWith('/act') || command.dry_run) return undefined;
      rig.agent.carryOut(command);
      return 'silent';
    };
    await rig.tell({ incident_id: 'lost' });
    const write = await eventually(() => {
      const command = rig.agent.received.find((one) => one.id.endsWith('/act') && one.target.name === 'lost');
      if (command === undefined) throw new Error('the write has not come yet');
      return command;
    });
    await rig.timePasses((await rig.runOf('lost')).id);
    const run = await rig.ended('lost');
    expect(run.outcome).toBe('verified');
    expect(rig.agent.effects.filter((effect) => effect.id === write.id)).toHaveLength(1);
    expect(rig.agent.received.filter((one) => one.id === write.id)).toHaveLength(1);
    await rig.agent.publish(write, { status: 'done' });
    await eventually(async () => {
      const late = (await stepsOf(rig.db, run.id)).find((step) => step.kind === 'act')?.late_result;
      expect(late).toMatchObject({ kind: 'result', result: { status: 'done' } });
    });
    expect((await rig.runOf('lost')).revision).toBe(run.revision);
  }, 30_000);

  it('sends the same id again when the mark is not there', async () => {
    let dropped = 0;
    rig.agent.instead = (command) =>
      command.id.endsWith('/act') && !command.dry_run && dropped++ === 0 ? 'silent' : undefined;
    await rig.tell({ incident_id: 'dropped' });
    await eventually(() => expect(dropped).toBe(1));
    await rig.timePasses((await rig.runOf('dropped')).id);
    const run = await rig.ended('dropped');
    expect(run.outcome).toBe('verified');
    const ours = rig.agent.effects.filter((effect) => effect.id.startsWith(run.id));
    expect(ours.map((effect) => effect.id)).toEqual([`${run.id}:by_cause/crash/way/repair/act`]);
  }, 30_000);

  it('tells a person when the agent refuses, is away, or reasoning has no answer', async () => {
    rig.agent.instead = (command) => (command.dry_run ? { refuse: 'protected_namespace' } : undefined);
    await rig.tell({ incident_id: 'refused' });
    expect((await rig.ended('refused')).note).toContain('protected_namespace');
    rig.agent.instead = () => undefined;
    rig.settings.diagnosis = () => undefined;
    await rig.tell({ incident_id: 'silence' });
    await eventually(() => expect(rig.asked.length).toBeGreaterThan(0));
    await eventually(async () => expect((await rig.runOf('silence')).phase).toBe('explaining'));
    await rig.timePasses((await rig.runOf('silence')).id);
    const run = await rig.ended('silence');
    expect([run.phase, run.note]).toEqual(['escalated', 'no_answer: at analyse/analyse']);
    rig.settings.diagnosis = (bundle) => rollBack(bundle.subject);
  }, 30_000);

  it('leaves to a person what its owner froze, whether the agent finds that or the guard', async () => {
    const held =
      'frozen: Namespace shop is frozen by the annotation aetherius.io/freeze until 2999-01-01T00:00:00.000Z';
    rig.agent.instead = ({ dry_run }) => (dry_run ? { status: 'refused', reason: held } : undefined);
    await rig.tell({ incident_id: 'frozen-place' });
    const place = await rig.ended('frozen-place');
    expect([place.phase, place.note]).toEqual(['escalated', expect.stringContaining(held)]);
    const annotations = { 'aetherius.io/freeze': '2999-01-01T00:00:00Z' };
    const object = { metadata: { name: 'cart', namespace: 'shop', uid: 'u-1', labels: {}, annotations } };
    rig.agent.instead = ({ action }) => (action === 'get' ? { output: { object } } : undefined);
    await rig.tell({ incident_id: 'frozen-object' });
    const run = await rig.ended('frozen-object');
    expect([run.phase, run.note]).toEqual(['escalated', expect.stringMatching(/^frozen: .* until 2999-01-01/)]);
    expect(rig.agent.effects.filter(({ id }) => [place.id, run.id].some((one) => id.startsWith(one)))).toEqual([]);
    rig.agent.instead = () => undefined;
  }, 30_000);

  it('that no strategy provides is asked of a person, once for each episode', async () => {
    const { body: fallback } = await rig.call('GET /strategies/fallback', { as: 'admin:eve' });
    const { origin: _, version: __, updated_at: ___, ...body } = fallback;
    await rig.call('PUT /strategies/fallback', { as: 'admin:eve', body: { ...body, enabled: false } });
    const subject = { kind: 'Gadget', namespace: 'shop', name: 'odd' };
    for (const _ of [1, 2]) await rig.tell({ incident_id: 'odd', subject });
    await rig.tell({ incident_id: 'odd', subject, episode: 2 });
    const told = () => rig.progress.filter((one) => one.incident_id === 'odd');
    await eventually(() => expect(told().some((one) => one.episode === 2)).toBe(true));
    expect(told()[0]).toMatchObject({ episode: 1, phase: 'escalated', outcome: 'not_repaired' });
    expect(told()[0]?.note).toContain('no strategy');
    expect(new Set(told().map((one) => one.run_id)).size).toBe(2);
    await rig.call('PUT /strategies/fallback', { as: 'admin:eve', body });
  }, 30_000);
});
