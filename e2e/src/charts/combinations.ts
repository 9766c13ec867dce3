import type { Installation } from './helm.ts';

const bus = { nats: { url: 'tls://bus.example.com:4222' } };
const member = { clusterName: 'west-1', url: 'tls://bus.example.com:4222' };
const shared = { tolerations: [{ operator: 'Exists' }], priorityClassName: 'system-cluster-critical' };
const scaled = { podDisruptionBudget: { enabled: true, minAvailable: '50%' }, autoscaling: { enabled: true } };
const image = { registry: 'registry.local', repository: 'a/b', tag: 'x', digest: `sha256:${'0'.repeat(64)}` };
const labelled = {
  podAnnotations: { 'example.com/note': 'a' },
  podLabels: { 'example.com/team': 'sre' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
};
const extras = {
  ...labelled,
  // Without a selector, of which an API server would warn.
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
  ],
  extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
  extraEnvFrom: [{ configMapRef: { name: 'more', optional: true } }],
  extraVolumes: [{ name: 'more', emptyDir: {} }],
  extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
};
const extraObjects = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra-map' } },
  '{ apiVersion: v1, kind: ConfigMap, metadata: { name: "{{ .Release.Name }}-extra" } }',
];

/** Each way of installing that docs/deploy-kubernetes.md describes; what renders here has to be taken by a real API server. */
export const combinations: Record<string, Installation> = {
  'control plane, least values': { chart: 'aetherius', values: bus },
  'control plane, trial': {
    chart: 'aetherius',
    values: { nats: { bundled: { enabled: true } }, postgres: { bundled: { enabled: true } } },
  },
  'control plane, bus for other clusters': {
    chart: 'aetherius',
    values: {
      nats: {
        caSecret: 'aetherius-nats-tls',
        bundled: { enabled: true, tlsSecret: 'aetherius-nats-tls', service: { type: 'LoadBalancer' } },
      },
      enrolment: { publicUrl: 'https://aetherius.example.com', busUrl: 'tls://bus.example.com:4222' },
      networkPolicy: { enabled: true, busFrom: [{ ipBlock: { cidr: '10.0.0.0/8' } }] },
    },
  },
  'control plane, high availability': {
    chart: 'aetherius',
    values: {
      ...shared,
      nats: { url: 'tls://n1.example.com:4222,tls://n2.example.com:4222,tls://n3.example.com:4222', replicas: 3 },
      redis: { existingSecret: 'aetherius-redis' },
      manager: scaled,
      orchestrator: scaled,
      reasoning: scaled,
    },
  },
  'control plane, Ingress and enrolment': {
    chart: 'aetherius',
    values: {
      ...bus,
      enrolment: { publicUrl: 'https://aetherius.example.com', busUrl: 'tls://bus.example.com:4222' },
      ingress: { enabled: true, host: 'aetherius.example.com', className: 'nginx', tlsSecret: 'door' },
    },
  },
  'control plane, Gateway API': {
    chart: 'aetherius',
    values: {
      ...bus,
      ingress: { host: 'aetherius.example.com' },
      httpRoute: { enabled: true, parentRefs: [{ name: 'public', namespace: 'gateways' }] },
    },
  },
  'control plane, watched by Prometheus and Grafana': {
    chart: 'aetherius',
    values: {
      ...bus,
      serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
      prometheusRule: { enabled: true, runbookBaseUrl: 'https://git.example.com/aetherius/blob/main/' },
      grafanaDashboards: { enabled: true },
    },
  },
  'control plane, all outside parts': {
    chart: 'aetherius',
    values: {
      ...bus,
      database: { existingSecret: 'database', passwordSecret: 'database-passwords', caSecret: 'database-ca' },
      manager: { databaseKey: 'agent-manager-url', databasePasswordKey: 'agent-manager' },
      trust: { caSecret: 'authorities', caKey: 'bundle.pem' },
      migrations: {
        hook: {
          serviceAccountName: 'migrates',
          extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
          extraEnvFrom: [{ configMapRef: { name: 'more', optional: true } }],
          extraVolumes: [{ name: 'more', emptyDir: {} }],
          extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
        },
      },
      tracing: { otlpEndpoint: 'https://collector.example.com', headersSecret: 'collector' },
      retention: { events: 60, llmCalls: 365 },
      redis: { url: 'redis://redis.example.com:6379' },
      neo4j: { uri: 'neo4j+s://graph.example.com', existingSecret: 'graph' },
      llm: {
        provider: 'openai',
        model: 'm',
        baseUrl: 'http://model/v1',
        existingSecret: 'model',
        budget: {
          call: { input_tokens: 12_000, output_tokens: 2_000, timeout_seconds: 20 },
          limits: { incident: { tokens: 60_000 }, tenant: { cost: 2.5 }, day: { tokens: 2_000_000 } },
          tenants: { shop: ['west-1'] },
          prices: { m: { input: 0.5, output: 1.5 } },
        },
      },
      notify: { existingSecret: 'hook' },
      definitions: { workflowsConfigMap: 'workflows', strategiesConfigMap: 'strategies' },
      runbooksConfigMap: 'runbooks',
      protectedNamespaces: ['vault'],
    },
  },
  'control plane, backed up': {
    chart: 'aetherius',
    values: {
      ...bus,
      ...shared,
      database: { passwordSecret: 'database-passwords' },
      backup: { schedule: '15 2 * * *', existingClaim: 'backups', databaseKey: 'administrator-url' },
    },
  },
  'control plane, own registry, everything extra': {
    chart: 'aetherius',
    release: 'fleet',
    namespace: 'aetherius',
    values: {
      ...bus,
      ...labelled,
      imagePullSecrets: [{ name: 'registry' }],
      commonLabels: { 'example.com/team': 'sre' },
      manager: { image, replicaCount: 1, serviceAccount: { create: false }, ...extras },
      reasoning: extras,
      extraObjects,
    },
  },
  'control plane, OpenShift': { chart: 'aetherius', values: bus, args: ['--api-versions', 'security.openshift.io/v1'] },
  'agent, least values': {
    chart: 'aetherius-agent',
    values: { clusterName: 'west-1', url: 'https://aetherius.example.com', token: 'secret' },
  },
  'agent, all in one Secret': { chart: 'aetherius-agent', values: { existingSecret: 'aetherius-agent-enrolment' } },
  'agent, straight to the bus': { chart: 'aetherius-agent', values: { ...member, token: 'credentials' } },
  'agent, may repair': {
    chart: 'aetherius-agent',
    values: { ...member, existingSecret: 'west-1', allowChanges: true, policy: { namespaces: ['shop'] } },
  },
  'agent, may repair services alone': {
    chart: 'aetherius-agent',
    values: { ...member, existingSecret: 'west-1', allowChanges: true, changeKinds: ['services', 'ingresses'] },
  },
  'agent, namespaced': {
    chart: 'aetherius-agent',
    values: { ...member, existingSecret: 'west-1', allowChanges: true, rbac: { namespaces: ['team-a', 'team-b'] } },
  },
  'agent, everything': {
    chart: 'aetherius-agent',
    release: 'west',
    namespace: 'aetherius-agent',
    values: {
      ...member,
      ...shared,
      ...extras,
      image,
      existingSecret: 'west-1',
      existingSecretKey: 'creds',
      displayName: 'West 1',
      prometheusUrl: 'http://prometheus.monitoring.svc:9090',
      trust: { caConfigMap: 'authorities' },
      tracing: { otlpEndpoint: 'http://collector.observability.svc:4318', headersSecret: 'collector' },
      replicaCount: 2,
      rbac: { extraRules: [{ apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['get', 'list', 'watch'] }] },
      podDisruptionBudget: { enabled: true },
      networkPolicy: { enabled: true, from: [{ namespaceSelector: {} }] },
      podMonitor: { enabled: true },
      prometheusRule: { enabled: true },
      extraObjects,
    },
  },
  'agent, spool on a claim': {
    chart: 'aetherius-agent',
    values: { ...member, token: 'secret', spool: { existingClaim: 'spool' } },
  },
};

/** The folders of the plain manifests that a person applies. */
export const kustomizations = [
  'base',
  'agent',
  'agent-write',
  'agent-program',
  'agent-namespace',
  'agent-namespace-write',
  'overlays/single-cluster',
  'overlays/dev',
  'overlays/multi-cluster/control-plane',
  'overlays/multi-cluster/agent',
  'overlays/namespaced',
] as const;

/** Every component of the plain manifests, beside a folder that it belongs to. */
export const composed: Record<string, { folder: string; components: readonly string[] }> = {
  'control plane with every component': {
    folder: 'base',
    components: [
      ...['nats', 'postgres', 'high-availability', 'migrations', 'backup', 'network-policy', 'ingress', 'gateway'],
      ...['prometheus-operator', 'grafana-dashboards', 'trust', 'bus-authority', 'pull-secret', 'openshift'],
    ],
  },
  'control plane of many clusters, with its own bus': {
    folder: 'base',
    components: ['nats-open', 'trust', 'bus-authority'],
  },
  'agent with every component': {
    folder: 'agent-program',
    components: [
      ...['agent-namespaced', 'agent-high-availability', 'agent-network-policy', 'agent-prometheus-operator'],
      ...['trust', 'pull-secret', 'openshift'],
    ],
  },
};
