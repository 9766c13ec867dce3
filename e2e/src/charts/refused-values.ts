import type { Installation } from './helm.ts';

const bus = { nats: { url: 'nats://b:4222' } };
const member = { clusterName: 'a', url: 'nats://b:4222', token: 't' };
/** Values that the charts must refuse, and the words of the refusal that name the value. */
export const refused: [string, Installation['chart'], object, string][] = [
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
  ['a route without a gateway', 'aetherius', { ...bus, httpRoute: { enabled: true } }, 'httpRoute.parentRefs'],
  ['a model without a name', 'aetherius', { ...bus, llm: { provider: 'anthropic' } }, 'llm.model is needed'],
  ['a bus that is no address', 'aetherius', { nats: { url: 'not-a-url' } }, '/nats/url'],
  ['a Redis that is no address', 'aetherius', { ...bus, redis: { url: 'foo' } }, '/redis/url'],
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
    'reasoning.resources.limits.memory: abc is not an amount',
  ],
  ['a door in plain text', 'aetherius', { ...bus, ingress: { enabled: true } }, 'ingress.tlsSecret is needed'],
  [
    'an address that agents refuse',
    'aetherius',
    { ...bus, enrolment: { publicUrl: 'http://aetherius.example.com' } },
    '/enrolment/publicUrl',
  ],
  ['an address that the agent refuses', 'aetherius-agent', { ...member, url: 'http://aetherius.example.com' }, 'url'],
  [
    'an amount of the agent that is none',
    'aetherius-agent',
    { ...member, resources: { requests: { cpu: 'much' } } },
    'resources.requests.cpu: much is not an amount',
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
