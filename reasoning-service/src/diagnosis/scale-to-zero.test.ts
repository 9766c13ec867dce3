import { expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

type Body = Record<string, unknown>;
const named = (name: string, labels: Body = {}) => ({ metadata: { name, namespace: 'moor', labels } });
const deployment = (labels: Body = {}, replicas = 0) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', ...named('heron', labels) },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'heron' } },
    template: { metadata: { labels: { app: 'heron' } }, spec: { containers: [{ name: 'app', image: 'heron:1' }] } },
  },
  status: { observedGeneration: 1 },
});
const service = {
  ...{ apiVersion: 'v1', kind: 'Service', ...named('heron') },
  spec: { selector: { app: 'heron' }, ports: [{ port: 80 }] },
};
const scaler = (spec: Body, status: Body = {}, kind = 'ScaledObject') => ({
  ...{ apiVersion: 'keda.sh/v1alpha1', kind, ...named('by-queue') },
  ...{ spec, status },
});
const targets = { scaleTargetRef: { name: 'heron' } };
const told = (items: object[], texts: Record<string, string> = {}) =>
  pasted({ 'all.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), ...texts });

it.each<[string, object[]]>([
  ['KEDA takes the last replica of', [deployment(), service, scaler({ ...targets, minReplicaCount: 0 })]],
  ['KEDA wakes by its usual minimum', [deployment(), service, scaler(targets)]],
  [
    'KEDA wakes by requests',
    [deployment(), service, scaler({ ...targets, replicas: { min: 0 } }, {}, 'HTTPScaledObject')],
  ],
  ['is a revision of Knative', [deployment({ 'serving.knative.dev/revision': 'heron-00001' }), service]],
])('a workload that %s sleeps, and nothing is wrong', (_, items) => {
  expect(told(items).category).toBe('no_incident');
});

it.each<[string, object[]]>([
  ['KEDA is to keep at one', [deployment(), service, scaler({ ...targets, minReplicaCount: 1 })]],
  ['another scaler wakes', [deployment(), service, scaler({ scaleTargetRef: { name: 'crane' } })]],
  [
    'a scaler that does not work is to wake',
    [
      deployment(),
      service,
      scaler(targets, { conditions: [{ type: 'Ready', status: 'False', reason: 'x', message: 'y' }] }),
    ],
  ],
])('a workload without replicas that %s leaves its service without any pod', (_, items) => {
  const found = told(items);
  expect([found, ...found.further_findings].map(({ category }) => category)).toContain('service_no_endpoints');
});

const turned = (
  reason: string,
  message: string,
  minute: number,
  of: Body = { kind: 'ScaledObject', name: 'by-queue' },
) => ({
  ...{ apiVersion: 'v1', kind: 'Event', type: 'Normal', reason, message, count: 1 },
  metadata: { name: `turn-${minute}`, namespace: 'moor' },
  involvedObject: { namespace: 'moor', ...of },
  ...{ firstTimestamp: `2026-11-20T10:${minute}:00Z`, lastTimestamp: `2026-11-20T10:${minute}:00Z` },
});
const slept = (name: string, minute: number) =>
  turned('KEDAScaleTargetDeactivated', `Deactivated apps/v1.Deployment moor/${name} from 1 to 0`, minute);

it.each<[string, object[]]>([
  ['of its scaler', [slept('heron', 12)]],
  ['of the workload', [turned('KEDAScaleTargetDeactivated', 'Deactivated', 12, { kind: 'Deployment', name: 'heron' })]],
  [
    'last of all',
    [turned('KEDAScaleTargetActivated', 'Scaled apps/v1.Deployment moor/heron from 0 to 1', 10), slept('heron', 14)],
  ],
])('a workload that KEDA says to have put to sleep, %s, sleeps though no scaler was read', (_, events) => {
  expect(told([deployment(), service, ...events]).category).toBe('no_incident');
});

it.each<[string, object[]]>([
  ['has put another one to sleep', [slept('heron-2', 12)]],
  [
    'has since woken it',
    [slept('heron', 12), turned('KEDAScaleTargetActivated', 'Scaled apps/v1.Deployment moor/heron from 0 to 1', 14)],
  ],
  ['put it to sleep and is to keep one by now', [slept('heron', 12), scaler({ ...targets, minReplicaCount: 1 })]],
])('a workload without replicas is not asleep where KEDA %s', (_, items) => {
  expect(told([deployment(), service, ...items]).category).toBe('service_no_endpoints');
});

it('who has no replicas is no grave fault unless somebody asks for the service', () => {
  const idle = [deployment(), service];
  expect(told(idle)).toMatchObject({ category: 'service_no_endpoints', severity: 'low' });
  const asked = told(idle, { 'moor_crane_app.log': '2026-11-20T10:14:00Z ERROR no answer of http://heron/feed\n' });
  const graded = [asked, ...asked.further_findings].map(({ category, severity }) => `${category} ${severity}`);
  expect(graded).toEqual(['service_no_endpoints high']);
});
