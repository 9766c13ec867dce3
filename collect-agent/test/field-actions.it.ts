import {
  COMMANDS_ANNOTATION,
  type Command,
  JsonObject,
  type WriteAction,
  writeActions,
} from '@aetherius/shared/contracts';
import { eventually, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listPath } from '../src/commands/kinds.ts';
import { deployment, type Fixture, order, rolledOut, startFixture } from './agent-fixture.ts';
import { others, web } from './field-objects.ts';

type Change = [WriteAction, kind: string, parameters: JsonObject];
const changes: Change[] = [
  ['set_probe', 'Deployment', { container: 'app', probe: 'startup', failure_threshold: 60, port: 80 }],
  ['set_strategy', 'Deployment', { type: 'Recreate' }],
  ['pause_rollout', 'Deployment', {}],
  ['set_service_account', 'Deployment', { name: 'runner' }],
  ['set_pull_secrets', 'Deployment', { names: ['registry'] }],
  ['set_config_reference', 'Deployment', { from: 'web-config', to: 'web-settings' }],
  ['set_node_selector', 'Deployment', { labels: { disk: 'ssd' } }],
  ['tolerate_taint', 'Deployment', { key: 'pool', value: 'gpu', effect: 'NoSchedule' }],
  ['untolerate_taint', 'Deployment', { key: 'pool', value: 'web', effect: 'NoSchedule' }],
  ['relax_anti_affinity', 'Deployment', { topology_key: 'kubernetes.io/hostname' }],
  ['set_quota', 'ResourceQuota', { hard: { services: '15' } }],
  ['set_autoscaler_bounds', 'HorizontalPodAutoscaler', { max_replicas: 6 }],
  ['set_disruption_budget', 'PodDisruptionBudget', { max_unavailable: 1 }],
  ['set_starting_deadline', 'CronJob', { seconds: 600 }],
  ['set_job_deadline', 'CronJob', { seconds: 120 }],
  ['set_service_selector', 'Service', { selector: { app: 'web' } }],
  ['set_service_port', 'Service', { port: 80, target_port: 8080 }],
  ['set_ingress_backend', 'Ingress', { from: 'wbe', service: 'web', port: 80 }],
  ['set_ingress_class', 'Ingress', { class: 'nginx' }],
];
/** Those that only take another one back, and those that have tests of their own below. */
const elsewhere = ['resume_rollout', 'require_anti_affinity', 'resize_claim', 'evict_pod'];

const apiVersions: Record<string, string> = { Deployment: 'apps/v1', Pod: 'v1' };
const names: Record<string, string> = { ResourceQuota: 'team', CronJob: 'report', PersistentVolumeClaim: 'data' };
const nameOf = (kind: string) => names[kind] ?? 'web';

needs('nats')('changes of fields on a cluster', () => {
  let agent: Fixture;
  const store = () => agent.simulator.store;
  const read = (kind: string, name = nameOf(kind)) => store().get(kind, 'shop', name);
  const specOf = (kind: string) => structuredClone(read(kind)?.spec);
  const command = (action: WriteAction, kind: string, rest: Partial<Command>) => {
    const name = nameOf(kind);
    const target = { kind, name, uid: read(kind)?.metadata.uid ?? '', api_version: apiVersions[kind] ?? 'v1' };
    return order(action, target, rest);
  };
  beforeAll(async () => {
    agent = await startFixture();
    // By way of the API, so that each object has what the API server fills in.
    for (const object of [web('web'), ...others])
      await agent.client.post(listPath(object.kind, 'shop'), JsonObject.parse(object));
  }, 30_000);
  afterAll(() => agent.stop(), 30_000);

  it('has one for each action that people are always asked about', () => {
    const asked = Object.entries(writeActions).filter(([, { asks }]) => asks === 'always');
    expect(asked.map(([action]) => action).sort()).toEqual([...changes.map(([action]) => action), ...elsewhere].sort());
  });

  describe.each(changes)('%s', (action, kind, parameters) => {
    it('is tried dry, made once, and taken back to exactly what was there', async () => {
      const before = specOf(kind);
      const dry = await agent.carry(command(action, kind, { parameters, dry_run: true }));
      expect(dry).toMatchObject({ status: 'done', output: { dry_run: true } });
      expect(specOf(kind)).toEqual(before);

      const wanted = command(action, kind, { parameters, expected: dry.changed?.hash ?? null });
      const real = await agent.carry(wanted);
      expect(real).toMatchObject({ status: 'done', changed: { hash: dry.changed?.hash } });
      expect(specOf(kind)).not.toEqual(before);
      expect(read(kind)?.metadata.annotations?.[COMMANDS_ANNOTATION]).toContain(wanted.id);
      expect(await agent.carry(wanted)).toMatchObject({ output: { already_done: true } });

      const undo = real.output?.['undo'] as { action: WriteAction; parameters: JsonObject };
      expect(await agent.carry(command(undo.action, kind, { parameters: undo.parameters }))).toMatchObject({
        status: 'done',
      });
      expect(specOf(kind)).toEqual(before);
    }, 30_000);

    it('is refused where somebody changed the field meanwhile, and on what has opted out', async () => {
      const stale = await agent.carry(command(action, kind, { parameters, expected: 'of-another-time' }));
      expect(stale).toMatchObject({ status: 'refused', reason: 'changed_since' });
      store().mutate(kind, 'shop', nameOf(kind), (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, 'aetherius.io/opt-out': 'true' };
      });
      const left = await agent.carry(command(action, kind, { parameters }));
      store().mutate(kind, 'shop', nameOf(kind), (draft) => {
        delete draft.metadata.annotations?.['aetherius.io/opt-out'];
      });
      expect(left).toMatchObject({ status: 'refused', reason: expect.stringMatching(/^opted_out: /) });
    }, 30_000);
  });

  it('refuses another kind, a protected namespace and a parameter that nobody knows', async () => {
    const [kind, place, parameter] = [
      command('set_probe', 'Service', { parameters: { container: 'app', probe: 'startup', port: 1 } }),
      {
        ...command('pause_rollout', 'Deployment', {}),
        target: { ...command('pause_rollout', 'Deployment', {}).target, namespace: 'kube-system' },
      },
      command('set_ingress_class', 'Ingress', { parameters: { class: 'x', all: true } }),
    ];
    expect(await agent.carry(kind)).toMatchObject({ reason: 'kind_not_allowed' });
    expect(await agent.carry(place)).toMatchObject({ reason: 'protected_namespace' });
    expect(await agent.carry(parameter)).toMatchObject({ reason: expect.stringContaining('invalid_parameters') });
  });

  it('grows a claim once and says that this is for good', async () => {
    await eventually(() => expect(read('PersistentVolumeClaim')?.status).toMatchObject({ phase: 'Bound' }));
    const wanted = command('resize_claim', 'PersistentVolumeClaim', { parameters: { storage: '3Gi' } });
    expect(await agent.carry(wanted)).toMatchObject({ status: 'done', output: { undo: null } });
    expect(read('PersistentVolumeClaim')?.spec).toMatchObject({ resources: { requests: { storage: '3Gi' } } });
    const less = command('resize_claim', 'PersistentVolumeClaim', { parameters: { storage: '2Gi' } });
    expect(await agent.carry(less)).toMatchObject({ status: 'refused', reason: 'volumes_only_grow' });
  }, 20_000);

  it('evicts a pod only as far as its budget allows', async () => {
    store().create(deployment('kept'));
    await rolledOut(agent.simulator, 'kept');
    const pod = store()
      .list('Pod', 'shop')
      .find(({ metadata }) => metadata.labels?.['app'] === 'kept');
    const name = pod?.metadata.name ?? '';
    const target = { kind: 'Pod', name, uid: pod?.metadata.uid ?? '' };
    expect(await agent.carry(order('evict_pod', target))).toMatchObject({
      status: 'refused',
      reason: 'disruption_budget',
    });
    const looser = command('set_disruption_budget', 'PodDisruptionBudget', { parameters: { max_unavailable: 1 } });
    expect(await agent.carry(looser)).toMatchObject({ status: 'done' });
    const parameters = { condition: 'budget_allows_disruption', held_for: '1s', window: '10s' };
    expect(await agent.carry(command('observe' as WriteAction, 'PodDisruptionBudget', { parameters }))).toMatchObject({
      output: { observed: 'met' },
    });
    expect(await agent.carry(order('evict_pod', target, { dry_run: true }))).toMatchObject({ status: 'done' });
    expect(read('Pod', name)?.metadata['deletionTimestamp']).toBeUndefined();
    expect(await agent.carry(order('evict_pod', target))).toMatchObject({ status: 'done', output: { undo: null } });
    await eventually(() => expect(read('Pod', name)).toBeUndefined());
  }, 40_000);

  it('sees that an Ingress sends to what is there', async () => {
    const parameters = { condition: 'ingress_backends_exist', held_for: '1s', window: '3s' };
    const look = () => agent.carry(command('observe' as WriteAction, 'Ingress', { parameters }));
    expect(await look()).toMatchObject({ output: { observed: 'not_met' } });
    const wanted = { from: 'wbe', service: 'web', port: 80 };
    await agent.carry(command('set_ingress_backend', 'Ingress', { parameters: wanted }));
    expect(await look()).toMatchObject({ output: { observed: 'met' } });
  }, 20_000);
});
