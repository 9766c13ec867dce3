import {
  type Built,
  budget,
  cart,
  change,
  claim,
  deployment,
  healthy,
  node,
  object,
  onCart,
  ownedBy,
  podOf,
  ports,
  service,
  subject,
  volumes,
} from './built-objects.ts';

/** Those about nodes, volumes, budgets and what a workload refers to. */
export const ofCluster: readonly Built[] = [
  onCart({
    remedy: 'uncordon_ready_node',
    category: 'unschedulable_insufficient_resource',
    quote: '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.',
    objects: [deployment({}), node('n1', { spec: { unschedulable: true } })],
    target: subject('Node', 'n1', null),
    parameters: {},
  }),
  onCart({
    remedy: 'open_cordoned_nodes',
    category: 'unschedulable_taint',
    quote: '0/1 nodes are available: 1 node(s) were unschedulable.',
    objects: [deployment({}), node('n1', { spec: { unschedulable: true } })],
    target: subject('Node', 'n1', null),
    parameters: {},
  }),
  onCart({
    remedy: 'place_near_volume',
    category: 'unschedulable_volume_affinity',
    objects: [
      deployment({}, { volumes }),
      claim('1Gi'),
      object(
        'PersistentVolume',
        'pv-1',
        {
          spec: {
            nodeAffinity: {
              required: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] }] },
                ],
              },
            },
          },
        },
        null,
      ),
      node('n1', { spec: { unschedulable: true }, metadata: { labels: { 'kubernetes.io/hostname': 'n1' } } }),
      node('n2', { metadata: { labels: { 'kubernetes.io/hostname': 'n2' } } }),
    ],
    target: subject('Node', 'n1', null),
    parameters: {},
  }),
  onCart({
    remedy: 'fix_node_selector',
    category: 'unschedulable_node_selector',
    objects: [
      deployment({}, { nodeSelector: { disk: 'fast-sdd', pool: 'web' } }),
      node('n1', { metadata: { labels: { disk: 'fast-ssd', pool: 'web' } } }),
      node('n2', { metadata: { labels: { disk: 'spinning', pool: 'web' } } }),
    ],
    parameters: { labels: { disk: 'fast-ssd', pool: 'web' } },
  }),
  onCart({
    remedy: 'tolerate_taint',
    category: 'unschedulable_taint',
    objects: [
      deployment({}, { nodeSelector: { pool: 'gpu' } }),
      node('n1', {
        metadata: { labels: { pool: 'gpu' } },
        spec: { taints: [{ key: 'pool', value: 'gpu', effect: 'NoSchedule' }] },
      }),
    ],
    parameters: { key: 'pool', value: 'gpu', effect: 'NoSchedule' },
  }),
  {
    remedy: 'loosen_disruption_budget',
    category: 'pdb_blocks_eviction',
    subject: subject('PodDisruptionBudget', 'cart'),
    objects: [budget({ minAvailable: 3 }, { disruptionsAllowed: 0, currentHealthy: 3, expectedPods: 3 })],
    target: subject('PodDisruptionBudget', 'cart'),
    parameters: { min_available: 2 },
  },
  {
    remedy: 'add_replica_under_budget',
    category: 'pdb_blocks_eviction',
    subject: subject('PodDisruptionBudget', 'cart'),
    objects: [
      budget({ minAvailable: 1 }, { disruptionsAllowed: 0, currentHealthy: 1, expectedPods: 1 }),
      deployment({}),
    ],
    target: cart,
    parameters: { replicas: 2 },
  },
  ...(['raise_autoscaler_bound', 'correct_autoscaler'] as const).map((remedy): Built => {
    const scaler = subject('HorizontalPodAutoscaler', 'cart');
    return {
      remedy,
      category: remedy === 'correct_autoscaler' ? 'autoscaler_misconfiguration' : 'latency_high',
      subject: remedy === 'correct_autoscaler' ? scaler : cart,
      objects: [
        deployment({}),
        object('HorizontalPodAutoscaler', 'cart', {
          spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' }, maxReplicas: 5 },
          status: { desiredReplicas: 5 },
        }),
      ],
      target: scaler,
      parameters: { max_replicas: 8 },
    };
  }),
  onCart({
    remedy: 'configure_image_pull_secret',
    category: 'image_pull_unauthorized',
    objects: [
      deployment({ image: 'registry.example.com/shop/cart:2' }),
      healthy('web', {
        imagePullSecrets: [{ name: 'registry' }],
        containers: [{ name: 'web', image: 'registry.example.com/shop/web:1' }],
      }),
    ],
    parameters: { names: ['registry'] },
  }),
  onCart({
    remedy: 'create_missing_configmap',
    category: 'missing_configmap',
    cause: subject('ConfigMap', 'cart-confg'),
    objects: [
      deployment({ envFrom: [{ configMapRef: { name: 'cart-confg' } }] }),
      object('ConfigMap', 'cart-config', {}),
      object('ConfigMap', 'kube-root-ca.crt', {}),
    ],
    parameters: { from: 'cart-confg', to: 'cart-config' },
  }),
  onCart({
    remedy: 'create_missing_service_account',
    category: 'missing_service_account',
    cause: subject('ServiceAccount', 'cart-runer'),
    objects: [
      deployment({}, { serviceAccountName: 'cart-runer' }),
      object('ServiceAccount', 'cart-runner', {}),
      object('ServiceAccount', 'default', {}),
    ],
    parameters: { name: 'cart-runner' },
  }),
  onCart({
    remedy: 'use_right_service_account',
    category: 'rbac_forbidden',
    objects: [deployment({}), object('ServiceAccount', 'cart', {})],
    parameters: { name: 'cart' },
  }),
  {
    remedy: 'raise_job_deadline',
    category: 'job_deadline_exceeded',
    subject: subject('Job', 'report-1'),
    objects: [
      object('Job', 'report-1', { metadata: ownedBy('CronJob', 'report'), spec: { activeDeadlineSeconds: 600 } }),
    ],
    target: subject('CronJob', 'report'),
    parameters: { seconds: 1200 },
  },
  {
    remedy: 'fix_service_port',
    category: 'service_no_endpoints',
    subject: subject('Service', 'cart'),
    objects: [service('cart', { ports: [{ port: 80, targetPort: 'web' }] }), deployment({ ports })],
    target: subject('Service', 'cart'),
    parameters: { port: 80, target_port: 8080 },
  },
  onCart({
    remedy: 'fix_dependency_port',
    category: 'dependency_unreachable',
    cause: subject('Service', 'db'),
    objects: [
      deployment({}),
      object('Service', 'db', { spec: { selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 5433 }] } }),
      healthy('db', { containers: [{ name: 'db', ports: [{ containerPort: 5432 }] }] }),
    ],
    target: subject('Service', 'db'),
    parameters: { port: 5432, target_port: 5432 },
  }),
  onCart({
    remedy: 'start_stopped_dependency',
    category: 'dependency_unreachable',
    cause: subject('Service', 'cart'),
    objects: [service('cart', {}), deployment({}, {}, { replicas: 0 })],
    parameters: { replicas: 1 },
  }),
  onCart({
    remedy: 'release_volume',
    category: 'volume_multi_attach',
    objects: [podOf({}, { metadata: { deletionTimestamp: '2026-01-02T03:00:00Z' } }), node('n1', { ready: 'Unknown' })],
    target: subject('Pod', 'cart-1'),
    parameters: { grace_seconds: 0 },
  }),
  onCart({
    remedy: 'roll_back_image',
    category: 'image_pull_failure',
    objects: [deployment({})],
    changes: [change([{ path: 'spec.template.spec.containers[app].image', before: 'cart:1', after: 'cart:2' }])],
    parameters: {},
  }),
  onCart({
    remedy: 'restart_after_configuration',
    category: 'tls_certificate_expired',
    objects: [deployment({})],
    changes: [{ ...change([]), change: 'configuration' as const, from_revision: null, to_revision: null }],
    parameters: {},
  }),
];
