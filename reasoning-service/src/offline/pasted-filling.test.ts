import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const pods = (...rows: string[]) => ['NAME   READY   STATUS   RESTARTS   AGE', ...rows].join('\n');
const listed = (workload: string, told: string) =>
  pasted({ 'terminal.txt': `$ kubectl get all -n weir\n${workload}\n\n${told}\n` });
const deployment = (ready: string) =>
  `NAME   READY   UP-TO-DATE   AVAILABLE   AGE\ndeployment.apps/eel   ${ready}   3   2   300d`;
const set = (ready: string) => `NAME   READY   AGE\nstatefulset.apps/eel   ${ready}   300d`;
const agents = (desired: number, ready: number) =>
  `NAME   DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE\ndaemonset.apps/eel   ${desired}   ${desired}   ${ready}   2   ${ready}   <none>   300d`;
const up = (name: string, age = '20d') => `pod/${name}   1/1   Running   0   ${age}`;
const starts = (name: string, age = '12s') => `pod/${name}   0/1   ContainerCreating   0   ${age}`;

describe('a workload that lacks pods', () => {
  it.each([
    [
      'a Deployment, as a table shows it',
      deployment('2/3'),
      pods(up('eel-6f8d9c7b5-2kxzl'), up('eel-6f8d9c7b5-9mmvt'), starts('eel-6f8d9c7b5-tt4bd')),
    ],
    ['a StatefulSet that is rolled out', set('1/2'), pods(up('eel-0'), starts('eel-1'))],
    ['a StatefulSet that waits with its last pods', set('1/4'), pods(up('eel-0'), starts('eel-1'))],
    ['a DaemonSet', agents(3, 2), pods(up('eel-2kxvl'), up('eel-4m8zt'), starts('eel-7tr5q'))],
    ['a part of the pods of a DaemonSet', agents(30, 29), pods(starts('eel-7tr5q'))],
  ])('is in order where they are in their start: %s', (_, workload, told) => {
    const found = listed(workload, told);
    expect(found.category).toBe('no_incident');
    expect(found.root_cause.description).toContain('may still be starting');
  });

  it.each([
    ['none of its pods is ready', set('0/2'), pods(starts('eel-0'))],
    ['fewer start than it lacks', deployment('1/3'), pods(up('eel-6f8d9c7b5-2kxzl'), starts('eel-6f8d9c7b5-tt4bd'))],
    [
      'most of them start at once',
      deployment('1/3'),
      pods(up('eel-6f8d9c7b5-2kxzl'), starts('eel-6f8d9c7b5-a4bdc'), starts('eel-6f8d9c7b5-tt4bd')),
    ],
    ['the start takes too long', set('1/2'), pods(up('eel-0'), starts('eel-1', '12m'))],
    [
      'another of them fails',
      set('1/3'),
      pods(up('eel-0'), 'pod/eel-1   0/1   CrashLoopBackOff   7 (20s ago)   20m', starts('eel-2')),
    ],
    [
      'a pod that is told to go is all that there is',
      set('1/2'),
      pods(up('eel-0'), 'pod/eel-1   0/1   Terminating   0   20s'),
    ],
  ])('is not acquitted where %s', (_, workload, told) => {
    expect(listed(workload, told).category).not.toBe('no_incident');
  });
});

it('a ReplicaSet is in order where its Deployment fills up', () => {
  const sets = 'NAME   DESIRED   CURRENT   READY   AGE\nreplicaset.apps/eel-6f8d9c7b5   3   3   2   3d';
  const told = pods(up('eel-6f8d9c7b5-2kxzl'), up('eel-6f8d9c7b5-9mmvt'), starts('eel-6f8d9c7b5-tt4bd'));
  expect(listed(`${deployment('2/3')}\n\n${sets}`, told).category).toBe('no_incident');
});

it.each([
  ['8s', 'no_incident'],
  ['25m', 'unknown'],
])('a claim that is pending for %s is judged by that', (age, category) => {
  const row = `data-q-0   Pending                                      gp3            ${age}`;
  const found = pasted({
    'claims.txt': `$ kubectl get pvc -n weir\nNAME       STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\n${row}\n`,
  });
  expect(found.category).toBe(category);
});

it.each([
  ['2026-03-04T09:59:30Z', 'no_incident'],
  ['2026-03-04T08:50:00Z', 'unknown'],
])('a Deployment that says since %s that it has too few is judged by that', (since, category) => {
  const of = (name: string, created: string, ready: boolean) => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name: `eel-6f8d9c7b5-${name}`, namespace: 'weir', uid: name, creationTimestamp: created },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'eel-6f8d9c7b5', controller: true }],
    },
    spec: { containers: [{ name: 'eel' }] },
    status: { phase: ready ? 'Running' : 'Pending', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
  const eel = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'eel', namespace: 'weir', uid: 'eel', creationTimestamp: '2026-01-04T10:00:00Z' },
    spec: { replicas: 3 },
    status: {
      ...{ replicas: 3, readyReplicas: 1, updatedReplicas: 3 },
      conditions: [{ type: 'Available', status: 'False', lastTransitionTime: since }],
    },
  };
  const items = [
    eel,
    of('2kxzl', '2026-02-04T10:00:00Z', true),
    of('tt4bd', '2026-03-04T09:59:40Z', false),
    of('a4bdc', '2026-03-04T09:59:40Z', false),
  ];
  const found = pasted({ 'all.json': JSON.stringify({ kind: 'List', items }) }, '2026-03-04T10:00:00Z');
  expect(found.category).toBe(category);
});

describe('a StatefulSet that is rolled out', () => {
  const at = '2026-03-04T10:00:00Z';
  const member = (name: string, revision: string, created: string, ready = true) => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name, namespace: 'weir', uid: name, creationTimestamp: created },
      labels: { app: 'eel', 'controller-revision-hash': revision },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'eel', uid: 'set', controller: true }],
    },
    spec: { containers: [{ name: 'eel' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'eel', ready, restartCount: 0, state: { running: { startedAt: created } } }],
    },
  });
  const rolling = (...members: object[]) => {
    const set = {
      ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
      metadata: { name: 'eel', namespace: 'weir', uid: 'set', creationTimestamp: '2026-01-04T10:00:00Z' },
      spec: { replicas: 3, selector: { matchLabels: { app: 'eel' } } },
      status: {
        ...{ replicas: members.length, readyReplicas: 2, updatedReplicas: 2, currentReplicas: 1 },
        ...{ currentRevision: 'eel-1', updateRevision: 'eel-2' },
      },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [set, ...members] };
    return pasted({ 'all.json': JSON.stringify(list) }, at).category;
  };
  const old = member('eel-0', 'eel-1', '2026-02-04T10:00:00Z');
  it('is in order with a pod in its start, and between two of them', () => {
    const last = member('eel-2', 'eel-2', '2026-03-04T09:58:50Z');
    expect(rolling(old, member('eel-1', 'eel-2', '2026-03-04T09:59:45Z', false), last)).toBe('no_incident');
    expect(rolling(old, last)).toBe('no_incident');
  });

  it('is stuck where the pod has had its time, or none has come for long', () => {
    const last = member('eel-2', 'eel-2', '2026-03-04T09:10:00Z');
    expect(rolling(old, member('eel-1', 'eel-2', '2026-03-04T09:20:00Z', false), last)).not.toBe('no_incident');
    expect(rolling(old, last)).toBe('rollout_stuck');
  });
});

describe('a row of a pod that is left over', () => {
  const beside = (status: string, restarts: string, age: string) =>
    pasted({
      'pods.txt': `$ kubectl get pods -n weir\n${pods(
        `rudd-75f8d6c9b4-4vvxp   0/1   ${status}   ${restarts}   ${age}`,
        'rudd-75f8d6c9b4-pp7qd   1/1   Running   0   4h',
      )}\n`,
    });
  it.each([
    ['ContainerStatusUnknown', '1'],
    ['Terminated', '0'],
    ['NodeShutdown', '0'],
  ])('is of the past with %s where that is long ago', (status, restarts) => {
    expect(beside(status, restarts, '9d').category).toBe('no_incident');
    expect(beside(status, restarts, '20m').category).not.toBe('no_incident');
  });
});
