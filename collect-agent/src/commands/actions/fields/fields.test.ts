import type { JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube-object.ts';
import { planField } from '../plan-field.ts';
import { growClaim } from './capacity.ts';
import type { PlainFieldAction } from './index.ts';

const object = (spec: JsonObject): KubeObject =>
  ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', uid: 'u', resourceVersion: '1' }, spec }) as KubeObject;
const workload = (pod: JsonObject, rest: JsonObject = {}) => object({ ...rest, template: { spec: pod } });
const container = (more: JsonObject): JsonObject => ({ containers: [{ name: 'app', ...more }] });
const probed = container({ livenessProbe: { httpGet: { path: '/health', port: 80 }, periodSeconds: 5 } });
const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'x' } } };
const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
const ingress = object({
  rules: [{ http: { paths: [{ backend: { service: { name: 'old', port: { number: 80 } } } }] } }],
});

type Case = [PlainFieldAction, KubeObject, JsonObject, { before: JsonObject; undo: JsonObject }];
const changes: Case[] = [
  [
    'set_probe',
    workload(probed),
    { container: 'app', probe: 'liveness', port: 8080, timeout_seconds: 5 },
    {
      before: {
        'spec.template.spec.containers[app].livenessProbe.httpGet.port': 80,
        'spec.template.spec.containers[app].livenessProbe.timeoutSeconds': null,
      },
      undo: { container: 'app', probe: 'liveness', port: 80, timeout_seconds: 1 },
    },
  ],
  [
    'set_strategy',
    object({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }),
    { type: 'Recreate' },
    {
      before: {
        'spec.strategy.type': 'RollingUpdate',
        'spec.strategy.rollingUpdate': { maxSurge: 1, maxUnavailable: 0 },
      },
      undo: { type: 'RollingUpdate', max_surge: 1, max_unavailable: 0 },
    },
  ],
  ['resume_rollout', object({ paused: true }), {}, { before: { 'spec.paused': true }, undo: {} }],
  [
    'set_service_account',
    workload({ serviceAccountName: 'old', serviceAccount: 'old' }),
    { name: 'new' },
    {
      before: { 'spec.template.spec.serviceAccountName': 'old', 'spec.template.spec.serviceAccount': 'old' },
      undo: { name: 'old' },
    },
  ],
  [
    'set_config_reference',
    workload({
      volumes: [{ name: 'v', configMap: { name: 'confg' } }],
      ...container({ envFrom: [{ configMapRef: { name: 'confg' } }, { secretRef: { name: 'confg' } }] }),
    }),
    { from: 'confg', to: 'config' },
    {
      before: {
        'spec.template.spec.volumes[v].configMap.name': 'confg',
        'spec.template.spec.containers[app].envFrom[0].configMapRef.name': 'confg',
      },
      undo: { from: 'config', to: 'confg' },
    },
  ],
  [
    'relax_anti_affinity',
    workload(apart),
    { topology_key: 'zone' },
    { before: expect.any(Object) as unknown as JsonObject, undo: { topology_key: 'zone' } },
  ],
  [
    'set_quota',
    object({ hard: { 'requests.cpu': '2', pods: '10' } }),
    { hard: { 'requests.cpu': '3' } },
    { before: { 'spec.hard.requests.cpu': '2' }, undo: { hard: { 'requests.cpu': '2' } } },
  ],
  [
    'set_ingress_backend',
    ingress,
    { from: 'old', service: 'new', port: 8080 },
    {
      before: {
        'spec.rules[0].http.paths[0].backend.service.name': 'old',
        'spec.rules[0].http.paths[0].backend.service.port.number': 80,
      },
      undo: { from: 'new', service: 'old', port: 80 },
    },
  ],
];

const refusals: [PlainFieldAction, KubeObject, JsonObject, string][] = [
  ['set_probe', workload(probed), { container: 'web', probe: 'liveness', port: 1 }, 'no_such_container'],
  ['set_probe', workload(probed), { container: 'app', probe: 'startup', port: 1 }, 'no_such_probe'],
  [
    'set_probe',
    workload(container({ livenessProbe: { exec: {} } })),
    { container: 'app', probe: 'liveness', port: 1 },
    'probe_has_no_port',
  ],
  [
    'set_probe',
    workload(container({ livenessProbe: { tcpSocket: { port: 1 } } })),
    { container: 'app', probe: 'liveness', path: '/' },
    'probe_has_no_path',
  ],
  ['set_probe', workload(probed), { container: 'app', probe: 'liveness', port: 80 }, 'already_so'],
  ['set_probe', workload(probed), { container: 'app', probe: 'liveness' }, 'already_so'],
  ['resume_rollout', object({}), {}, 'already_so'],
  ['pause_rollout', object({ paused: true }), {}, 'already_so'],
  ['set_config_reference', workload(container({})), { from: 'a', to: 'b' }, 'not_referenced'],
  [
    'set_config_reference',
    workload(container({ envFrom: [{ configMapRef: { name: 'a' } }, { configMapRef: { name: 'b' } }] })),
    { from: 'a', to: 'b' },
    'already_referenced',
  ],
  [
    'untolerate_taint',
    workload({ tolerations: [{ operator: 'Exists' }] }),
    { key: 'k', effect: 'NoSchedule' },
    'not_tolerated',
  ],
  ['relax_anti_affinity', workload({}), { topology_key: 'zone' }, 'no_such_rule'],
  ['set_quota', object({ hard: { pods: '10' } }), { hard: { 'limits.cpu': '1' } }, 'not_counted'],
  ['set_quota', object({ hard: { pods: '10' } }), { hard: { pods: '21' } }, 'out_of_bounds'],
  ['set_autoscaler_bounds', object({ minReplicas: 2, maxReplicas: 4 }), { max_replicas: 9 }, 'out_of_bounds'],
  ['set_autoscaler_bounds', object({ minReplicas: 2, maxReplicas: 4 }), { max_replicas: 1 }, 'out_of_bounds'],
  ['set_autoscaler_bounds', object({ maxReplicas: 4 }), {}, 'nothing_to_set'],
  ['set_disruption_budget', object({ minAvailable: 2 }), { min_available: 0 }, 'budget_without_protection'],
  ['set_service_selector', object({}), { selector: { app: 'x' } }, 'service_without_selector'],
  ['set_service_selector', object({ selector: { app: 'x' } }), { selector: {} }, 'nothing_to_set'],
  ['set_service_port', object({ ports: [{ port: 80 }] }), { port: 81, target_port: 1 }, 'no_such_port'],
  [
    'set_service_port',
    object({ ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }),
    { port: 53, target_port: 1 },
    'several_ports',
  ],
  ['set_ingress_backend', ingress, { from: 'none', service: 'new', port: 1 }, 'not_referenced'],
];

describe('a change of a field', () => {
  it.each(changes)('%s names what was before and what puts it back', (action, target, parameters, { before, undo }) => {
    const plan = planField(action, target, parameters);
    expect(plan).toMatchObject({ before, undo: { parameters: undo } });
    expect(plan).not.toMatchObject({ problem: expect.anything() });
  });

  it.each(refusals)('%s of %j by %j is refused: %s', (action, target, parameters, problem) => {
    expect(planField(action, target, parameters)).toEqual({ problem });
  });

  it.each([
    ['set_probe', { container: 'app', probe: 'liveness', port: 0 }],
    ['set_probe', { container: 'app; rm -rf /', probe: 'liveness' }],
    ['set_probe', { container: 'app', probe: 'liveness', path: 'http://evil' }],
    ['set_service_selector', { selector: { app: 'x y' } }],
    ['set_config_reference', { from: '../a', to: 'b' }],
    ['tolerate_taint', { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
    ['set_disruption_budget', { min_available: 1, max_unavailable: 1 }],
    ['set_disruption_budget', {}],
    ['set_quota', { hard: {} }],
  ] as [PlainFieldAction, JsonObject][])('%s does not take %j', (action, parameters) => {
    expect(() => planField(action, object({}), parameters)).toThrow();
  });
});

describe('a claim', () => {
  const claim = (phase: string) => ({ spec: { resources: { requests: { storage: '10Gi' } } }, status: { phase } });
  const grows = { allowVolumeExpansion: true };

  it('grows, and says that it cannot be taken back', () => {
    expect(growClaim(claim('Bound'), { storage: '15Gi' }, grows)).toMatchObject({ next: '15Gi', undo: null });
  });

  it.each([
    ['Pending', '15Gi', grows, 'claim_not_bound'],
    ['Bound', '15Gi', {}, 'class_does_not_expand'],
    ['Bound', '15Gi', undefined, 'class_does_not_expand'],
    ['Bound', '10Gi', grows, 'volumes_only_grow'],
    ['Bound', '21Gi', grows, 'out_of_bounds'],
  ])('%s to %s with class %j: %s', (phase, storage, storageClass, problem) => {
    expect(growClaim(claim(phase), { storage }, storageClass)).toEqual({ problem });
  });
});
