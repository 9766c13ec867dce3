import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const subject = { kind: 'Pod', namespace: 'nest', name: 'hen' };
const object = (kind: string, name: string, body: JsonObject): BundleObject => ({
  ...{ id: `${kind}/${name}`, kind, namespace: 'nest', name, body },
});
const hen = object('Pod', 'hen', {
  metadata: { labels: { app: 'hen' } },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ name: 'hen', ready: false, restartCount: 0, state: { running: {} } }],
  },
});
const policy = object('NetworkPolicy', 'closed', {
  spec: { podSelector: {}, policyTypes: ['Egress'], egress: [] },
});
const at = '2026-01-02T03:04:05.000Z';
const told = (message: string, objects: BundleObject[] = [hen]) => {
  const event = {
    ...{ id: 'event', ...subject, type: 'Warning' as const, reason: 'Unhealthy', message, count: 30 },
    ...{ first_timestamp: null, last_timestamp: at, component: 'kubelet' },
  };
  const { category, confidence } = diagnose(aBundle({ at, subject, objects, logs: [], events: [event], changes: [] }));
  expect(confidence).toBeGreaterThan(0.6);
  return category;
};
const answered = (words: string) => `Readiness probe failed: HTTP probe failed with statuscode: 503${words}`;

it('a program that answers its probe with whom it lacks is the victim of that', () => {
  expect(told(answered(': upstream eggs.nest.svc:80 i/o timeout'))).toBe('dependency_unreachable');
  expect(told(answered(': getaddrinfo ENOTFOUND eggs.nest.svc'))).toBe('dns_failure');
  expect(told(answered(': upstream eggs.nest.svc:80 i/o timeout'), [hen, policy])).toBe('network_policy_block');
  expect(told(answered(': upstream eggs.nest.svc:80 connection refused'), [hen, policy])).toBe(
    'dependency_unreachable',
  );
});

it.each([
  [answered('')],
  [answered(': the eggs are not warm')],
  [answered(': 127.0.0.1:80 connection refused')],
  ['Readiness probe failed: Get "http://10.1.2.3:80/": dial tcp 10.1.2.3:80: i/o timeout'],
  ['Readiness probe failed: dial tcp 10.1.2.3:80: connect: connection refused'],
  ['Readiness probe failed: Could not connect to Redis at 127.0.0.1:6379: Connection refused'],
])('a probe that fails by itself is the fault: %s', (message) =>
  expect(told(message, [hen, policy])).toBe('probe_readiness_failed'),
);
