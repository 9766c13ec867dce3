import { contradicting } from './contradicting-values.ts';
import type { Installation } from './helm.ts';
import { unrestricted } from './unrestricted-values.ts';
import { bus, member, type Refused, unworkable } from './unworkable-values.ts';

/** Values that do not go together, or lack another: what is said of them. */
const together: Refused[] = [
  ['no bus', 'aetherius', {}, 'nats.url is needed'],
  ['a misspelt value', 'aetherius', { ...bus, ingres: {} }, "additional properties 'ingres'"],
  ['a misspelt value deep down', 'aetherius', { ...bus, manager: { image: { tga: 'x' } } }, "'tga'"],
  ['a wrong type', 'aetherius', { ...bus, manager: { replicaCount: 'two' } }, 'replicaCount'],
  ['two managers without Redis', 'aetherius', { ...bus, manager: { replicaCount: 2 } }, 'redis.existingSecret'],
  [
    'an open bus in plain text',
    'aetherius',
    { nats: { bundled: { enabled: true, service: { type: 'LoadBalancer' } } } },
    'nats.bundled.tlsSecret is needed',
  ],
  ['days that are too few', 'aetherius', { ...bus, retention: { events: 3 } }, 'retention'],
  ['no address of a collector', 'aetherius', { ...bus, tracing: { otlpEndpoint: 'collector:4318' } }, 'otlpEndpoint'],
  [
    'a route without a gateway',
    'aetherius',
    { ...bus, ingress: { host: 'a.example.com' }, httpRoute: { enabled: true } },
    'httpRoute.parentRefs',
  ],
  [
    'a model without a name',
    'aetherius',
    { ...bus, llm: { provider: 'anthropic', existingSecret: 'k' } },
    'llm.model is needed',
  ],
  ['a bus that is no address', 'aetherius', { nats: { url: 'not-a-url' } }, 'nats.url has to be an address of NATS'],
  ['copies that no majority is of', 'aetherius', { nats: { ...bus.nats, replicas: 2 } }, '/nats/replicas'],
  [
    'three copies on one server',
    'aetherius',
    { nats: { bundled: { enabled: true }, replicas: 3 } },
    'nats.replicas above 1 needs a NATS cluster',
  ],
  ['a spool that is no size', 'aetherius-agent', { ...member, spool: { sizeLimit: 'abc' } }, '/spool/sizeLimit'],
  [
    'a spool that is too small',
    'aetherius-agent',
    { ...member, spool: { sizeLimit: '1Mi' } },
    'spool.sizeLimit: 1Mi is less than 16Mi',
  ],
  ['a Redis that is no address', 'aetherius', { ...bus, redis: { url: 'foo' } }, 'redis.url has to be a redis://'],
  [
    'fewest above most',
    'aetherius',
    { ...bus, orchestrator: { autoscaling: { enabled: true, minReplicas: 9, maxReplicas: 6 } } },
    'orchestrator.autoscaling.minReplicas (9) is above maxReplicas (6)',
  ],
  [
    'an amount that is none',
    'aetherius',
    { ...bus, reasoning: { resources: { limits: { memory: 'abc' } } } },
    '/reasoning/resources/limits/memory',
  ],
  [
    'backups without a place',
    'aetherius',
    { ...bus, backup: { schedule: '@daily' } },
    'backup.existingClaim is needed',
  ],
  [
    'a time that is none',
    'aetherius',
    { ...bus, backup: { schedule: 'at night' } },
    'backup.schedule: at night is no schedule',
  ],
  [
    'a door in plain text',
    'aetherius',
    { ...bus, ingress: { enabled: true, host: 'a.example.com' } },
    'ingress.tlsSecret is needed',
  ],
  [
    'an address that agents refuse',
    'aetherius',
    { ...bus, enrolment: { publicUrl: 'http://aetherius.example.com' } },
    'enrolment.publicUrl has to be an https:// address',
  ],
  [
    'an address that the agent refuses',
    'aetherius-agent',
    { ...member, url: 'http://aetherius.example.com' },
    'url has to be an https:// address',
  ],
  [
    'an amount of the agent that is none',
    'aetherius-agent',
    { ...member, resources: { requests: { cpu: 'much' } } },
    '/resources/requests/cpu',
  ],
  ['no name of the cluster', 'aetherius-agent', { ...member, clusterName: '' }, 'clusterName is needed'],
  ['a name that is none', 'aetherius-agent', { ...member, clusterName: 'West 1' }, 'clusterName'],
  ['no address', 'aetherius-agent', { ...member, url: '' }, 'url is needed'],
  ['no token', 'aetherius-agent', { ...member, token: '' }, 'token is needed'],
  [
    'two agents on one spool',
    'aetherius-agent',
    { ...member, replicaCount: 2, spool: { existingClaim: 'c' } },
    'spool.existingClaim is for one replica',
  ],
];
const both = { url: 'nats://b:4222', bundled: { enabled: true } };
const call = { input_tokens: 12_000, output_tokens: 2_000, timeout_seconds: 20 };
const inMoney = {
  call,
  limits: { incident: {}, tenant: {}, day: { cost: 1 } },
  prices: { other: { input: 1, output: 1 } },
};

const chosen: Refused[] = [
  ['two buses', 'aetherius', { nats: both }, 'nats.url and nats.bundled.enabled: choose one'],
  [
    'a model without its key',
    'aetherius',
    { ...bus, llm: { provider: 'anthropic', model: 'm' } },
    'llm.existingSecret',
  ],
  [
    'a route for every host',
    'aetherius',
    { ...bus, ingress: { host: '' }, httpRoute: { enabled: true, parentRefs: [{ name: 'g' }] } },
    'ingress.host is needed',
  ],
  [
    'a key in a Secret that is not used',
    'aetherius',
    { ...bus, database: { url: 'postgres://u@h/d' }, manager: { databaseKey: 'k' } },
    'manager.databaseKey names a key',
  ],
  [
    'a key of the backup in a Secret that is not used',
    'aetherius',
    { ...bus, database: { url: 'postgres://u@h/d' }, backup: { databaseKey: 'k' } },
    'backup.databaseKey names a key',
  ],
  [
    'a key of passwords that are nowhere',
    'aetherius',
    { ...bus, manager: { databasePasswordKey: 'k' } },
    'manager.databasePasswordKey names a key',
  ],
  [
    'money without a price of the model',
    'aetherius',
    { ...bus, llm: { provider: 'openai', model: 'm', baseUrl: 'http://m/v1', budget: inMoney } },
    'llm.budget.prices needs the model m',
  ],
  [
    'a budget as text without limits',
    'aetherius',
    { ...bus, llm: { budget: 'limts: {}' } },
    'llm.budget as text must be YAML with limits',
  ],
  [
    'money in a text without a price of the model',
    'aetherius',
    {
      ...bus,
      llm: { provider: 'openai', model: 'm', baseUrl: 'http://m/v1', budget: JSON.stringify(inMoney) },
    },
    'llm.budget.prices needs the model m',
  ],
  ['two trusts', 'aetherius', { ...bus, trust: { caSecret: 'a', caConfigMap: 'b' } }, 'trust.caSecret and trust'],
  [
    'two trusts of the agent',
    'aetherius-agent',
    { ...member, trust: { caSecret: 'a', caConfigMap: 'b' } },
    'choose one',
  ],
  [
    'a variable that the chart sets',
    'aetherius',
    { ...bus, trust: { caSecret: 'a' }, manager: { extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/x' }] } },
    'manager.extraEnv: NODE_EXTRA_CA_CERTS is set by another value',
  ],
  [
    'a variable that the chart sets for the Jobs',
    'aetherius',
    { ...bus, migrations: { hook: { extraEnv: [{ name: 'DATABASE_URL', value: 'x' }] } } },
    'migrations.hook.extraEnv: DATABASE_URL is set by another value',
  ],
  [
    'a variable that the chart of the agent sets',
    'aetherius-agent',
    { ...member, extraEnv: [{ name: 'SPOOL_DIR', value: '/x' }] },
    'extraEnv: SPOOL_DIR is set by another value',
  ],
];

/** One value that is of another form than Kubernetes or a service takes, by its path. */
const malformed: [chart: Installation['chart'], path: string, value: unknown, words?: string][] = [
  ['aetherius', 'imagePullSecrets', ['regcred'], '/imagePullSecrets/0'],
  ['aetherius', 'global.imagePullSecrets', ['regcred'], '/global/imagePullSecrets/0'],
  ['aetherius', 'global.imageRegistry', 'https://registry.local'],
  ['aetherius', 'manager.service.port', 99999],
  ['aetherius', 'manager.service.port', 0],
  ['aetherius', 'manager.service.type', 'Clusterip'],
  ['aetherius', 'manager.image.digest', 'latest'],
  ['aetherius', 'manager.image.tag', 'bad tag'],
  ['aetherius', 'manager.image.repository', 'Aetherius/manager'],
  ['aetherius', 'ingress.host', 'NOT A HOST'],
  ['aetherius', 'ingress.host', 'https://aetherius.example.com'],
  ['aetherius', 'httpRoute.parentRefs', ['public'], '/httpRoute/parentRefs/0'],
  ['aetherius', 'httpRoute.parentRefs', [{ nme: 'public' }], "'nme'"],
  ['aetherius', 'fullnameOverride', 'Bad_Name'],
  ['aetherius', 'nameOverride', '1st'],
  ['aetherius', 'commonLabels', { 'bad label': 'x' }, "'bad label'"],
  ['aetherius', 'commonLabels', { 'helm.sh/chart': 'x' }],
  ['aetherius', 'podLabels', { 'app.kubernetes.io/component': 'x' }],
  ['aetherius', 'manager.podLabels', { 'app.kubernetes.io/name': 'x' }],
  ['aetherius', 'manager.podLabels', { team: 'not a value' }, '/manager/podLabels/team'],
  ['aetherius', 'manager.podAnnotations', { note: 1 }, '/manager/podAnnotations/note'],
  ['aetherius', 'manager.nodeSelector', { disk: true }, '/manager/nodeSelector/disk'],
  ['aetherius', 'manager.extraEnv', [{ nme: 'X' }], '/manager/extraEnv/0'],
  ['aetherius', 'manager.extraEnv', [{ name: 'X', value: 5 }], '/manager/extraEnv/0/value'],
  ['aetherius', 'manager.extraVolumeMounts', [{ name: 'a' }], "'mountPath'"],
  ['aetherius', 'manager.tolerations', [{ oprator: 'Exists' }], "'oprator'"],
  ['aetherius', 'manager.affinity', { podAfinity: {} }, "'podAfinity'"],
  ['aetherius', 'manager.topologySpreadConstraints', [{ maxSkew: 1 }], '/manager/topologySpreadConstraints/0'],
  ['aetherius', 'manager.serviceAccount.name', 'A B'],
  ['aetherius', 'manager.autoscaling.minReplicas', 0],
  ['aetherius', 'manager.podDisruptionBudget.maxUnavailable', 'half'],
  ['aetherius', 'manager.podDisruptionBudget.minAvailable', '101%'],
  ['aetherius', 'manager.resources', { limit: {} }, "'limit'"],
  ['aetherius', 'podSecurityContext.runAsNonRot', true, "'runAsNonRot'"],
  ['aetherius', 'serviceMonitor.interval', 'abc'],
  ['aetherius', 'serviceMonitor.labels', { 'bad label': 'x' }, "'bad label'"],
  ['aetherius', 'nats.url', 'tls://bus:4222;evil', 'nats.url has to be'],
  ['aetherius', 'nats.url', 'nats://a:4222,http://b:4222', 'nats.url has to be'],
  ['aetherius', 'nats.url', 'nats://a:70000', 'nats.url has to be'],
  ['aetherius', 'nats.bundled.persistence.size', 'abc'],
  ['aetherius', 'postgres.bundled.persistence.size', ''],
  ['aetherius', 'database.existingSecretKey', 'a key'],
  ['aetherius', 'trust.caKey', ''],
  ['aetherius', 'nats.bundled.authSecret', ''],
  ['aetherius', 'redis.existingSecret', 'Re dis'],
  ['aetherius', 'neo4j.uri', 'http://graph', 'neo4j.uri has to be a neo4j://'],
  ['aetherius', 'llm.baseUrl', 'model/v1', 'llm.baseUrl has to be an http://'],
  ['aetherius', 'llm.budget', { limts: {} }, "'limts'"],
  ['aetherius', 'llm.budget', { call }, "/llm/budget': properties 'limits' required"],
  ['aetherius', 'llm.budget.limits', { incident: { token: 1 }, tenant: {}, day: {} }, "'token'"],
  ['aetherius', 'llm.budget.limits', { incident: {}, tenant: {} }, "'day'"],
  ['aetherius', 'llm.budget.call.timeout_seconds', 60],
  ['aetherius', 'llm.budget.tenants', { shop: ['West 1'] }, '/llm/budget/tenants/shop/0'],
  ['aetherius', 'llm.budget.prices', { m: { input: 1 } }, "'output'"],
  ['aetherius', 'networkPolicy.from', [{ cidr: '10.0.0.0/8' }], "'cidr'"],
  ['aetherius', 'networkPolicy.egressPorts', [0], '/networkPolicy/egressPorts/0'],
  ['aetherius', 'migrations.hook.serviceAccountName', 'A B'],
  ['aetherius-agent', 'displayName', 'w'.repeat(201)],
  ['aetherius-agent', 'spool.sizeLimit', 'abc'],
  ['aetherius-agent', 'policy', { actionz: [] }, "'actionz'"],
  ['aetherius-agent', 'policy', { actions: ['reboot'] }, '/policy/actions/0'],
  ['aetherius-agent', 'policy', { namespaces: 'shop' }, '/policy/namespaces'],
  ['aetherius-agent', 'rbac.extraRules', [{ resource: ['pods'] }], '/rbac/extraRules/0'],
  ['aetherius-agent', 'podMonitor.interval', '30'],
  ['aetherius-agent', 'podLabels', { 'app.kubernetes.io/instance': 'x' }],
  ['aetherius-agent', 'image.digest', 'sha256:1'],
  ['aetherius-agent', 'extraEnv', ['X=1'], '/extraEnv/0'],
  ['aetherius-agent', 'url', 'tls://bus:4222;evil', 'url has to be'],
  ['aetherius-agent', 'terminationGracePeriodSeconds', 5],
];

const nested = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, word) => ({ [word]: inner }), value) as object;

/** Values that the charts must refuse, and the words of the refusal that name the value. */
export const refused: Refused[] = [
  ...together,
  ...chosen,
  ...unworkable,
  ...unrestricted,
  ...contradicting,
  ...malformed.map(([chart, path, value, words]): Refused => {
    const values = { ...(chart === 'aetherius' ? bus : member), ...nested(path, value) };
    return [`${chart} ${path}=${JSON.stringify(value)}`, chart, values, words ?? `/${path.replaceAll('.', '/')}`];
  }),
];
