import { asArray, asNumber, asObject, asString, at } from '../../store/json.ts';
import type { KubeObject } from '../../store/kube-object.ts';
import {
  ageColumn,
  type Column,
  labelsText,
  nameColumn,
  numberAt,
  shortDuration,
  since,
  templateColumns,
  textAt,
} from './column.ts';

const counts = (name: string, path: string): Column => ({ name, type: 'integer', cell: numberAt(path) });

const readyOf = ({ spec, status }: KubeObject): string =>
  `${asNumber(status?.['readyReplicas'])}/${asNumber(spec?.['replicas'])}`;

const replicaColumns: Column[] = [
  nameColumn,
  counts('Desired', 'spec.replicas'),
  counts('Current', 'status.replicas'),
  counts('Ready', 'status.readyReplicas'),
  ageColumn,
  ...templateColumns,
];

function jobStatus({ metadata, spec, status }: KubeObject): string {
  const holds = (type: string): boolean =>
    asArray(status?.['conditions']).some((item) => at(item, 'type') === type && at(item, 'status') === 'True');
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (spec?.['suspend'] === true) return 'Suspended';
  return holds('FailureTarget') ? 'FailureTarget' : 'Running';
}

function jobDuration({ status }: KubeObject, now: Date): string {
  const start = Date.parse(asString(status?.['startTime']));
  if (Number.isNaN(start)) return '';
  const end = Date.parse(asString(status?.['completionTime']));
  return shortDuration((Number.isNaN(end) ? now.getTime() : end) - start);
}

function metricsText({ spec, status }: KubeObject): string {
  const current = asArray(status?.['currentMetrics']);
  const texts = asArray(spec?.['metrics']).map((metric, index) => {
    const name = asString(at(metric, 'resource', 'name')) || asString(at(metric, 'type'));
    const target = asString(at(metric, 'resource', 'target', 'averageUtilization'));
    const now = asString(at(current[index], 'resource', 'current', 'averageUtilization'));
    return `${name}: ${now === '' ? '<unknown>' : `${now}%`}/${target}%`;
  });
  return texts.join(', ') || '<none>';
}

/** What kubectl prints of workloads and of what scales and protects them. */
export const workloadColumns: { [kind: string]: Column[] } = {
  Deployment: [
    nameColumn,
    { name: 'Ready', cell: readyOf },
    counts('Up-to-date', 'status.updatedReplicas'),
    counts('Available', 'status.availableReplicas'),
    ageColumn,
    ...templateColumns,
  ],
  ReplicaSet: replicaColumns,
  ReplicationController: replicaColumns,
  StatefulSet: [nameColumn, { name: 'Ready', cell: readyOf }, ageColumn, ...templateColumns.slice(0, 2)],
  DaemonSet: [
    nameColumn,
    counts('Desired', 'status.desiredNumberScheduled'),
    counts('Current', 'status.currentNumberScheduled'),
    counts('Ready', 'status.numberReady'),
    counts('Up-to-date', 'status.updatedNumberScheduled'),
    counts('Available', 'status.numberAvailable'),
    { name: 'Node Selector', cell: ({ spec }) => labelsText(asObject(at(spec, 'template', 'spec', 'nodeSelector'))) },
    ageColumn,
    ...templateColumns,
  ],
  ControllerRevision: [
    nameColumn,
    {
      name: 'Controller',
      cell: ({ metadata }) => {
        const owner = metadata.ownerReferences?.[0];
        return owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}.apps/${owner.name}`;
      },
    },
    counts('Revision', 'revision'),
    ageColumn,
  ],
  Job: [
    nameColumn,
    { name: 'Status', cell: jobStatus },
    {
      name: 'Completions',
      cell: ({ spec, status }) => `${asNumber(status?.['succeeded'])}/${asNumber(spec?.['completions'], 1)}`,
    },
    { name: 'Duration', cell: jobDuration },
    ageColumn,
    ...templateColumns,
  ],
  CronJob: [
    nameColumn,
    { name: 'Schedule', cell: textAt('spec.schedule') },
    { name: 'Timezone', cell: textAt('spec.timeZone') },
    { name: 'Suspend', cell: ({ spec }) => (spec?.['suspend'] === true ? 'True' : 'False') },
    { name: 'Active', type: 'integer', cell: ({ status }) => asArray(status?.['active']).length },
    {
      name: 'Last Schedule',
      cell: ({ status }, now) =>
        status?.['lastScheduleTime'] === undefined ? '<none>' : since(status['lastScheduleTime'], now),
    },
    ageColumn,
  ],
  HorizontalPodAutoscaler: [
    nameColumn,
    {
      name: 'Reference',
      cell: ({ spec }) =>
        `${asString(at(spec, 'scaleTargetRef', 'kind'))}/${asString(at(spec, 'scaleTargetRef', 'name'))}`,
    },
    { name: 'Targets', cell: metricsText },
    { name: 'MinPods', cell: ({ spec }) => asString(spec?.['minReplicas']) || '<unset>' },
    counts('MaxPods', 'spec.maxReplicas'),
    counts('Replicas', 'status.currentReplicas'),
    ageColumn,
  ],
  PodDisruptionBudget: [
    nameColumn,
    { name: 'Min Available', cell: textAt('spec.minAvailable', 'N/A') },
    { name: 'Max Unavailable', cell: textAt('spec.maxUnavailable', 'N/A') },
    counts('Allowed Disruptions', 'status.disruptionsAllowed'),
    ageColumn,
  ],
};
