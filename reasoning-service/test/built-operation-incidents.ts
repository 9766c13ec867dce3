import {
  type Body,
  type Built,
  budget,
  cart,
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

const hostname = 'kubernetes.io/hostname';
/** Its pods must not share a node. */
export const apart: Body = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: hostname, labelSelector: { matchLabels: { app: 'cart' } } },
      ],
    },
  },
};
const nodes = ['n1', 'n2', 'n3'].map((name) => node(name));
const surged = { replicas: 4, availableReplicas: 3, readyReplicas: 3, updatedReplicas: 1 };
const processor = (name: string, arch: string) => node(name, { metadata: { labels: { 'kubernetes.io/arch': arch } } });
const podOn = (name: string, nodeName: string, status: Body) =>
  object('Pod', name, {
    metadata: ownedBy('Deployment', 'cart'),
    spec: { nodeName, containers: [{ name: 'app' }] },
    status: { phase: 'Running', ...status },
  });
const well: Body = {
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [{ name: 'app', ready: true, restartCount: 0, state: { running: {} } }],
};
const looping: Body = {
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [
    { name: 'app', ready: false, restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } },
  ],
};
const hook = subject('ValidatingWebhookConfiguration', 'cart', null);
const ZONE = 'topology.kubernetes.io/zone';
const volumeIn = (zone: string) =>
  object(
    'PersistentVolume',
    'pv-1',
    {
      spec: {
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] }] },
        },
      },
    },
    null,
  );
const scaler = (spec: Body) =>
  object('HorizontalPodAutoscaler', 'cart', {
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' }, maxReplicas: 5, ...spec },
  });

/** Those about rollouts without room, places, processors, webhooks and what else an operator looks after. */
export const ofOperation: readonly Built[] = [
  onCart({
    remedy: 'roll_without_surge',
    category: 'unschedulable_affinity',
    objects: [deployment({}, apart, { replicas: 3 }, surged), ...nodes],
    parameters: { type: 'RollingUpdate', max_surge: 0, max_unavailable: 1 },
  }),
  onCart({
    remedy: 'run_as_many_as_fit',
    category: 'unschedulable_affinity',
    objects: [deployment({}, apart, { replicas: 5 }, { replicas: 5, updatedReplicas: 5, readyReplicas: 3 }), ...nodes],
    parameters: { replicas: 3 },
  }),
  onCart({
    remedy: 'run_on_matching_processor',
    category: 'container_start_error_bad_command',
    quote: 'exec /app/server: exec format error',
    objects: [
      deployment({}, { nodeSelector: { pool: 'web' } }),
      processor('n1', 'amd64'),
      processor('n2', 'arm64'),
      podOn('cart-1', 'n1', well),
      podOn('cart-2', 'n2', looping),
    ],
    parameters: { labels: { pool: 'web', 'kubernetes.io/arch': 'amd64' } },
  }),
  onCart({
    remedy: 'follow_volume',
    category: 'unschedulable_volume_affinity',
    objects: [
      deployment({}, { volumes, nodeSelector: { [ZONE]: 'b', pool: 'db' } }),
      podOf({}, { spec: { volumes }, status: { phase: 'Pending' } }),
      claim('1Gi'),
      volumeIn('a'),
      node('n1', { metadata: { labels: { [ZONE]: 'a', pool: 'db' } } }),
      node('n2', { metadata: { labels: { [ZONE]: 'b', pool: 'db' } } }),
    ],
    parameters: { labels: { [ZONE]: 'a', pool: 'db' } },
  }),
  onCart({
    remedy: 'fix_pull_secret_name',
    category: 'image_pull_unauthorized',
    objects: [
      deployment({ image: 'registry.example.com/shop/cart:2' }, { imagePullSecrets: [{ name: 'regsitry' }] }),
      healthy('web', {
        imagePullSecrets: [{ name: 'registry' }],
        containers: [{ name: 'web', image: 'registry.example.com/shop/web:1' }],
      }),
    ],
    events: [
      {
        id: 'unfound',
        kind: 'Pod',
        namespace: 'shop',
        name: 'cart-1',
        type: 'Warning',
        reason: 'FailedToRetrieveImagePullSecret',
        component: 'kubelet',
        message: 'Unable to retrieve some image pull secrets (regsitry); attempting to pull the image may not succeed.',
        count: 4,
        first_timestamp: null,
        last_timestamp: '2026-01-02T03:09:00.000Z',
      },
    ],
    parameters: { names: ['registry'] },
  }),
  {
    remedy: 'start_stopped_webhook',
    category: 'webhook_unavailable',
    subject: hook,
    cause: subject('Service', 'cart'),
    objects: [service('cart', {}), deployment({}, {}, { replicas: 0 })],
    target: cart,
    parameters: { replicas: 1 },
  },
  {
    remedy: 'fix_webhook_selector',
    category: 'webhook_unavailable',
    subject: hook,
    quote:
      'failed calling webhook "cart.example.com": Post "https://cart.shop.svc:443/admit?timeout=10s": no endpoints',
    objects: [object('Service', 'cart', { spec: { selector: { app: 'carts' } } }), deployment({})],
    target: subject('Service', 'cart'),
    parameters: { selector: { app: 'cart' } },
  },
  {
    remedy: 'fix_webhook_port',
    category: 'webhook_unavailable',
    subject: hook,
    cause: subject('Service', 'cart'),
    objects: [service('cart', { ports: [{ port: 443, targetPort: 9443 }] }), deployment({ ports })],
    target: subject('Service', 'cart'),
    parameters: { port: 443, target_port: 8080 },
  },
  onCart({
    remedy: 'fix_dependency_selector',
    category: 'dependency_unreachable',
    cause: subject('Service', 'db'),
    objects: [
      deployment({}),
      object('Service', 'db', { spec: { selector: { app: 'postgres-db' } } }),
      healthy('db', { containers: [{ name: 'db' }] }),
    ],
    target: subject('Service', 'db'),
    parameters: { selector: { app: 'db' } },
  }),
  {
    remedy: 'raise_minimum_under_budget',
    category: 'pdb_blocks_eviction',
    subject: subject('PodDisruptionBudget', 'cart'),
    objects: [
      budget({ minAvailable: 1 }, { disruptionsAllowed: 0, currentHealthy: 1, expectedPods: 1 }),
      deployment({}),
      scaler({ minReplicas: 1 }),
    ],
    target: subject('HorizontalPodAutoscaler', 'cart'),
    parameters: { min_replicas: 2 },
  },
];
