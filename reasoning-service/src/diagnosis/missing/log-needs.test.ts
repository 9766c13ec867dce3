import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { writerOf } from '../unplaced-log.ts';

const missing = (...lines: string[]) =>
  diagnose(
    aBundle({
      ...{ at: '2026-01-02T03:04:05.000Z', objects: [], events: [], changes: [] },
      subject: { kind: 'Log', namespace: null, name: 'app.log' },
      logs: [{ id: 'log:1', namespace: 'default', pod: writerOf('app.log'), container: 'app', previous: false, lines }],
    }),
  ).missing_evidence;

it('asks for the pod of a log that nothing places and for the run before', () => {
  const asked = missing('ERROR something odd');
  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain('the pod that wrote app.log, its restarts and its Events: kubectl describe pod POD');
  expect(asked[1]).toContain('--previous');
});

it.each([
  ['ERROR odd answer of ledger:5000', 'kubectl get endpointslices -A -l kubernetes.io/service-name=ledger'],
  [
    'ERROR odd answer of http://ledger.shop.svc.cluster.local:80/x',
    'endpointslices -n shop -l kubernetes.io/service-name=ledger',
  ],
  [
    'ERROR odd answer of 10.0.3.7:5432',
    'what stands at 10.0.3.7, and how it fares: kubectl get services,pods -A -o wide',
  ],
])('asks first for what stands at the host of a complaint: %s', (line, command) => {
  const asked = missing(line);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toContain(command);
});

it.each([
  'ERROR in ledger.ts:12',
  'ERROR at 127.0.0.1:80',
  'ERROR odd answer of ledger.example.com:443',
  'INFO read ledger:5000',
])('asks for no host where there is none, or none of the cluster: %s', (line) => {
  expect(missing(line, 'ERROR something odd').join()).not.toMatch(/endpointslices|services,pods/);
});
