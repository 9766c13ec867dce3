import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { ofChanges } from './built-change-incidents.ts';
import { ofCluster } from './built-cluster-incidents.ts';
import {
  type Body,
  type Built,
  cart,
  claim,
  deployment,
  http,
  node,
  object,
  onCart,
  ownedBy,
  podOf,
  ports,
  series,
  subject,
  volumes,
} from './built-objects.ts';
import { ofOperation } from './built-operation-incidents.ts';

const probe = (remedy: string, category: string, container: Body, parameters: Body, quote = ''): Built =>
  onCart({
    remedy,
    category,
    quote,
    objects: [deployment(container)],
    parameters: { container: 'app', ...parameters },
  });
const timedOut = (kind: string) => `${kind} probe failed: Get "http://10.1.2.3:8080/": context deadline exceeded`;

/** At least one incident for each remedy that none of the recorded ones leads to. */
export const builtIncidents: readonly Built[] = [
  probe(
    'correct_readiness_probe',
    'probe_readiness_failed',
    { ports, readinessProbe: http(80) },
    { probe: 'readiness', port: 8080 },
  ),
  probe(
    'correct_liveness_probe',
    'probe_liveness_misconfigured',
    { ports, livenessProbe: http(8000) },
    { probe: 'liveness', port: 8080 },
  ),
  probe(
    'correct_startup_probe',
    'probe_startup_failed',
    { ports, startupProbe: http(9000) },
    { probe: 'startup', port: 8080 },
  ),
  probe(
    'wait_for_liveness_answer',
    'probe_liveness_misconfigured',
    { ports, livenessProbe: http(8080) },
    { probe: 'liveness', timeout_seconds: 5 },
    timedOut('Liveness'),
  ),
  probe(
    'wait_for_readiness_answer',
    'probe_readiness_failed',
    { ports, readinessProbe: { ...http('http'), periodSeconds: 3 } },
    { probe: 'readiness', timeout_seconds: 3 },
    timedOut('Readiness'),
  ),
  probe(
    'lengthen_startup_probe',
    'probe_startup_failed',
    { ports, startupProbe: { ...http('http'), failureThreshold: 30 } },
    { probe: 'startup', failure_threshold: 60 },
  ),
  probe(
    'wait_for_startup_answer',
    'probe_startup_failed',
    { ports, startupProbe: { ...http('http'), timeoutSeconds: 2 } },
    { probe: 'startup', timeout_seconds: 10 },
    timedOut('Startup'),
  ),
  onCart({
    remedy: 'use_recreate_strategy',
    category: 'volume_multi_attach',
    objects: [deployment({}, { volumes })],
    parameters: { type: 'Recreate' },
  }),
  onCart({
    remedy: 'resume_or_undo_rollout',
    category: 'rollout_stuck',
    objects: [deployment({}, {}, { paused: true })],
    parameters: {},
  }),
  onCart({
    remedy: 'increase_volume_size',
    category: 'disk_full',
    objects: [
      deployment({}, { volumes }),
      claim('10Gi'),
      object('StorageClass', 'fast', { allowVolumeExpansion: true }, null),
    ],
    target: subject('PersistentVolumeClaim', 'data'),
    parameters: { storage: '15Gi' },
  }),
  onCart({
    remedy: 'state_limits_for_quota',
    category: 'quota_requires_limits',
    objects: [
      deployment({ resources: { requests: { cpu: '100m', memory: '64Mi' } } }),
      object('ResourceQuota', 'team', { spec: { hard: { 'limits.memory': '1Gi' } } }),
    ],
    parameters: { container: 'app', requests: {}, limits: { memory: '128Mi' } },
  }),
  onCart({
    remedy: 'fit_limit_range',
    category: 'admission_podsecurity_rejected',
    quote: 'Error creating: pods "cart-1" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
    objects: [
      deployment({ resources: { requests: { cpu: '10m' }, limits: { memory: '2Gi' } } }),
      object('LimitRange', 'bounds', {
        spec: { limits: [{ type: 'Container', max: { memory: '1Gi' }, min: { cpu: '50m' } }] },
      }),
    ],
    parameters: { container: 'app', requests: { cpu: '50m' }, limits: { memory: '1024Mi' } },
  }),
  onCart({
    remedy: 'lower_requests',
    category: 'unschedulable_insufficient_resource',
    objects: [deployment({}), podOf({ resources: { requests: { cpu: '2' } } })],
    metrics: [series('container_cpu_usage_cores', 0.25)],
    parameters: { container: 'app', requests: { cpu: '250m' } },
  }),
  onCart({
    remedy: 'add_memory_request',
    category: 'oom_killed',
    objects: [deployment({}), podOf({})],
    metrics: [series('container_memory_working_set_bytes', 64 * 2 ** 20)],
    parameters: { container: 'app', requests: { memory: '64Mi' } },
  }),
  {
    remedy: 'add_cpu_request',
    category: 'hpa_missing_requests',
    subject: subject('HorizontalPodAutoscaler', 'cart'),
    objects: [
      object('HorizontalPodAutoscaler', 'cart', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' } } }),
      deployment({}),
      podOf({}, { metadata: ownedBy('HorizontalPodAutoscaler', 'cart') }),
    ],
    metrics: [series('container_cpu_usage_cores', 0.1)],
    target: cart,
    parameters: { container: 'app', requests: { cpu: '100m' } },
  },
  {
    remedy: 'balance_node_memory',
    category: 'node_memory_pressure',
    subject: subject('Node', 'n1', null),
    objects: [node('n1'), deployment({}), podOf({ resources: { requests: { memory: '32Mi' } } })],
    metrics: [series('container_memory_working_set_bytes', 512 * 2 ** 20)],
    target: cart,
    parameters: { container: 'app', requests: { memory: '512Mi' }, limits: {} },
  },
  {
    remedy: 'drain_for_repair',
    category: 'node_memory_pressure',
    subject: subject('Node', 'n1', null),
    objects: [node('n1'), node('n2'), podOf({}, { metadata: ownedBy('ReplicaSet', 'cart-5d9c') })],
    target: subject('Pod', 'cart-1'),
    parameters: {},
  },
  {
    remedy: 'cordon_full_node',
    category: 'node_overcommit',
    subject: subject('Node', 'n1', null),
    objects: [node('n1'), node('n2')],
    target: subject('Node', 'n1', null),
    parameters: {},
  },
  ...ofCluster,
  ...ofChanges,
  ...ofOperation,
];

/** A bundle in which most of what people are shown can be found, diagnosed as one category by what it quotes. */
export const shownTo = (category: string, quote = ''): Built =>
  onCart({
    remedy: '',
    category,
    quote,
    objects: [
      deployment({}, { imagePullSecrets: [{ name: 'registry' }] }),
      podOf({}),
      object('Deployment', 'coredns', {}, 'kube-system'),
    ],
    parameters: {},
  });

/** The same of a pod that nothing makes anew. */
export const shownToBarePod = (category: string): Built => ({
  ...shownTo(category),
  subject: subject('Pod', 'cart-1'),
  objects: [podOf({}, { metadata: { ownerReferences: [] } })],
});

/** What the rules would have said of it, and what there was to see. */
export function asked({
  category,
  subject: about,
  cause = about,
  quote,
  objects,
  changes = [],
  metrics = [],
  events = [],
  complete = [],
}: Built) {
  const evidence = quote === undefined || quote === '' ? [] : [{ id: 'e', quote }];
  const diagnosis = aDiagnosis({
    category,
    subject: about,
    root_cause: { subject: cause, description: 'x' },
    confidence: 1,
    evidence,
    recommendations: [],
  });
  const bundle = aBundle({
    subject: about,
    at: '2026-01-02T03:10:00.000Z',
    objects,
    events,
    logs: [],
    alerts: [],
    changes,
    metrics,
    complete,
  });
  return { diagnosis, bundle };
}
