import type { BundleEvent, BundleObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const subject = { kind: 'Pod', namespace: 'nest', name: 'hen' };
const at = '2026-01-02T03:04:05.000Z';
const before = (seconds: number) => new Date(Date.parse(at) - seconds * 1_000).toISOString();

/** What is said of a pod that runs, so old, of which one event tells what its readiness probe got. */
function told(answer: string, age: number, ready = false): string {
  const body = {
    metadata: { creationTimestamp: before(age) },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'hen', ready, restartCount: 0, state: { running: {} } }],
    },
  };
  const objects: BundleObject[] = [{ ...subject, id: 'object:hen', body }];
  const event: BundleEvent = {
    ...{ id: 'event', ...subject, type: 'Warning', reason: 'Unhealthy', count: 1, component: 'kubelet' },
    ...{ message: `Readiness probe failed: ${answer}`, first_timestamp: null, last_timestamp: before(age - 20) },
  };
  return diagnose(aBundle({ at, subject, objects, logs: [], events: [event], changes: [] })).category;
}
const status = (code: number) => `HTTP probe failed with statuscode: ${code}`;

it.each([404, 401, 405])('a young pod whose program is up and answers no with %i is not ready for a reason', (code) =>
  expect(told(status(code), 150)).toBe('probe_readiness_failed'),
);

it.each([
  ['is not there yet', status(503), 150, false],
  ['does not listen yet', 'Get "http://10.1.2.3:80/": dial tcp 10.1.2.3:80: connect: connection refused', 150, false],
  ['listens before it knows what it serves', status(404), 40, false],
  ['has become ready since', status(404), 150, true],
])('a young pod whose program %s is starting', (_, answer, age, ready) =>
  expect(told(answer, age, ready)).toBe('no_incident'),
);
