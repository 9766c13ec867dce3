import type { Bundle, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from '../diagnose-all.ts';

const at = '2026-05-06T12:00:00.000Z';
const hour = (start: number): string => `2026-05-06T${String(start).padStart(2, '0')}:00:00Z`;
const made = (kind: string, name: string, body: JsonObject): BundleObject => ({
  ...{ id: `object:${kind}/tide/${name}`, kind, namespace: 'tide', name, body },
});
type Made = { cron?: string; reason?: string | undefined };
const run = (start: number, type: 'Failed' | 'Complete' | undefined, { cron = 'ebb', reason }: Made = {}) =>
  made('Job', `${cron}-run${start}`, {
    metadata: {
      ...{ uid: `u-${cron}-${start}`, creationTimestamp: hour(start) },
      ownerReferences: [{ kind: 'CronJob', name: cron, controller: true }],
    },
    status: {
      startTime: hour(start),
      conditions:
        type === undefined ? [] : [{ type, status: 'True', lastTransitionTime: hour(start), reason: reason ?? null }],
    },
  });
const attempt = (start: number, status: JsonObject = {}) =>
  made('Pod', `ebb-run${start}-x2k4p`, {
    metadata: { ownerReferences: [{ kind: 'Job', name: `ebb-run${start}`, controller: true }] },
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'main', restartCount: 0, state: { terminated: { exitCode: 1, reason: 'Error' } } }],
      ...status,
    },
  });
const cronJob = (status: JsonObject = {}) => made('CronJob', 'ebb', { metadata: { uid: 'u' }, spec: {}, status });
const found = (...objects: BundleObject[]) => asked(objects);
const asked = (objects: BundleObject[], more: Partial<Bundle> = {}) =>
  diagnoseAll(
    aBundle({
      ...{ at, objects, logs: [], events: [], changes: [] },
      subject: { kind: 'Namespace', namespace: null, name: 'tide' },
      ...more,
    }),
  ).map(({ category, subject }) => `${category} ${subject.name}`);

describe('a run of a CronJob that failed', () => {
  it.each<[string, BundleObject[]]>([
    ['a later one was done', [run(3, 'Failed', { reason: 'BackoffLimitExceeded' }), run(5, 'Complete')]],
    ['a later one was done, with its tries', [run(3, 'Failed'), attempt(3), run(5, 'Complete')]],
    ['all since were done', [run(1, 'Complete'), run(3, 'Failed'), run(5, 'Complete'), run(7, 'Complete')]],
    ['several failed in a row and then one was done', [run(3, 'Failed'), run(4, 'Failed'), run(5, 'Complete')]],
    ['its CronJob has succeeded since', [cronJob({ lastSuccessfulTime: hour(9) }), run(3, 'Failed'), attempt(3)]],
  ])('is over where %s', (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });

  const reason = 'BackoffLimitExceeded';
  it.each<[string, BundleObject[]]>([
    ['it was the last', [run(1, 'Complete'), run(3, 'Failed', { reason })]],
    ['a later one has not ended', [run(3, 'Failed', { reason }), run(5, undefined)]],
    ['one of another CronJob was done', [run(3, 'Failed', { reason }), run(5, 'Complete', { cron: 'flow' })]],
    ['its CronJob succeeded before', [cronJob({ lastSuccessfulTime: hour(2) }), run(3, 'Failed', { reason })]],
    [
      'such a run had failed and been done before',
      [run(1, 'Failed'), run(2, 'Complete'), run(3, 'Failed', { reason }), run(5, 'Complete')],
    ],
  ])('is a fault where %s', (_, objects) => {
    expect(found(...objects)).toEqual(['job_failed_backoff ebb-run3']);
  });

  const alert = (job_name: string): Bundle['alerts'][number] => ({
    ...{ id: 'alert:1', name: 'KubeJobFailed', labels: { namespace: 'tide', job_name }, annotations: {} },
    ...{ starts_at: hour(3), ends_at: null },
  });
  it.each<[string, Partial<Bundle>]>([
    ['is the subject', { subject: { kind: 'Job', namespace: 'tide', name: 'ebb-run3' } }],
    ['is named by an alert', { alerts: [alert('ebb-run3')] }],
  ])('is told all the same where it %s', (_, more) => {
    expect(asked([run(3, 'Failed', { reason }), run(5, 'Complete')], more)).toEqual(['job_failed_backoff ebb-run3']);
  });

  it('tells of the node that put its pod out all the same', () => {
    const put = attempt(3, { reason: 'Evicted', message: 'The node was low on resource: memory.' });
    expect(found(run(3, 'Failed'), put, run(5, 'Complete'))).toHaveLength(1);
  });
});

it('tries of one CronJob are one finding, also where rows of pods are all there is', () => {
  const rows = ['q8z2l', '7kkmz', 'x4vvd'].map((end) =>
    made('Pod', `ebb-29400420-${end}`, { metadata: { creationTimestamp: hour(9) }, status: { phase: 'Failed' } }),
  );
  expect(found(...rows)).toEqual(['unknown ebb']);
});

describe('a pod of a run that failed, in rows that tell of nothing else', () => {
  const row = (minute: number, phase: string, { cron = 'ebb', end = 'x2k4p', status = {} } = {}) =>
    made('Pod', `${cron}-${minute}-${end}`, { metadata: { creationTimestamp: hour(9) }, status: { phase, ...status } });
  it.each<[string, BundleObject[]]>([
    ['a later run was done', [row(29400420, 'Failed'), row(29400480, 'Succeeded')]],
    ['another try of its run was done', [row(29400420, 'Failed'), row(29400420, 'Succeeded', { end: 'b7d2c' })]],
  ])('is over where %s', (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });

  it.each<[string, BundleObject[]]>([
    ['it was the last', [row(29400420, 'Succeeded'), row(29400480, 'Failed')]],
    ['one of another CronJob was done', [row(29400420, 'Failed'), row(29400480, 'Succeeded', { cron: 'flow' })]],
    [
      'such a run had failed and been done before',
      [...[row(29400420, 'Failed'), row(29400480, 'Succeeded'), row(29400540, 'Failed'), row(29400600, 'Succeeded')]],
    ],
    ['a node put it out', [row(29400420, 'Failed', { status: { reason: 'Evicted' } }), row(29400480, 'Succeeded')]],
  ])('is told where %s', (_, objects) => {
    expect(found(...objects)).toHaveLength(1);
  });
});
