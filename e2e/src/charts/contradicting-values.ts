import { bus, member, type Refused } from './unworkable-values.ts';

const volume = (name: string) => ({ extraVolumes: [{ name, emptyDir: {} }] });
const mount = (name: string, mountPath = '/more') => ({ extraVolumeMounts: [{ name, mountPath }] });

const ofVolumes: Refused[] = [
  ['tmp', 'auth', 'nats-creds'].map(
    (name): Refused => [
      `a second volume ${name}`,
      'aetherius',
      { ...bus, manager: volume(name) },
      `manager.extraVolumes: ${name} is a volume of this chart`,
    ],
  ),
  ['tmp', 'spool', 'credentials'].map(
    (name): Refused => [
      `a second volume ${name} of the agent`,
      'aetherius-agent',
      { ...member, ...volume(name) },
      `extraVolumes: ${name} is a volume of this chart`,
    ],
  ),
].flat();

const ofMounts: Refused[] = [
  [
    'one volume twice',
    'aetherius',
    { ...bus, reasoning: { extraVolumes: ['more', 'more'].map((name) => ({ name, emptyDir: {} })) } },
    'reasoning.extraVolumes: more is there twice',
  ],
  [
    'a mount of nothing',
    'aetherius',
    { ...bus, orchestrator: mount('more') },
    'orchestrator.extraVolumeMounts: more is no volume',
  ],
  [
    'a mount of nothing for Jobs',
    'aetherius',
    { ...bus, migrations: { hook: mount('tmp') } },
    'migrations.hook.extraVolumeMounts: tmp is no volume',
  ],
  [
    'a mount of nothing for the agent',
    'aetherius-agent',
    { ...member, ...mount('more') },
    'extraVolumeMounts: more is',
  ],
  [
    'a mount over another',
    'aetherius-agent',
    { ...member, ...volume('more'), ...mount('more', '/tmp') },
    'extraVolumeMounts: /tmp is mounted by this chart',
  ],
];

const local = ['http://localhost:8080', 'https://127.0.0.1', 'tls://localhost:4222', 'https://[::1]:8443'];

const ofAgents: Refused[] = [
  ['one namespace twice', 'aetherius-agent', { ...member, rbac: { namespaces: ['shop', 'shop'] } }, '/rbac/namespaces'],
  ...local.map(
    (url): Refused => [
      `the pod itself, ${url}`,
      'aetherius-agent',
      { ...member, url },
      'url names the pod of the agent itself',
    ],
  ),
  ...['nats://bus.example.com:4222', 'nats://10.1.2.3'].map(
    (url): Refused => [
      `plain text to ${url}`,
      'aetherius-agent',
      { ...member, url },
      'url has to be a tls:// address outside this cluster',
    ],
  ),
  [
    'a token that is not used',
    'aetherius-agent',
    { ...member, existingSecret: 's' },
    'token and existingSecret: choose one',
  ],
  [
    'a spool larger than any disk',
    'aetherius-agent',
    { ...member, spool: { sizeLimit: '9999999999999Ti' } },
    'spool.sizeLimit: 9999999999999Ti is more than 1Pi',
  ],
  [
    'a spool that is too small',
    'aetherius-agent',
    { ...member, spool: { sizeLimit: '15Mi' } },
    'spool.sizeLimit: 15Mi is less than 16Mi',
  ],
];

const variable = (name: string) => ({ name, value: '1' });
const twice = { extraEnv: [variable('HTTPS_PROXY'), variable('HTTPS_PROXY')] };
const inNamespace = (...changeKinds: string[]) => ({
  ...member,
  allowChanges: true,
  changeKinds,
  rbac: { namespaces: ['shop'] },
});

const ofVariables: Refused[] = [
  ...['PORT', 'LISTEN_HOST'].flatMap((name): Refused[] => [
    [
      `another ${name}`,
      'aetherius',
      { ...bus, manager: { extraEnv: [variable(name)] } },
      `extraEnv: ${name} is not to`,
    ],
    [
      `another ${name} of the agent`,
      'aetherius-agent',
      { ...member, extraEnv: [variable(name)] },
      'is not to be changed',
    ],
  ]),
  ...['NATS_URL', 'RETENTION_EVENTS_DAYS'].map(
    (name): Refused => [
      `a setting of all, ${name}`,
      'aetherius',
      { ...bus, reasoning: { extraEnv: [variable(name)] } },
      `reasoning.extraEnv: ${name} is set by another value`,
    ],
  ),
  [
    'a setting of the agent',
    'aetherius-agent',
    { ...member, extraEnv: [variable('ALLOW_CHANGES')] },
    'extraEnv: ALLOW_CHANGES is set by another value',
  ],
  ...['DATABASE_URL_FILE', 'NATS_URL_FILE', 'NATS_CREDS_FILE', 'LOG_LEVEL_FILE', 'AUTH_PUBLIC_KEY'].map(
    (name): Refused => [
      `the twin ${name}`,
      'aetherius',
      { ...bus, reasoning: { extraEnv: [variable(name)] } },
      `reasoning.extraEnv: ${name} stands for ${name.endsWith('_FILE') ? name.slice(0, -5) : `${name}_FILE`}, which is set`,
    ],
  ),
  ...['NATS_CREDS_FILE', 'NATS_URL_FILE', 'CLUSTER_ID_FILE', 'ALLOW_CHANGES_FILE', 'SPOOL_DIR_FILE'].map(
    (name): Refused => [
      `the twin ${name} of the agent`,
      'aetherius-agent',
      { ...member, extraEnv: [variable(name)] },
      `extraEnv: ${name} stands for ${name.slice(0, -5)}, which is set`,
    ],
  ),
  [
    'the token of an agent that is let in',
    'aetherius-agent',
    { ...member, url: 'https://a.example.com', extraEnv: [variable('ENROL_TOKEN')] },
    'extraEnv: ENROL_TOKEN stands for ENROL_TOKEN_FILE',
  ],
  [
    'a twin of Jobs',
    'aetherius',
    { ...bus, migrations: { hook: { extraEnv: [variable('DATABASE_URL_FILE')] } } },
    'migrations.hook.extraEnv: DATABASE_URL_FILE stands for DATABASE_URL',
  ],
  [
    'two twins',
    'aetherius',
    { ...bus, manager: { extraEnv: [variable('REDIS_URL'), variable('REDIS_URL_FILE')] } },
    'manager.extraEnv: only one of REDIS_URL and REDIS_URL_FILE may be set',
  ],
  ['another port by a file', 'aetherius', { ...bus, manager: { extraEnv: [variable('PORT_FILE')] } }, 'is not to be'],
  ['one variable twice', 'aetherius', { ...bus, manager: twice }, 'manager.extraEnv: HTTPS_PROXY is there twice'],
  [
    'one variable of the agent twice',
    'aetherius-agent',
    { ...member, ...twice },
    'extraEnv: HTTPS_PROXY is there twice',
  ],
  [
    'one variable of Jobs twice',
    'aetherius',
    { ...bus, migrations: { hook: twice } },
    'migrations.hook.extraEnv: HTTPS_PROXY is there twice',
  ],
];

/** Rights and figures that would be there, and of no effect. */
const ofNoUse: Refused[] = [
  ['a right on nothing', 'aetherius-agent', inNamespace('nodes'), 'changeKinds names nothing that allowChanges'],
  [
    'a right on nothing at all',
    'aetherius-agent',
    { ...member, allowChanges: true, changeKinds: [] },
    'changeKinds names nothing that allowChanges',
  ],
  [
    'credentials of a graph that is nowhere',
    'aetherius',
    { ...bus, neo4j: { existingSecret: 'graph' } },
    'neo4j.existingSecret is of no use without neo4j.uri',
  ],
  [
    'a use that is not measured',
    'aetherius',
    { ...bus, reasoning: { autoscaling: { enabled: true }, resources: { requests: { cpu: null } } } },
    'reasoning.resources.requests.cpu is needed with reasoning.autoscaling',
  ],
];

/** Values of which one is of no use, or which no pod starts with. */
export const contradicting: Refused[] = [
  ...ofVolumes,
  ...ofMounts,
  ...ofAgents,
  ...ofVariables,
  ...ofNoUse,
  ...(['aetherius', 'aetherius-agent'] as const).map(
    (chart): Refused => [
      `headers of traces that go nowhere, ${chart}`,
      chart,
      { ...(chart === 'aetherius' ? bus : member), tracing: { headersSecret: 'collector' } },
      'tracing.headersSecret is of no use without tracing.otlpEndpoint',
    ],
  ),
  [
    'a certificate of a bus that is not started',
    'aetherius',
    { nats: { url: 'tls://b:4222', bundled: { tlsSecret: 'bus-tls' } } },
    'nats.bundled.tlsSecret is of no use without nats.bundled.enabled',
  ],
];

/** Their neighbours, which do work. */
export const agreeing: [what: string, chart: Refused[1], values: object][] = [
  ['a volume with its mount', 'aetherius', { ...bus, manager: { ...volume('more'), ...mount('more') } }],
  ['a volume of the chart in a second place', 'aetherius', { ...bus, manager: mount('tmp', '/var/cache') }],
  ['plain text inside', 'aetherius-agent', { ...member, url: 'nats://bus.aetherius.svc:4222' }],
  ['a host that begins like this machine', 'aetherius-agent', { ...member, url: 'https://localhost.example.com' }],
  ['the largest spool', 'aetherius-agent', { ...member, spool: { sizeLimit: '1024Ti' } }],
  ['the least spool', 'aetherius-agent', { ...member, spool: { sizeLimit: '16Mi' } }],
  ['a secret by a file', 'aetherius', { ...bus, manager: { extraEnv: [variable('REDIS_URL_FILE')] } }],
  ['a Prometheus by a Secret', 'aetherius-agent', { ...member, extraEnv: [variable('PROMETHEUS_URL')] }],
  ['how much one service logs', 'aetherius', { ...bus, manager: { extraEnv: [variable('LOG_LEVEL')] } }],
  ['a kind beside nodes', 'aetherius-agent', inNamespace('nodes', 'pods')],
  ['nodes in a whole cluster', 'aetherius-agent', { ...member, allowChanges: true, changeKinds: ['nodes'] }],
  ['no right at all', 'aetherius-agent', { ...inNamespace('nodes'), allowChanges: false }],
  [
    'a use that is measured by a limit',
    'aetherius',
    {
      ...bus,
      reasoning: { autoscaling: { enabled: true }, resources: { requests: { cpu: null }, limits: { cpu: 1 } } },
    },
  ],
  ['two namespaces', 'aetherius-agent', { ...member, rbac: { namespaces: ['shop', 'orders'] } }],
];
