import { agentSubject, Command, CommandResult } from '@aetherius/shared/contracts';
import { newId } from '@aetherius/shared/service';
import { anEvent, eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rig as startRig } from './rig.ts';

const target = { api_version: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-1' };

needs('postgres', 'nats')('commands of people', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  let token: string;
  beforeAll(async () => {
    rig = await startRig();
    token = await rig.tokenFor('responder');
    await rig.manager.ingest.record([anEvent({ cluster_id: 'eu-1' }), anEvent({ cluster_id: 'eu-2' })]);
  });
  afterAll(() => rig.stop());

  const send = (body: Record<string, unknown>) => rig.call('POST', '/api/v1/commands', { token, body });
  const status = (id: unknown, expected: string) =>
    eventually(async () =>
      expect((await rig.call('GET', `/api/v1/commands/${id}`, { token })).body).toMatchObject({ status: expected }),
    );
  const result = (command: Command, changes: Partial<CommandResult> = {}) =>
    CommandResult.parse({
      command_id: command.id,
      cluster_id: command.cluster_id,
      issuer: 'manager',
      status: 'done',
      output: { lines: ['hello'] },
      started_at: new Date().toISOString(),
      duration: '1s',
      ...changes,
    });

  it('reach the agent and come back with a result', async () => {
    const heard: Command[] = [];
    const agent = rig.agent.listen(agentSubject('eu-1', 'command'), Command, async (command) => {
      heard.push(command);
      return { command_id: command.id, status: 'accepted', reason: null };
    });
    const { status: code, body } = await send({
      cluster_id: 'eu-1',
      action: 'logs',
      target,
      parameters: { tail_lines: 5 },
    });
    expect([code, body['status'], body['expires_in']]).toEqual([201, 'sent', '30s']);
    await status(body['id'], 'accepted');
    expect(heard).toMatchObject([{ id: body['id'], issuer: 'manager', action: 'logs', parameters: { tail_lines: 5 } }]);
    expect((await rig.call('GET', `/api/v1/commands/${body['id']}/result`, { token })).status).toBe(404);
    const [command] = heard;
    if (command === undefined) throw new Error('no command');
    const publish = (one: CommandResult) => rig.agent.publish(agentSubject('eu-1', 'result'), one, { id: newId() });
    await publish(result(command, { issuer: 'orchestrator', status: 'failed' }));
    await publish(result(command));
    await publish(result(command, { status: 'failed' }));
    await status(body['id'], 'done');
    const answer = await rig.call('GET', `/api/v1/commands/${body['id']}/result`, { token });
    expect(answer.body).toMatchObject({ status: 'done', output: { lines: ['hello'] } });
    await agent.stop();
  });

  it('say why an agent refused', async () => {
    const agent = rig.agent.listen(agentSubject('eu-1', 'command'), Command, async (command) => ({
      command_id: command.id,
      status: 'refused',
      reason: 'the namespace is protected',
    }));
    const { body } = await send({ cluster_id: 'eu-1', action: 'describe', target });
    await status(body['id'], 'refused');
    expect(await rig.call('GET', `/api/v1/commands/${body['id']}/result`, { token })).toMatchObject({
      status: 200,
      body: { command_id: body['id'], status: 'refused', reason: 'the namespace is protected' },
    });
    await agent.stop();
  });

  it('say when nobody is there', async () => {
    const { body } = await send({ cluster_id: 'eu-2', action: 'get', target });
    await eventually(
      async () =>
        expect((await rig.call('GET', `/api/v1/commands/${body['id']}`, { token })).body).toMatchObject({
          status: 'offline',
        }),
      { within: 15_000 },
    );
    const { body: list } = await rig.call('GET', '/api/v1/commands?status=offline', { token });
    expect(list['items']).toMatchObject([{ id: body['id'] }]);
  }, 20_000);

  it.each([
    [{ action: 'delete_pod' }, 'body.action'],
    [{ action: 'logs', parameters: { tail_lines: 0 } }, 'body.parameters.tail_lines'],
    [{ action: 'get', parameters: { shell: 'rm' } }, 'body.parameters'],
    [{ cluster_id: 'EU' }, 'body.cluster_id'],
    [{ cluster_id: 'nowhere' }, 'body.cluster_id'],
    [{ expires_in: '2h' }, 'body.expires_in'],
    [{ target: { ...target, name: 'a\0b' } }, 'body.target.name'],
  ])('refuse %j by naming the field', async (changes, field) => {
    expect(await send({ cluster_id: 'eu-1', action: 'get', target, ...changes })).toMatchObject({
      status: 400,
      body: { errors: [{ field }] },
    });
  });
});
