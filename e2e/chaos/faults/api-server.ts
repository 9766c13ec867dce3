import { ApiError, type Hooks, type ObjectStore } from '@aetherius/simulator';
import type { Fault } from '../fault.ts';

type Answer = ReturnType<NonNullable<Hooks['fault']>>;

/** Every request is answered so, and every watch is cut, so that it has to be asked for again. */
const answering = (name: string, answer: () => Answer): Fault => ({
  name,
  alone: false,
  lasts: { seconds: 10, full: 30 },
  inject: async ({ cluster }) => {
    cluster.fault = (point) => (point === 'watch' ? 'cut' : answer());
  },
  heal: async ({ cluster }) => {
    cluster.fault = undefined;
  },
});

const PODS = 10_000;

/** Pods of another node than the simulated ones, so that nobody runs them. */
function addPods(store: ObjectStore): void {
  for (let number = 0; number < PODS; number += 1)
    store.create({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: `calm-${number}`, namespace: 'load', labels: { app: 'calm' } },
      spec: { nodeName: 'elsewhere', containers: [{ name: 'calm', image: 'registry.example.com/calm:1' }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString() }],
        containerStatuses: [
          { name: 'calm', ready: true, restartCount: 0, state: { running: { startedAt: new Date().toISOString() } } },
        ],
      },
    });
}

/** Watches are cut and what happened meanwhile is forgotten, so that only a list tells. */
const forgetful = {
  inject: async ({ cluster }) => {
    cluster.fault = (point) => (point === 'watch' ? 'cut' : new ApiError(503, 'ServiceUnavailable', 'starting'));
  },
  heal: async ({ cluster }) => {
    cluster.store.compact();
    cluster.fault = undefined;
  },
} satisfies Pick<Fault, 'inject' | 'heal'>;

/** Every watch that was open when it began hears nothing any more, as over a connection that is open at one end only. */
const silentWatch: Fault = {
  name: 'api-silent-watch',
  alone: false,
  // Longer than an agent takes silence for peace, which is 90 s.
  lasts: { seconds: 95, full: 95 },
  inject: async ({ cluster }) => {
    const opened = new WeakSet<object>();
    cluster.fault = (point, request) => {
      if (point === 'request') opened.add(request);
      return point === 'request' || opened.has(request) ? undefined : 'silence';
    };
  },
};

/** What an API server does to an agent on a bad day. */
export const apiServerFaults: readonly Fault[] = [
  { name: 'api-410', alone: false, ...forgetful },
  answering('api-429', () => new ApiError(429, 'TooManyRequests', 'too many requests', { retryAfterSeconds: 1 })),
  answering('api-5xx', () =>
    Math.random() < 0.5
      ? new ApiError(500, 'InternalError', 'etcd has no leader')
      : new ApiError(503, 'ServiceUnavailable', 'overloaded'),
  ),
  silentWatch,
  {
    name: 'api-relist-10000-pods',
    alone: false,
    agent: async ({ cluster }) => {
      addPods(cluster.store);
      return {};
    },
    ...forgetful,
  },
];
