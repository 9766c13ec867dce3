import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../store/json.ts';
import { kindNamed } from '../store/kinds.ts';
import type { KubeObject } from '../store/kube-object.ts';
import { shortDuration } from './columns/column.ts';
import { podStatus } from './columns/pod-columns.ts';
import { tableOf } from './table.ts';

const now = new Date('2026-01-01T01:00:00Z');

const pod = (status: JsonObject, more: { deletionTimestamp?: string; spec?: JsonObject } = {}): KubeObject => {
  const { spec = { containers: [{ name: 'app' }] }, ...meta } = more;
  const metadata = { name: 'web', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...meta };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec, status };
};

const withState = (state: JsonObject): KubeObject =>
  pod({ phase: 'Running', containerStatuses: [{ name: 'app', state, restartCount: 2, ready: false }] });

describe('podStatus', () => {
  it.each([
    ['Pending', pod({ phase: 'Pending' })],
    ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    ['CrashLoopBackOff', withState({ waiting: { reason: 'CrashLoopBackOff' } })],
    ['OOMKilled', withState({ terminated: { reason: 'OOMKilled', exitCode: 137 } })],
    ['ExitCode:3', withState({ terminated: { exitCode: 3 } })],
    ['Running', withState({ running: {} })],
    ['Terminating', pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:59:00Z' })],
  ])('%s', (shown, object) => {
    expect(podStatus(object)).toBe(shown);
  });

  it('counts the init containers that are done', () => {
    const done = { state: { terminated: { exitCode: 0 } } };
    const inits = [done, { state: { running: {} } }];
    const spec = { containers: [], initContainers: [{ name: 'a' }, { name: 'b' }] };
    expect(podStatus(pod({ phase: 'Pending', initContainerStatuses: inits }, { spec }))).toBe('Init:1/2');
  });
});

describe('tableOf', () => {
  const kind = kindNamed('Pod');
  if (kind === undefined) throw new Error('the table lacks Pod');
  const items = [withState({ running: {} })];

  it('has one cell for each column', () => {
    const table = tableOf({ items, metadata: {} }, { kind, now, include: 'None' });
    expect(table['columnDefinitions']).toHaveLength(9);
    expect(table['rows']).toEqual([
      { cells: ['web', '0/1', 'Running', '2', '60m', '<none>', '<none>', '<none>', '<none>'] },
    ]);
  });

  it('carries as much of the object as was asked for', () => {
    const rows = (include: string) => tableOf({ items, metadata: {} }, { kind, now, include })['rows'];
    expect(rows('Metadata')).toMatchObject([{ object: { kind: 'PartialObjectMetadata', metadata: { name: 'web' } } }]);
    expect(rows('Object')).toMatchObject([{ object: { kind: 'Pod', spec: {} } }]);
  });
});

it.each([
  [5, '5s'],
  [119, '119s'],
  [120, '2m'],
  [150, '2m30s'],
  [3599, '59m'],
  [3 * 3600 + 300, '3h5m'],
  [9 * 3600, '9h'],
  [50 * 3600, '2d2h'],
  [30 * 86_400, '30d'],
  [800 * 86_400, '2y'],
])('%d seconds are written %s', (seconds, written) => {
  expect(shortDuration(seconds * 1000)).toBe(written);
});
