import type { Bundle } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { asked, builtIncidents } from '../../test/built-incidents.ts';
import { type Body, type Built, node, object, subject } from '../../test/built-objects.ts';
import { loadRemedies } from './load-remedies.ts';
import { recommend } from './recommend.ts';

const catalogue = loadRemedies(new URL('../../recommendations/', import.meta.url));
const offered = (built: Built): string[] =>
  recommend({ ...asked(built), outcomes: new Map(), catalogue }).recommendations.map(({ name }) => name ?? '');

const builtFor = (remedy: string): Built => {
  const found = builtIncidents.find((one) => one.remedy === remedy);
  if (found === undefined) throw new Error(`nothing is built for ${remedy}`);
  return found;
};

type Twist = (built: Built) => Partial<Built>;

const fields =
  (of: (fields: Bundle['changes'][number]['fields']) => Bundle['changes'][number]['fields']): Twist =>
  ({ changes = [] }) => ({ changes: changes.map((one) => ({ ...one, fields: of(one.fields) })) });
/** The rollout changed something else in the place of what counts. */
const another = (path: string, before: string | null = 'a', after: string | null = 'b'): Twist =>
  fields(() => [{ path: `spec.template.spec.${path}`, before, after }]);
const withImage = fields((all) => [
  ...all,
  { path: 'spec.template.spec.containers[app].image', before: 'cart:1', after: 'cart:2' },
]);
const longAgo: Twist = ({ changes = [] }) => ({
  changes: changes.map((one) => ({ ...one, at: '2026-01-01T00:00:00.000Z' })),
});
/** The same bundle where every text of one kind of object says another thing. */
const said =
  (kind: string, from: string, to: string): Twist =>
  ({ objects }) => ({
    objects: objects.map((one) =>
      one.kind === kind ? { ...one, body: JSON.parse(JSON.stringify(one.body).replaceAll(from, to)) } : one,
    ),
  });
const without =
  (kind: string): Twist =>
  ({ objects }) => ({ objects: objects.filter((one) => one.kind !== kind) });
const withObject =
  (...added: Bundle['objects']): Twist =>
  ({ objects }) => ({ objects: [...objects, ...added] });
const whole =
  (...complete: string[]): Twist =>
  () => ({ complete });
const quoting =
  (quote: string): Twist =>
  () => ({ quote });
const status = (from: Body, to: Body): Twist =>
  said('Deployment', JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1));

const withoutNode: Twist = ({ objects }) => ({ objects: objects.filter(({ name }) => name !== 'n2') });
/** The node beside is there, and no pod may be placed on it. */
const closedBeside =
  (beside: Bundle['objects'][number]): Twist =>
  ({ objects }) => ({ objects: [...objects.filter(({ name }) => name !== 'n2'), beside] });

const withheld: readonly [remedy: string, why: string, twist: Twist][] = [
  ['cordon_full_node', 'no other node is known', withoutNode],
  ['cordon_full_node', 'the other node is not ready', closedBeside(node('n2', { ready: 'False' }))],
  ['cordon_full_node', 'the other node is closed', closedBeside(node('n2', { spec: { unschedulable: true } }))],
  [
    'cordon_full_node',
    'the other node keeps pods off',
    closedBeside(node('n2', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } })),
  ],
  ['drain_for_repair', 'no other node is known', withoutNode],
  [
    'roll_back_regression',
    'the revision before fails as well',
    said('Pod', '"Ready","status":"True"', '"Ready","status":"False"'),
  ],
  ['roll_back_regression', 'the rollout was long ago', longAgo],
  [
    'roll_back_reference',
    'the rollout brought another name',
    another('volumes[keys].secret.secretName', null, 'other'),
  ],
  ['roll_back_reference', 'the name only happens to be a value', another('containers[app].env[X]', null, 'cart-keys')],
  ['roll_back_security_fields', 'the rollout changed nothing that a policy is about', another('containers[app].image')],
  [
    'roll_back_security_fields',
    'a LimitRange refused',
    quoting('Error creating: pods "c" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi'),
  ],
  [
    'roll_back_requests',
    'the rollout lowered them',
    another('containers[app].resources.requests.memory', '64Gi', '1Gi'),
  ],
  ['roll_back_placement', 'the rollout changed no place', another('containers[app].image')],
  ['restore_probe', 'the rollout brought another program', withImage],
  ['restore_probe', 'somebody has changed the probe since', said('Deployment', '/helathz', '/live')],
  ['restore_probe', 'another probe was changed', another('containers[app].readinessProbe.httpGet.path')],
  [
    'restore_probe',
    'the probe asks in another way now',
    another('containers[app].livenessProbe.httpGet.path', null, '/helathz'),
  ],
  ['restore_cpu_limit', 'the rollout raised it', another('containers[app].resources.limits.cpu', '100m', '500m')],
  ['restore_cpu_limit', 'there was none before', another('containers[app].resources.limits.cpu', null, '500m')],
  ['restore_requests', 'something else is short', quoting('0/2 nodes are available: 2 Insufficient cpu.')],
  ['roll_back_requests', 'something else is short', quoting('0/2 nodes are available: 2 Insufficient cpu.')],
  [
    'restore_requests',
    'the quota has too little of something else',
    quoting(
      'Error creating: pods "c" is forbidden: exceeded quota: q, requested: requests.cpu=1, used: requests.cpu=4',
    ),
  ],
  ['restore_requests', 'they were changed since', said('Deployment', '8Gi', '9Gi')],
  ['restore_service_account', 'the rollout brought another program', withImage],
  ['restore_service_account', 'that account is not there any more', whole('ServiceAccount/shop')],
  ['restore_config_reference', 'the rollout brought another program', withImage],
  ['restore_config_reference', 'that ConfigMap is not there any more', whole('ConfigMap/shop')],
  ['restore_pull_secrets', 'that Secret is not there any more', whole('Secret/shop')],
  ['restore_pull_secrets', 'it is named again', said('Deployment', 'mirror', 'registry')],
  ['restore_node_selector', 'no node has those labels', said('Node', 'ssd', 'hdd')],
  ['roll_without_surge', 'a pod that should run does not', status({ availableReplicas: 3 }, { availableReplicas: 2 })],
  ['roll_without_surge', 'nothing is being rolled out', status({ updatedReplicas: 1 }, { updatedReplicas: 3 })],
  ['roll_without_surge', 'it would leave no pod', status({ replicas: 3 }, { replicas: 1 })],
  [
    'roll_without_surge',
    'the new pods ask for more',
    ({ subject: { kind, namespace, name } }) => ({
      changes: [
        {
          ...{ id: 'c', kind, namespace, name, at: '2026-01-02T03:00:00.000Z', change: 'rollout' },
          ...{ from_revision: '1', to_revision: '2' },
          fields: [{ path: 'spec.template.spec.containers[app].resources.requests.cpu', before: '1', after: '8' }],
        },
      ],
    }),
  ],
  ['run_as_many_as_fit', 'a node has room', withObject(node('n4'))],
  ['run_as_many_as_fit', 'one pod alone would be left', status({ readyReplicas: 3 }, { readyReplicas: 1 })],
  ['run_as_many_as_fit', 'a rollout is under way', status({ updatedReplicas: 5 }, { updatedReplicas: 4 })],
  [
    'run_as_many_as_fit',
    'an autoscaler decides',
    withObject(
      object('HorizontalPodAutoscaler', 'cart', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' } } }),
    ),
  ],
  ['run_on_matching_processor', 'the nodes are alike', said('Node', 'arm64', 'amd64')],
  ['run_on_matching_processor', 'nothing is known of one of the nodes', said('Pod', '"n2"', '"n9"')],
  ['run_on_matching_processor', 'nothing tells the processor', without('Node')],
  ['run_on_matching_processor', 'it is about something else', quoting('exec /app/server: permission denied')],
  ['follow_volume', 'the volume is where it asks to be', said('PersistentVolume', '"a"', '"b"')],
  ['follow_volume', 'no node is there', said('Node', '"a"', '"c"')],
  ['fix_pull_secret_name', 'the kubelet has found it', () => ({ events: [] })],
  [
    'fix_pull_secret_name',
    'the neighbour pulls from elsewhere',
    said('Deployment', 'registry.example.com/shop/web', 'mirror.example.com/web'),
  ],
  ['start_stopped_webhook', 'it was not stopped', status({ replicas: 0 }, { replicas: 2 })],
  ['fix_webhook_selector', 'nothing names the Service', quoting('failed calling webhook "cart.example.com"')],
  ['fix_webhook_port', 'it leads where its pods serve', said('Service', '9443', '8080')],
  ['fix_dependency_selector', 'pods are selected', said('Service', 'postgres-db', 'db')],
  ['raise_minimum_under_budget', 'there is no autoscaler', without('HorizontalPodAutoscaler')],
  [
    'raise_minimum_under_budget',
    'it may never run two',
    said('HorizontalPodAutoscaler', '"maxReplicas":5', '"maxReplicas":1'),
  ],
  [
    'wait_for_startup_answer',
    'the probe was answered',
    quoting('Startup probe failed: HTTP probe failed with statuscode: 503'),
  ],
];

describe('a remedy that is offered', () => {
  it.each(withheld)('%s is withheld where %s', (remedy, _, twist) => {
    const built = builtFor(remedy);
    expect(offered(built)).toContain(remedy);
    expect(offered({ ...built, ...twist(built) })).not.toContain(remedy);
  });

  it('is no rollback where no action restores a revision, but what takes the field back', () => {
    const built = builtFor('restore_node_selector');
    const own = subject('StatefulSet', 'cart');
    const stateful: Built = {
      ...built,
      subject: own,
      objects: built.objects.map((one) => (one.kind === 'Deployment' ? { ...one, kind: 'StatefulSet' } : one)),
      changes: (built.changes ?? []).map((one) => ({ ...one, kind: 'StatefulSet' })),
    };
    expect(offered(built)).toContain('roll_back_placement');
    expect(offered(stateful)).toEqual(['restore_node_selector']);
  });
});
