import { agentSubject, COMMANDS_ANNOTATION, type Command } from '@aetherius/shared/contracts';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKubeClient } from '../src/kube/client.ts';
import { KubeError } from '../src/kube/kube-error.ts';
import { deployment, type Fixture, lastResult, order, rolledOut, startFixture } from './agent-fixture.ts';

/** Nothing listens on the discard port: every request fails as it does when the API server is away. */
const createKubeClientThatIsAway = () => createKubeClient({ server: 'http://127.0.0.1:9' });

needs('nats')('commands on a cluster', () => {
  let agent: Fixture;
  beforeAll(async () => {
    agent = await startFixture();
  }, 30_000);
  afterAll(() => agent.stop(), 30_000);

  const store = () => agent.simulator.store;
  const read = (name: string) => store().get('Deployment', 'shop', name);
  const uidOf = (name: string) => read(name)?.metadata.uid ?? '';
  const create = async (name: string) => {
    store().create(deployment(name));
    return rolledOut(agent.simulator, name);
  };
  const target = (name: string) => ({ kind: 'Deployment', name, uid: uidOf(name) });
  const generation = (name: string) => read(name)?.metadata['generation'];
  /** What a person or another controller does in between. */
  const edit = (name: string, change: (spec: Record<string, unknown>) => void) =>
    store().mutate('Deployment', 'shop', name, (draft) => change(draft['spec'] as Record<string, unknown>));
  const setImage = (name: string, image: string) =>
    store().mutate('Deployment', 'shop', name, (draft) => {
      const spec = draft['spec'] as { template: { spec: { containers: { image: string }[] } } };
      const [container] = spec.template.spec.containers;
      if (container !== undefined) container.image = image;
    });

  const twice: [string, (name: string) => Command][] = [
    ['restart_workload', (name) => order('restart_workload', target(name))],
    ['scale_workload', (name) => order('scale_workload', target(name), { parameters: { replicas: 3 } })],
    [
      'set_resources',
      (name) => order('set_resources', target(name), { parameters: { container: 'app', limits: { memory: '128Mi' } } }),
    ],
  ];
  it.each(twice)('%s twice is one change', async (action, command) => {
    const name = action.replaceAll('_', '-');
    await create(name);
    const before = Number(generation(name));
    const wanted = command(name);
    const first = await agent.carry(wanted);
    expect(first).toMatchObject({ status: 'done', output: { dry_run: false } });
    expect(generation(name)).toBe(before + 1);
    expect(await agent.ask(wanted)).toMatchObject({ status: 'accepted' });
    await eventually(async () =>
      expect((await lastResult(agent.nats))?.result).toMatchObject({ output: { already_done: true } }),
    );
    expect(generation(name)).toBe(before + 1);
    expect(read(name)?.metadata.annotations?.[COMMANDS_ANNOTATION]).toBe(wanted.id);
  });

  it('rolls back to the revision that works, and can take that back', async () => {
    await create('cart');
    setImage('cart', 'registry.local/app:broken');
    agent.simulator.cluster.missingImages.add('registry.local/app:broken');
    await eventually(() => expect(store().list('ReplicaSet', 'shop').filter(ofApp('cart'))).toHaveLength(2));
    const wanted = order('rollback_workload', target('cart'));
    const result = await agent.carry(wanted);
    expect(result).toMatchObject({
      status: 'done',
      output: {
        from_revision: 2,
        to_revision: 1,
        undo: { action: 'rollback_workload', parameters: { to_revision: 2 } },
      },
      changed: {
        before: { 'spec.template.spec.containers[app].image': 'registry.local/app:broken' },
        after: { 'spec.template.spec.containers[app].image': 'registry.local/app:1' },
      },
    });
    await rolledOut(agent.simulator, 'cart');
    const after = generation('cart');
    await agent.carry(wanted);
    expect(generation('cart')).toBe(after);
    expect(JSON.stringify(read('cart')?.['spec'])).not.toContain('pod-template-hash');
  });

  it('has no revision to go back to when none was ever healthy', async () => {
    agent.simulator.cluster.missingImages.add('registry.local/app:never');
    store().create(deployment('never', { image: 'registry.local/app:never' }));
    await eventually(() => expect(store().list('ReplicaSet', 'shop').filter(ofApp('never'))).toHaveLength(1));
    setImage('never', 'registry.local/app:never-2');
    agent.simulator.cluster.missingImages.add('registry.local/app:never-2');
    await eventually(() => expect(store().list('ReplicaSet', 'shop').filter(ofApp('never'))).toHaveLength(2));
    const result = await agent.carry(order('rollback_workload', target('never')));
    expect(result).toMatchObject({ status: 'refused', reason: 'no_healthy_revision' });
  });

  it('cordons and uncordons a node, once each', async () => {
    const uid = store().get('Node', undefined, 'n1')?.metadata.uid ?? '';
    const node = { kind: 'Node', name: 'n1', namespace: null, uid };
    const wanted = order('cordon_node', node);
    expect(await agent.carry(wanted)).toMatchObject({
      status: 'done',
      changed: { before: { 'spec.unschedulable': false } },
    });
    expect(store().get('Node', undefined, 'n1')).toMatchObject({ spec: { unschedulable: true } });
    expect(await agent.carry(wanted)).toMatchObject({ output: { already_done: true } });
    expect(await agent.carry(order('uncordon_node', node))).toMatchObject({ status: 'done' });
    expect(store().get('Node', undefined, 'n1')).toMatchObject({ spec: { unschedulable: false } });
  });

  it('deletes exactly the pod that was meant', async () => {
    await create('web');
    const pod = store().list('Pod', 'shop').find(ofApp('web'));
    const wanted = order('delete_pod', { kind: 'Pod', name: pod?.metadata.name ?? '', uid: pod?.metadata.uid ?? '' });
    expect(await agent.carry(wanted)).toMatchObject({
      status: 'done',
      changed: { before: { uid: pod?.metadata.uid } },
    });
    await eventually(() => expect(store().get('Pod', 'shop', pod?.metadata.name ?? '')).toBeUndefined());
    const another = store().list('Pod', 'shop').find(ofApp('web'));
    const stale = order('delete_pod', { kind: 'Pod', name: another?.metadata.name ?? '', uid: 'of-another-life' });
    expect(await agent.carry(stale)).toMatchObject({ status: 'done', output: { already_done: true } });
    expect(store().get('Pod', 'shop', another?.metadata.name ?? '')?.metadata['deletionTimestamp']).toBeUndefined();
  });

  it('tells what a change would be without making it', async () => {
    await create('dry');
    const parameters = { container: 'app', limits: { memory: '256Mi' } };
    const dry = await agent.carry(order('set_resources', target('dry'), { parameters, dry_run: true }));
    expect(dry).toMatchObject({
      status: 'done',
      changed: { before: { 'spec.template.spec.containers[app].resources.limits.memory': '64Mi' } },
      output: { undo: { parameters: { container: 'app', limits: { memory: '64Mi' } } } },
    });
    expect(read('dry')?.metadata.annotations?.[COMMANDS_ANNOTATION]).toBeUndefined();
    const real = await agent.carry(
      order('set_resources', target('dry'), { parameters, expected: dry.changed?.hash ?? null }),
    );
    expect(real).toMatchObject({ status: 'done', changed: { hash: dry.changed?.hash } });
  });

  it('refuses when somebody changed the field in between', async () => {
    await create('between');
    const parameters = { replicas: 4 };
    const dry = await agent.carry(order('scale_workload', target('between'), { parameters, dry_run: true }));
    edit('between', (spec) => {
      spec['replicas'] = 3;
    });
    const real = await agent.carry(
      order('scale_workload', target('between'), { parameters, expected: dry.changed?.hash ?? null }),
    );
    expect(real).toMatchObject({
      status: 'refused',
      reason: 'changed_since',
      changed: { before: { 'spec.replicas': 3 } },
    });
    expect(read('between')).toMatchObject({ spec: { replicas: 3 } });
  });

  it('does not mind status updates between its read and its write', async () => {
    await create('busy');
    const real = agent.client;
    let updates = 0;
    agent.state.client = {
      ...real,
      patch: (...request) => {
        updates += 1;
        if (updates <= 3) {
          store().mutate(
            'Deployment',
            'shop',
            'busy',
            (draft) => {
              (draft['status'] as Record<string, unknown>)['collisionCount'] = updates;
            },
            { subresource: 'status' },
          );
        }
        return real.patch(...request);
      },
    };
    const result = await agent.carry(order('scale_workload', target('busy'), { parameters: { replicas: 3 } }));
    agent.state.client = undefined;
    expect(result).toMatchObject({ status: 'done', changed: { after: { 'spec.replicas': 3 } } });
    expect(updates).toBe(4);
  });

  it('finds its own mark when the answer to a write is lost', async () => {
    await create('lost');
    const real = agent.client;
    agent.state.client = {
      ...real,
      patch: async (...request) => {
        await real.patch(...request);
        return createKubeClientThatIsAway().patch(...request);
      },
    };
    const before = Number(generation('lost'));
    const result = await agent.carry(order('scale_workload', target('lost'), { parameters: { replicas: 3 } }));
    agent.state.client = undefined;
    expect(result).toMatchObject({ status: 'done', output: { already_done: true } });
    expect(generation('lost')).toBe(before + 1);
  });

  it('tries again what the API server could not do just then', async () => {
    await create('again');
    const real = agent.client;
    let refusals = 0;
    const busy = async () => {
      refusals += 1;
      throw new KubeError({ code: refusals % 2 === 0 ? 429 : 503, reason: 'Busy', message: 'busy', path: '/' });
    };
    agent.state.client = {
      ...real,
      get: (...request) => (refusals < 2 ? busy() : real.get(...request)),
      patch: (...request) => (refusals < 3 ? busy() : real.patch(...request)),
    };
    const before = Number(generation('again'));
    const result = await agent.carry(order('scale_workload', target('again'), { parameters: { replicas: 3 } }));
    expect(result).toMatchObject({ status: 'done', changed: { after: { 'spec.replicas': 3 } } });
    expect([refusals, generation('again')]).toEqual([3, before + 1]);

    refusals = -1_000;
    const late = await agent.carry({ ...order('get', target('again')), expires_in: '1s' });
    agent.state.client = undefined;
    expect(late).toMatchObject({ status: 'failed', reason: 'busy: busy' });
  });

  it('observes that a workload becomes available, and that a broken one does not', async () => {
    await create('seen');
    const parameters = { condition: 'workload_available', held_for: '1s', window: '10s' };
    expect(await agent.carry(order('observe', target('seen'), { parameters }))).toMatchObject({
      status: 'done',
      output: { observed: 'met' },
    });
    setImage('seen', 'registry.local/app:gone');
    agent.simulator.cluster.missingImages.add('registry.local/app:gone');
    const short = { ...parameters, window: '3s' };
    expect(await agent.carry(order('observe', target('seen'), { parameters: short }))).toMatchObject({
      status: 'done',
      output: { observed: 'not_met' },
    });
  }, 20_000);

  it('does not know what it could not see', async () => {
    agent.state.client = createKubeClientThatIsAway();
    const parameters = { condition: 'workload_available', held_for: '1s', window: '2s' };
    const result = await agent.carry(order('observe', { kind: 'Deployment', name: 'seen' }, { parameters }));
    agent.state.client = undefined;
    expect(result).toMatchObject({ status: 'done', output: { observed: 'unknown' } });
  });

  it('reads objects, events and logs, and never a Secret', async () => {
    const got = await agent.carry(order('get', target('seen')));
    expect(got).toMatchObject({ status: 'done', output: { object: { metadata: { name: 'seen' } } } });
    const described = await agent.carry(order('describe', target('seen')));
    expect(described.output?.['events']).toEqual(
      expect.arrayContaining([expect.objectContaining({ reason: 'ScalingReplicaSet' })]),
    );
    const pod = store().list('Pod', 'shop').find(ofApp('web'));
    const logs = await agent.carry(order('logs', { kind: 'Pod', name: pod?.metadata.name ?? '' }));
    expect(Array.isArray(logs.output?.['lines'])).toBe(true);
    const secret = await agent.carry(order('get', { api_version: 'v1', kind: 'Secret', name: 'db' }));
    expect(secret).toMatchObject({ status: 'refused', reason: 'secrets_are_never_touched' });
  });

  it('changes nothing while the kill switch is on', async () => {
    const configure = (kill_switch: string) =>
      agent.carry(order('configure', { kind: 'Agent', name: 'eu-1' }, { parameters: { kill_switch } }));
    expect(await configure('on')).toMatchObject({ status: 'done' });
    const wanted = order('scale_workload', target('web'), { parameters: { replicas: 1 } });
    expect(await agent.carry(wanted)).toMatchObject({ status: 'refused', reason: 'kill_switch' });
    expect(await configure('off')).toMatchObject({ status: 'done' });
    expect(await agent.carry(wanted)).toMatchObject({ status: 'done' });
  });

  it('says what is wrong with a command that it cannot read', async () => {
    const subject = agentSubject('eu-1', 'command');
    const outcome = await agent.nats.ask(subject, { id: 'x', action: 'rm -rf' }, 2_000);
    expect(outcome).toMatchObject({ status: 'replied', reply: { command_id: 'x', status: 'refused' } });
  });

  it('answers what is under way with unknown when it leads no longer, and hears nothing more', async () => {
    const parameters = { condition: 'object_gone', held_for: '1s', window: '60s' };
    const wanted = order('observe', target('web'), { parameters });
    expect(await agent.ask(wanted)).toMatchObject({ status: 'accepted' });
    expect(await agent.ask(wanted)).toMatchObject({ status: 'accepted' });
    await agent.consumer.stop();
    await eventually(async () =>
      expect((await lastResult(agent.nats))?.result).toMatchObject({
        command_id: wanted.id,
        status: 'unknown',
        reason: 'leadership_lost',
      }),
    );
    expect(await agent.nats.ask(agentSubject('eu-1', 'command'), wanted, 500)).toEqual({ status: 'offline' });
  });

  const ofApp =
    (app: string) =>
    ({ metadata }: { metadata: { labels?: Record<string, string> } }): boolean =>
      metadata.labels?.['app'] === app;
});
