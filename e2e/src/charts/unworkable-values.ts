import type { Installation } from './helm.ts';

/** What is said of values that must be refused. */
export type Refused = [what: string, chart: Installation['chart'], values: object, words: string];

/** The least that each chart needs. */
export const bus = { nats: { url: 'nats://b:4222' } };
export const member = { clusterName: 'a', url: 'nats://b:4222', token: 't' };
const door = { enabled: true, tlsSecret: 'door' };
const openBus = { tlsSecret: 'bus-tls', service: { type: 'LoadBalancer' } };
const bundled = (more: object) => ({ nats: { bundled: { enabled: true, ...more } } });
const lets = (podDisruptionBudget: object, more: object = {}) => ({
  ...bus,
  orchestrator: { podDisruptionBudget: { enabled: true, ...podDisruptionBudget }, ...more },
});
const asks = (path: string, requests: object, limits: object): object =>
  path.split('.').reduceRight<object>((inner, word) => ({ [word]: inner }), { resources: { requests, limits } });
const backedUp = (schedule: string) => ({ ...bus, backup: { schedule, existingClaim: 'c' } });

/** More asked for than may be used, of each part that has a pod. */
const tooMuch: Refused[] = [
  ...['manager', 'orchestrator', 'reasoning', 'postgres.bundled', 'migrations.hook', 'backup'].map(
    (path): Refused => [
      `more memory than ${path} may have`,
      'aetherius',
      { ...bus, ...asks(path, { memory: '2Gi' }, { memory: '2047Mi' }) },
      `${path}.resources.requests.memory: 2Gi is above`,
    ],
  ),
  [
    'more memory than the bundled bus may have',
    'aetherius',
    bundled({ resources: { requests: { memory: '9Gi' } } }),
    'nats.bundled.resources.requests.memory: 9Gi is above',
  ],
  [
    'more of a processor than a service may have',
    'aetherius',
    { ...bus, ...asks('manager', { cpu: 1 }, { cpu: '999m' }) },
    'manager.resources.requests.cpu: 1 is above manager.resources.limits.cpu, which is 999m',
  ],
  [
    'more memory than the agent may have',
    'aetherius-agent',
    { ...member, resources: { requests: { memory: '1Gi' }, limits: { memory: '1e9' } } },
    'resources.requests.memory: 1Gi is above resources.limits.memory',
  ],
];

/** Names, times, authorities and rights that no cluster takes, or that would not do what they say. */
const untaken: Refused[] = [
  ...['60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '* * * *', '*/0 * * * *', '@nightly'].map(
    (schedule): Refused => [
      `the schedule ${schedule}`,
      'aetherius',
      backedUp(schedule),
      `backup.schedule: ${schedule} is no schedule of a CronJob: five fields`,
    ],
  ),
  ...['tls://203.0.113.7:4222', 'tls://bus.example.com,tls://[2001:db8::7]:4222'].map(
    (busUrl): Refused => [
      `a certificate for ${busUrl}`,
      'aetherius',
      { ...bundled({ tlsSecret: 'bus-tls' }), enrolment: { busUrl } },
      'enrolment.busUrl has to name a host',
    ],
  ),
  [
    'an authority of a bus in plain text',
    'aetherius',
    { nats: { url: 'nats://b:4222', caSecret: 'ca' } },
    'nats.caSecret is for a bus that speaks TLS',
  ],
  [
    'a name that the Jobs cannot carry',
    'aetherius',
    { ...bus, fullnameOverride: 'f'.repeat(35) },
    'is too long a name: with 34 letters',
  ],
];

/** Addresses that hold what everybody could read, or behind which no path can be put. */
const addresses: Refused[] = (
  [
    ['aetherius', 'enrolment.publicUrl'],
    ['aetherius', 'tracing.otlpEndpoint'],
    ['aetherius', 'llm.baseUrl'],
    ['aetherius', 'prometheusRule.runbookBaseUrl'],
    ['aetherius-agent', 'prometheusUrl'],
    ['aetherius-agent', 'tracing.otlpEndpoint'],
    ['aetherius-agent', 'prometheusRule.runbookBaseUrl'],
  ] as const
).flatMap(([chart, path]): Refused[] => {
  const least = chart === 'aetherius' ? bus : member;
  const at = (value: string) => ({
    ...least,
    ...(path.split('.').reduceRight<unknown>((inner, word) => ({ [word]: inner }), value) as object),
  });
  return [
    [`a password in ${path} of ${chart}`, chart, at('https://u:secret@a.example.com'), `${path} holds a user or`],
    [`a user in ${path} of ${chart}`, chart, at('https://token@a.example.com/v1'), `${path} holds a user or`],
    ...['?x=1', '/v1?x=1', '/#top'].map(
      (end): Refused => [`${path} with ${end}`, chart, at(`https://a.example.com${end}`), `${path} must have no query`],
    ),
  ];
});

const opened: Refused[] = ['manager', 'orchestrator', 'reasoning'].flatMap((key) =>
  ['LoadBalancer', 'NodePort'].map(
    (type): Refused => [
      `plain text to ${key} by ${type}`,
      'aetherius',
      { ...bus, [key]: { service: { type } } },
      `${key}.service.type=${type} opens the REST API in plain text`,
    ],
  ),
);

/** Values that could be applied, and then would not work or would show a secret. */
export const unworkable: Refused[] = [
  ...tooMuch,
  ...untaken,
  ...addresses,
  ...opened,
  [
    'an address of the manager with a query',
    'aetherius-agent',
    { ...member, url: 'https://a.example.com/?x=1' },
    'url must have no query',
  ],
  [
    'an open bus that no agent is told of',
    'aetherius',
    bundled(openBus),
    'enrolment.busUrl is needed with nats.bundled',
  ],
  [
    'an open bus that agents are told of in plain text',
    'aetherius',
    { ...bundled(openBus), enrolment: { busUrl: 'nats://bus.example.com:4222' } },
    'has to name that host and aetherius-nats.aetherius.svc',
  ],
  [
    'TLS at a bus without a certificate',
    'aetherius',
    { ...bundled({}), enrolment: { busUrl: 'tls://bus.example.com:4222' } },
    'nats.bundled.tlsSecret is needed',
  ],
  [
    'plain text to other clusters',
    'aetherius',
    { ...bus, enrolment: { busUrl: 'tls://a.example.com,nats://bus.example.com:4222' } },
    'enrolment.busUrl has to be a tls:// address',
  ],
  [
    'plain text to other clusters, by default',
    'aetherius',
    { nats: { url: 'nats://10.1.2.3:4222' }, enrolment: { publicUrl: 'https://aetherius.example.com' } },
    'without it nats.url is what agents are told',
  ],
  [
    'a volume of the bus that it may overfill',
    'aetherius',
    bundled({ persistence: { size: '16Gi' } }),
    'nats.bundled.persistence.size: 16Gi is less than 17Gi',
  ],
  [
    'two databases',
    'aetherius',
    { ...bus, database: { url: 'postgres://u@h/d' }, postgres: { bundled: { enabled: true } } },
    'postgres.bundled.enabled and database.url: choose one',
  ],
  ['a door without a name', 'aetherius', { ...bus, ingress: door }, 'ingress.host is needed'],
  [
    'one replica that has to stay',
    'aetherius',
    lets({ minAvailable: 1 }),
    'orchestrator.podDisruptionBudget.minAvailable',
  ],
  ['half of one replica', 'aetherius', lets({ minAvailable: '50%' }), 'keeps every one of 1 replicas'],
  [
    'as many as there are at least',
    'aetherius',
    lets({ minAvailable: 2 }, { replicaCount: 5, autoscaling: { enabled: true } }),
    'keeps every one of 2 replicas',
  ],
  [
    'none that may be away',
    'aetherius',
    lets({ maxUnavailable: '0%' }, { replicaCount: 3 }),
    'maxUnavailable: 0% lets no',
  ],
  [
    'an agent that has to stay',
    'aetherius-agent',
    { ...member, podDisruptionBudget: { enabled: true, minAvailable: '100%' } },
    'podDisruptionBudget.minAvailable: 100% keeps every one of 1 replicas',
  ],
  [
    'a password of the bus',
    'aetherius',
    { nats: { url: 'tls://u:secret@b:4222' } },
    'nats.url holds a user or a password',
  ],
  [
    'a password of the bus for agents',
    'aetherius',
    { ...bus, enrolment: { busUrl: 'tls://token@b.example.com' } },
    'enrolment.busUrl holds a user or a password',
  ],
  [
    'a password of the agent for the bus',
    'aetherius-agent',
    { ...member, url: 'tls://u:secret@b.example.com' },
    'url holds a user or a password',
  ],
  [
    'a password of the database',
    'aetherius',
    { ...bus, database: { url: 'postgres://u:secret@h/d' } },
    'database.url holds a password, which would stay readable in the release: put it into a Secret',
  ],
  [
    'a password of the database behind a question mark',
    'aetherius',
    { ...bus, database: { url: 'postgres://h/d?user=u&password=secret' } },
    'database.url holds a password',
  ],
  ['a password of Redis', 'aetherius', { ...bus, redis: { url: 'redis://:secret@r:6379' } }, 'redis.existingSecret'],
  ['a password of Neo4j', 'aetherius', { ...bus, neo4j: { uri: 'bolt://u:secret@g' } }, 'neo4j.existingSecret'],
];

/** Their neighbours, which do work. */
export const workable: [what: string, values: object][] = [
  ['an open bus', { ...bundled(openBus), enrolment: { busUrl: 'tls://bus.example.com:4222' } }],
  [
    'a bus inside for agents inside, let in by a door outside',
    { ...bundled({}), enrolment: { publicUrl: 'https://aetherius.example.com' } },
  ],
  ['a WebSocket', { ...bus, enrolment: { busUrl: 'wss://bus.example.com,nats://n.aetherius.svc:4222' } }],
  ['the least volume of the bus', bundled({ persistence: { size: '17Gi' } })],
  ['the least volume of the bus in other words', bundled({ persistence: { size: '18.3e9' } })],
  ['one of two that has to stay', lets({ minAvailable: 1 }, { replicaCount: 2 })],
  ['half of two', lets({ minAvailable: '50%' }, { autoscaling: { enabled: true } })],
  ['one that may go', lets({})],
  ['a budget for nobody', lets({ minAvailable: 1 }, { replicaCount: 0 })],
  [
    'a user of the database',
    { ...bus, database: { url: 'postgres://u@h:5432/d?sslmode=require', passwordSecret: 's' } },
  ],
  ['as much memory as there may be', { ...bus, ...asks('manager', { memory: '1Gi' }, { memory: '1024Mi' }) }],
  ['a little less of a processor', { ...bus, ...asks('manager', { cpu: '999m' }, { cpu: 1 }) }],
  ['no limit', { ...bus, ...asks('manager', { cpu: 64 }, {}) }],
  ...['15 2 * * *', '*/5 0-6 1,15 JAN-mar Sun', '0 0 31 12 6', '@daily'].map((schedule): [string, object] => [
    `the schedule ${schedule}`,
    backedUp(schedule),
  ]),
  [
    'a host that begins like an address',
    { ...bundled({ tlsSecret: 'bus-tls' }), enrolment: { busUrl: 'tls://10.bus.example.com:4222' } },
  ],
  [
    'an authority that agents outside are told of',
    { nats: { url: 'nats://b:4222', caSecret: 'ca' }, enrolment: { busUrl: 'tls://bus.example.com' } },
  ],
  ['a user of its own', { ...bus, securityContext: { runAsUser: 1001 } }],
  ['the longest name', { ...bus, fullnameOverride: 'f'.repeat(34) }],
  [
    'a longer name without those Jobs',
    { ...bus, fullnameOverride: 'f'.repeat(40), migrations: { hook: { enabled: false } } },
  ],
  ['TLS at a load balancer', { ...bus, manager: { service: { type: 'LoadBalancer', tlsElsewhere: true } } }],
  ['an @ in a path', { ...bus, tracing: { otlpEndpoint: 'https://c.example.com/@team' } }],
  [
    'one account that one service makes',
    {
      ...bus,
      manager: { serviceAccount: { name: 'one' } },
      reasoning: { serviceAccount: { name: 'one', create: false } },
    },
  ],
  [
    'an authority of the database',
    {
      ...bus,
      database: {
        url: 'postgres://u@h/d?sslmode=verify-full&sslrootcert=/etc/aetherius/database-ca/ca.crt',
        caSecret: 'ca',
      },
    },
  ],
  ['a device', { ...bus, ...asks('manager', {}, { 'nvidia.com/gpu': 1, 'ephemeral-storage': '1Gi' }) }],
  [
    'callers by their addresses',
    {
      ...bus,
      networkPolicy: {
        enabled: true,
        from: [
          { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          { ipBlock: { cidr: '2001:db8::/32' } },
          { namespaceSelector: {}, podSelector: {} },
        ],
      },
    },
  ],
  ['a manager inside', { ...bus, enrolment: { publicUrl: 'http://manager.aetherius.svc:8080' } }],
  ['a Redis with a port', { ...bus, redis: { url: 'redis://r:6379/0' } }],
];
