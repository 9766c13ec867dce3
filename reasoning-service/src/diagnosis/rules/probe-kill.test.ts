import type { BundleEvent } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const at = '2026-01-02T03:04:05.000Z';
const subject = { kind: 'Pod', namespace: 'mail', name: 'sorter-0' };
const body = {
  metadata: { uid: 'u', creationTimestamp: '2026-01-02T02:00:00.000Z' },
  spec: { containers: [{ name: 'sorter' }, { name: 'proxy' }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        name: 'sorter',
        ready: false,
        restartCount: 7,
        state: { running: { startedAt: '2026-01-02T03:03:00.000Z' } },
        lastState: { terminated: { reason: 'Error', exitCode: 143, finishedAt: '2026-01-02T03:02:59.000Z' } },
      },
      { name: 'proxy', ready: true, restartCount: 0, state: { running: { startedAt: '2026-01-02T02:00:00.000Z' } } },
    ],
  },
};
const event = (reason: string, message: string): BundleEvent => ({
  ...subject,
  id: `event:${reason}`,
  type: reason === 'Killing' ? 'Normal' : 'Warning',
  reason,
  message,
  component: 'kubelet',
  count: 9,
  first_timestamp: null,
  last_timestamp: '2026-01-02T03:03:00.000Z',
});
const killed = [
  event('Unhealthy', 'Liveness probe failed: Get "http://10.9.0.4:8080/live": context deadline exceeded'),
  event('Killing', 'Container sorter failed liveness probe, will be restarted'),
];
const log = (previous: boolean, lines: readonly string[], container = 'sorter') => ({
  id: `log:${container}:${previous}`,
  namespace: 'mail',
  pod: 'sorter-0',
  container,
  previous,
  lines: [...lines],
});
const objects = [{ id: 'pod', ...subject, body }];
const toldWith = (events: BundleEvent[], ...logs: ReturnType<typeof log>[]) =>
  diagnose(aBundle({ at, subject, objects, events, logs, changes: [] }));
const told = (...logs: ReturnType<typeof log>[]) => toldWith(killed, ...logs);

const lost = '2026-01-02T03:01:00Z ERROR dial tcp stamps.mail.svc:6379: connect: connection refused';
const retry = '2026-01-02T03:01:01Z INFO retrying in 5s';
const served = '2026-01-02T03:02:00Z INFO sorted a letter';
const probe = 'probe_liveness_misconfigured';

describe('a program that its liveness probe ends', () => {
  it.each([true, false])('lacks what its log complains of up to the end (run before: %s)', (previous) => {
    const found = told(log(previous, ['2026-01-02T03:00:00Z INFO starting', lost, retry, lost, retry]));
    expect(found.category).toBe('dependency_unreachable');
    expect(found.root_cause.description).toContain('stamps.mail.svc:6379');
    expect(found.rejected.map(({ category }) => category)).toEqual([probe]);
    expect(found.evidence.map(({ id }) => id)).toContain('event:Killing');
  });

  it.each([
    ['no space', 'ERROR write /spool/a: no space left on device', 'disk_full'],
    ['a name', 'Error: getaddrinfo EAI_AGAIN stamps', 'dns_failure'],
    ['a slow database', 'ERROR canceling statement due to statement timeout', 'slow_dependency_db'],
  ])('may lack %s as well', (_, line, category) => {
    expect(told(log(true, ['INFO starting', line])).category).toBe(category);
  });

  it.each([
    ['that says that it recovered', ['INFO starting', lost, 'INFO connection re-established', served]],
    ['that went on about its work', [lost, served, served, served, served]],
    ['that breaks its connections as it is told to end', [served, 'INFO received SIGTERM, draining', lost, lost]],
    ['that only warned once', ['INFO starting', 'WARN dial tcp stamps.mail.svc:6379: connect: connection refused']],
    ['that says nothing of it', ['INFO starting', served]],
  ])('stays a matter of the probe for a program %s', (_, lines) => {
    expect(told(log(true, lines)).category).toBe(probe);
  });

  it.each(['HTTP probe failed with statuscode: 404', 'exec: "/bin/check": stat /bin/check: no such file or directory'])(
    'is ended by a probe that asks in vain: %s',
    (answer) => {
      const events = [event('Unhealthy', `Liveness probe failed: ${answer}`), ...killed.slice(1)];
      expect(toldWith(events, log(true, [lost, lost, lost])).category).toBe(probe);
    },
  );

  it('is judged by the run that was ended, and not by its neighbour', () => {
    expect(told(log(true, [served, served]), log(false, [lost])).category).toBe(probe);
    expect(told(log(false, [lost], 'proxy')).category).toBe(probe);
  });
});
