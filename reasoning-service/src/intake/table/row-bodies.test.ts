import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_TIME } from '../../diagnosis/health/held-deletion.ts';
import { valueAt } from '../../diagnosis/json-path.ts';
import { bodyOfRow } from './row-bodies.ts';

const at = '2026-11-20T10:15:00.000Z';
const failed = [{ type: 'Failed', status: 'True' }];
const complete = [{ type: 'Complete', status: 'True' }];
const aQuarterAgo = '2026-11-20T10:00:00.000Z';
const running = { name: 'container-1', ready: true, state: { running: {} } };
const ready = (status: string) => [{ type: 'Ready', status }];

type Cells = Record<string, string>;
type Column = {
  kind: string;
  column: string;
  path: string;
  also?: Cells;
  cells: [cell: string | undefined, read: unknown][];
};

const balancer: Cells = { TYPE: 'LoadBalancer' };
const columns: Column[] = [
  {
    kind: 'Service',
    column: 'EXTERNAL-IP',
    path: 'status.loadBalancer',
    also: balancer,
    cells: [
      ['203.0.113.9', { ingress: [{ ip: '203.0.113.9' }] }],
      ['2001:db8::1', { ingress: [{ ip: '2001:db8::1' }] }],
      ['a.lb.example.org,203.0.113.9', { ingress: [{ hostname: 'a.lb.example.org' }, { ip: '203.0.113.9' }] }],
      ['<pending>', {}],
      ['<none>', {}],
      ['', undefined],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Pod',
    column: 'STATUS',
    path: 'metadata.deletionTimestamp',
    also: { READY: '1/1', RESTARTS: '0' },
    cells: [
      ['Running', undefined],
      ['Terminating', UNKNOWN_TIME],
      ['Pending', undefined],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Pod',
    column: 'READY',
    path: 'status.containerStatuses',
    also: { STATUS: 'Running', RESTARTS: '0' },
    cells: [
      ['1/1', [{ name: 'container-1', ready: true, restartCount: 0, state: { running: {} } }]],
      ['0/1', [{ name: 'container-1', ready: false, restartCount: 0, state: { running: {} } }]],
      [undefined, []],
    ],
  },
  {
    kind: 'Pod',
    column: 'RESTARTS',
    path: 'status.containerStatuses',
    also: { STATUS: 'Running', READY: '1/1' },
    cells: [
      ['0', [{ ...running, restartCount: 0 }]],
      ['7 (15m ago)', [{ ...running, restartCount: 7, lastState: { terminated: { finishedAt: aQuarterAgo } } }]],
      [undefined, [running]],
    ],
  },
  {
    kind: 'Node',
    column: 'STATUS',
    path: 'status.conditions',
    cells: [
      ['Ready', ready('True')],
      ['Ready,SchedulingDisabled', ready('True')],
      ['NotReady', ready('False')],
      ['Unknown', ready('Unknown')],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Deployment',
    column: 'READY',
    path: 'status.readyReplicas',
    cells: [
      ['3/3', 3],
      ['0/3', 0],
      ['', undefined],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Deployment',
    column: 'UP-TO-DATE',
    path: 'status.updatedReplicas',
    cells: [
      ['3', 3],
      ['1', 1],
      [undefined, undefined],
    ],
  },
  {
    kind: 'DaemonSet',
    column: 'READY',
    path: 'status.numberReady',
    cells: [
      ['4', 4],
      ['0', 0],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Job',
    column: 'STATUS',
    path: 'status.conditions',
    cells: [
      ['Complete', complete],
      ['Failed', failed],
      ['Running', undefined],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Job',
    column: 'COMPLETIONS',
    path: 'status.succeeded',
    cells: [
      ['1/1', 1],
      ['0/1', 0],
      [undefined, undefined],
    ],
  },
  {
    kind: 'CronJob',
    column: 'SUSPEND',
    path: 'spec.suspend',
    cells: [
      ['False', false],
      ['True', true],
      [undefined, undefined],
    ],
  },
  {
    kind: 'CronJob',
    column: 'LAST SCHEDULE',
    path: 'status.lastScheduleTime',
    cells: [
      ['15m', aQuarterAgo],
      ['<none>', undefined],
      [undefined, undefined],
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    column: 'STATUS',
    path: 'status.phase',
    cells: [
      ['Bound', 'Bound'],
      ['Pending', 'Pending'],
      ['Lost', 'Lost'],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Endpoints',
    column: 'ENDPOINTS',
    path: 'subsets',
    cells: [
      ['10.1.0.4:80', [{ addresses: [{ ip: '10.1.0.4' }], ports: [{ port: 80 }] }]],
      ['<none>', []],
      [undefined, undefined],
    ],
  },
  {
    kind: 'HorizontalPodAutoscaler',
    column: 'TARGETS',
    path: 'status.targets',
    cells: [
      ['cpu: 31%/75%', 'cpu: 31%/75%'],
      ['cpu: <unknown>/75%', 'cpu: <unknown>/75%'],
      [undefined, undefined],
    ],
  },
  {
    kind: 'PodDisruptionBudget',
    column: 'ALLOWED DISRUPTIONS',
    path: 'status.disruptionsAllowed',
    cells: [
      ['1', 1],
      ['0', 0],
      [undefined, undefined],
    ],
  },
  {
    kind: 'ResourceQuota',
    column: 'REQUEST',
    path: 'status.used',
    cells: [
      ['cpu: 1/4', { cpu: '1' }],
      ['cpu: 4/4', { cpu: '4' }],
      [undefined, {}],
    ],
  },
  {
    kind: 'APIService',
    column: 'AVAILABLE',
    path: 'status.conditions',
    cells: [
      ['True', [{ type: 'Available', status: 'True' }]],
      ['False (MissingEndpoints)', [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }]],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Certificate',
    column: 'READY',
    path: 'status.conditions',
    cells: [
      ['True', ready('True')],
      ['False', ready('False')],
      [undefined, undefined],
    ],
  },
  {
    kind: 'ComponentStatus',
    column: 'STATUS',
    path: 'conditions',
    cells: [
      ['Healthy', [{ type: 'Healthy', status: 'True' }]],
      ['Unhealthy', [{ type: 'Healthy', status: 'False' }]],
      [undefined, [{ type: 'Healthy', status: 'Unknown' }]],
    ],
  },
  {
    kind: 'StorageClass',
    column: 'ALLOWVOLUMEEXPANSION',
    path: 'allowVolumeExpansion',
    cells: [
      ['true', true],
      ['false', false],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Ingress',
    column: 'CLASS',
    path: 'spec.ingressClassName',
    cells: [
      ['web', 'web'],
      ['<none>', undefined],
      [undefined, undefined],
    ],
  },
  {
    kind: 'Application',
    column: 'HEALTH STATUS',
    path: 'status.health',
    cells: [
      ['Healthy', { status: 'Healthy' }],
      ['Degraded', { status: 'Degraded' }],
      [undefined, { status: 'Unknown' }],
    ],
  },
  {
    kind: 'Namespace',
    column: 'STATUS',
    path: 'status.phase',
    cells: [
      ['Active', 'Active'],
      ['Terminating', 'Terminating'],
      [undefined, undefined],
    ],
  },
];

const cases = columns.flatMap(({ kind, column, path, also = {}, cells }) =>
  cells.map(([cell, read]) => ({ kind, column, path, also, cell, read })),
);

describe('a cell of a table', () => {
  it.each(cases)('$column of a $kind: $cell is $read at $path', ({ kind, column, path, also, cell, read }) => {
    const row = { NAME: 'x', ...also, ...(cell === undefined ? {} : { [column]: cell }) };
    const found = valueAt(bodyOfRow(kind, row, at), path);
    expect(found).toEqual(read);
  });
});
