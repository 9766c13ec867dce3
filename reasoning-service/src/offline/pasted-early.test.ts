import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const row = (name: string, ready: string, status: string, restarts: string, age: string) =>
  pasted({
    'pods.txt': `$ kubectl get pods -n moor
NAME   READY   STATUS   RESTARTS   AGE
${name}   ${ready}   ${status}   ${restarts}   ${age}
owl-7f9cd8b65-zz2lk   1/1   Running   0   4d
`,
  });
const OF_SET = 'snipe-6d5f9c7b8-k2x4z';

describe('a row of a pod that is seconds old', () => {
  it.each([
    ['0/1', 'Error', '1 (4s ago)', '14s'],
    ['0/1', 'Error', '2 (21s ago)', '40s'],
    ['1/2', 'Error', '1 (8s ago)', '19s'],
    ['0/1', 'Init:Error', '1 (9s ago)', '15s'],
    ['0/2', 'Init:Error', '0', '5s'],
    ['0/1', 'Running', '2 (2s ago)', '25s'],
    ['0/1', 'Completed', '1 (4s ago)', '9s'],
    ['0/1', 'Completed', '9 (5m1s ago)', '31m'],
  ])('is no start that takes its time with %s %s %s', (ready, status, restarts, age) => {
    const told = row(OF_SET, ready, status, restarts, age);
    expect(inShort(told)).toBe('unknown Deployment moor/snipe');
    expect(told.root_cause.description).not.toContain('starting');
  });

  it('did not start where its row says so', () => {
    expect(inShort(row(OF_SET, '0/1', 'StartError', '1 (6s ago)', '11s'))).toBe(
      'container_start_error_bad_command Deployment moor/snipe',
    );
  });

  it.each([
    [OF_SET, '0/1', 'ContainerCreating', '0', '9s'],
    [OF_SET, '0/1', 'Running', '0', '9s'],
    [OF_SET, '1/1', 'Running', '2 (9m ago)', '11m'],
    [OF_SET, '0/1', 'Completed', '0', '3d'],
    [OF_SET, '0/1', 'Completed', '3 (20d ago)', '40d'],
    ['nightly-29754682-k2x4z', '0/1', 'Completed', '1 (3m ago)', '5m'],
    ['seed-k2x4z', '0/1', 'Completed', '2 (1m ago)', '3m'],
  ])('is fine as %s %s %s %s %s', (name, ready, status, restarts, age) => {
    expect(row(name, ready, status, restarts, age).category).toBe('no_incident');
  });
});

const at = '2026-03-04T10:00:00Z';
/** A pod whose container is up and counts as ready, started anew after an end. */
const anew = ({ restarts, ended, since }: { restarts: number; ended: string | undefined; since: string }) => {
  const lastState = ended === undefined ? {} : { terminated: { exitCode: 3, reason: 'Error', finishedAt: ended } };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: OF_SET, namespace: 'moor', uid: 'u', creationTimestamp: '2026-03-04T09:00:00Z' },
    spec: { containers: [{ name: 'snipe' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { name: 'snipe', ready: true, restartCount: restarts, state: { running: { startedAt: since } }, lastState },
      ],
    },
  };
  return (...logs: string[]) =>
    pasted({ 'pod.json': JSON.stringify(pod), ...(logs.length > 0 ? { 'snipe.log': logs.join('\n') } : {}) }, at);
};

describe('a pod that is up again', () => {
  it('is not acquitted for sure a moment after it failed', () => {
    const told = anew({ restarts: 1, ended: '2026-03-04T09:59:50Z', since: '2026-03-04T09:59:51Z' })();
    expect(told).toMatchObject({ category: 'no_incident', confidence: 0.65 });
    expect(told.root_cause.description).toContain('ended with a failure a moment ago');
    expect(told.evidence.at(-1)?.quote).toContain('lastState.terminated.exitCode: 3');
  });
  it('is acquitted once it has been up for long', () => {
    const told = anew({ restarts: 1, ended: '2026-03-04T09:30:00Z', since: '2026-03-04T09:30:01Z' })();
    expect(told.category).toBe('no_incident');
    expect(told.confidence).toBeGreaterThan(0.9);
  });
  it('keeps ending where it was started anew seconds ago once more, though what ended is not told', () => {
    const young = anew({ restarts: 4, ended: undefined, since: '2026-03-04T09:59:40Z' })();
    expect(young.category).toBe('unknown');
    const old = anew({ restarts: 4, ended: undefined, since: '2026-03-04T09:20:00Z' })();
    expect(old.category).toBe('no_incident');
  });
  it('tells by what it says now nothing of why it ended', () => {
    const loop = anew({ restarts: 5, ended: '2026-03-04T09:59:20Z', since: '2026-03-04T09:59:40Z' });
    const told = loop('INFO nests counted', 'INFO listening on :8080');
    expect(told.category).toBe('unknown');
    expect(told.root_cause.description).not.toContain('listening');
    expect(loop('INFO nests counted', 'FATAL no nest has a number').category).toBe('crash_loop_app_error');
  });
});

describe('a liveness probe that failed', () => {
  const failed = (ago: string, words = 'Liveness probe failed: HTTP probe failed with statuscode: 404') =>
    pasted({
      'terminal.txt': `$ kubectl get pods -n moor
NAME   READY   STATUS   RESTARTS   AGE
${OF_SET}   1/1   Running   0   9m
$ kubectl get events -n moor
LAST SEEN   TYPE      REASON      OBJECT          MESSAGE
${ago}          Warning   Unhealthy   pod/${OF_SET}   ${words}
`,
    });
  it('keeps an all-clear from being sure for a minute', () => {
    const told = failed('9s');
    expect(told).toMatchObject({ category: 'no_incident', confidence: 0.65 });
    expect(told.root_cause.description).toContain('a liveness probe failed a moment ago');
    expect(told.evidence.at(-1)?.quote).toContain('statuscode: 404');
  });
  it.each([
    ['7m', undefined],
    ['9s', 'Readiness probe failed: HTTP probe failed with statuscode: 503'],
  ])('says nothing %s later, and neither does another probe: %s', (ago, words) => {
    expect(failed(ago, words).confidence).toBeGreaterThan(0.9);
  });
});

const described = (budget: number, status: string) =>
  `Name:             ${OF_SET}
Namespace:        moor
Start Time:       Wed, 04 Mar 2026 09:56:00 +0000
Status:           ${status}
Containers:
  snipe:
    Image:          reg.test/snipe:9
    State:          Running
      Started:      Wed, 04 Mar 2026 09:56:05 +0000
    Ready:          False
    Restart Count:  0
    Startup:        http-get http://:9000/up delay=0s timeout=1s period=10s #success=1 #failure=${budget}
Conditions:
  Type              Status
  Ready             False
Events:
  Type     Reason     Age                   From     Message
  ----     ------     ----                  ----     -------
  Warning  Unhealthy  8s (x23 over 3m50s)   kubelet  Startup probe failed: Get "http://10.4.1.5:9000/up": dial tcp 10.4.1.5:9000: connect: connection refused
`;

it.each([
  [36, 'no_incident'],
  [12, 'probe_startup_failed'],
])('a start that is described has the time of its %s tries', (budget, category) => {
  expect(pasted({ 'pod.txt': described(budget, 'Running') }, at).category).toBe(category);
});

describe('a readiness probe that fails again and again', () => {
  const leaving = (deletion: string) => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: OF_SET,
        namespace: 'moor',
        uid: 'u',
        creationTimestamp: '2026-03-01T09:00:00Z',
        deletionTimestamp: deletion,
      },
      spec: { containers: [{ name: 'snipe' }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ name: 'snipe', ready: false, restartCount: 0, state: { running: {} } }],
      },
    };
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'moor' },
      involvedObject: { kind: 'Pod', name: OF_SET, namespace: 'moor' },
      ...{ type: 'Warning', reason: 'Unhealthy', count: 6, lastTimestamp: '2026-03-04T09:59:55Z' },
      message: 'Readiness probe failed: dial tcp 10.4.0.9:8080: connect: connection refused',
    };
    return pasted({ 'all.json': JSON.stringify({ kind: 'List', items: [pod, event] }) }, at).category;
  };
  it('is in order where the pod is on its way out', () => {
    expect(leaving('2026-03-04T10:00:20Z')).toBe('no_incident');
    expect(leaving('2026-03-04T09:00:00Z')).not.toBe('no_incident');
  });
});
