import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const table =
  'NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE\nlab         scan-6b9c7d5f88-q2w4r   1/1     Running   0          3d\n';
const log = (lines: readonly string[]) =>
  pasted({ 'pods.txt': table, 'lab_scan-6b9c7d5f88-q2w4r_scan.log': lines.join('\n') });
const at = (minute: number, words: string) => `2026-11-20T10:0${minute}:00Z ${words}`;
const refused = 'ERROR cannot save: dial tcp 10.2.0.9:5432: connect: connection refused';
const calm = [0, 1, 2, 3].map((minute) => at(minute, 'INFO scanned a page'));

describe('a known cause in the log of a pod that is ready', () => {
  it.each([
    [
      'the program says that it is over',
      [at(0, 'INFO scanned a page'), at(1, 'FATAL write /data/p1: no space left on device')],
      'disk_full Deployment lab/scan',
    ],
    [
      'the broker waits to be whole again',
      [at(0, 'INFO started'), at(1, '[warning] Cluster minority/secondary status detected - awaiting recovery')],
      'message_broker_partition Deployment lab/scan',
    ],
    ['nothing else is said', [at(1, refused), at(2, refused)], 'dependency_unreachable Deployment lab/scan'],
    [
      'warnings of it repeat',
      [1, 2, 3].map((minute) => at(minute, 'WARN produce failed, retrying. Error: NOT_ENOUGH_REPLICAS')),
      'message_broker_partition Deployment lab/scan',
    ],
  ])('is the fault where %s', (_, lines, expected) => {
    expect(inShort(log(lines))).toBe(expected);
  });

  it('leaves the answer open where it is said once near the end, and is quoted', () => {
    const found = log([...calm, at(5, refused), at(6, 'INFO scanned a page')]);
    expect(found.status).toBe('abstained');
    expect(found.evidence.map(({ quote }) => quote)).toContain(at(5, refused));
  });

  it.each([
    ['was overcome', [...calm, at(5, refused), at(6, 'INFO connection re-established')]],
    [
      'was overcome at a later try',
      [...calm, at(5, 'WARN connection refused, trying again'), at(6, 'INFO connected to the store on attempt 3')],
    ],
    ['lies far back', [at(0, refused), ...calm]],
    [
      'is what the program goes on without',
      [...calm, at(5, 'WARN lookup cache on 10.96.0.10:53: no such host, continuing without it')],
    ],
  ])('is nothing where it %s', (_, lines) => {
    expect(inShort(log(lines))).toBe('no_incident Deployment lab/scan');
  });
});

describe('what is nothing by itself', () => {
  const alert = (labels: object, status: string) =>
    JSON.stringify({
      alerts: [{ status, labels, annotations: {}, startsAt: '2026-11-20T09:00:00Z', fingerprint: 'f' }],
    });
  const events = (reason: string) =>
    `LAST SEEN   TYPE     REASON      OBJECT     MESSAGE\n9m          Normal   ${reason.padEnd(9)}   pod/w-1    Successfully assigned lab/w-1 to n1\n`;

  it.each([
    ['the alert that is always there', { 'a.json': alert({ alertname: 'Watchdog', severity: 'none' }, 'firing') }],
    ['an alert that is over', { 'a.json': alert({ alertname: 'KubePodNotReady', pod: 'w-1' }, 'resolved') }],
    ['events of what went its way', { 'e.txt': events('Scheduled') }],
  ])('is %s', (_, texts) => {
    expect(pasted(texts)).toMatchObject({ category: 'no_incident', status: 'answered' });
  });

  it.each([
    ['an alert that fires', { 'a.json': alert({ alertname: 'SomethingOdd', severity: 'warning' }, 'firing') }],
    ['a pull that nothing follows', { 'e.txt': events('Pulling') }],
  ])('is not %s', (_, texts) => {
    expect(pasted(texts)).toMatchObject({ category: 'unknown', status: 'abstained' });
  });
});
