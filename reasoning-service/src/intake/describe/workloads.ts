import type { JsonObject } from '@aetherius/shared/contracts';
import { timestamp } from '../moment.ts';
import { known } from '../table/row-cells.ts';
import { conditionsAt } from './conditions.ts';
import { belowAt, type Line, numberAt, pairsAt, valueAt } from './outline.ts';
import { podSpec } from './pod.ts';

const template = (lines: readonly Line[]): JsonObject | undefined => {
  const below = belowAt(lines, 'Pod Template');
  return below.length === 0
    ? undefined
    : { metadata: known({ labels: pairsAt(below, 'Labels') }), spec: podSpec(below) };
};

const selector = (lines: readonly Line[]): JsonObject | undefined => {
  const matchLabels = pairsAt(lines, 'Selector');
  return matchLabels === undefined ? undefined : { matchLabels };
};

/** `3 desired | 3 updated | 2 available` and `1 current / 3 desired`. */
function counted(text: string | undefined, word: string): number | undefined {
  const [, amount] = new RegExp(`(\\d+) ${word}\\b`).exec(text ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount);
}

/** `kubectl describe deployment`, and of replica sets, stateful sets and replication controllers. */
export function scaledBody(lines: readonly Line[]): JsonObject {
  const replicas = valueAt(lines, 'Replicas');
  const running = counted(valueAt(lines, 'Pods Status'), 'Running');
  return {
    spec: known({
      replicas: counted(replicas, 'desired'),
      selector: selector(lines),
      template: template(lines),
      volumeClaimTemplates: claimTemplates(lines),
    }),
    status: known({
      replicas: counted(replicas, 'total') ?? counted(replicas, 'current'),
      updatedReplicas: counted(replicas, 'updated'),
      availableReplicas: counted(replicas, 'available'),
      unavailableReplicas: counted(replicas, 'unavailable'),
      readyReplicas: counted(replicas, 'available') ?? running,
      conditions: conditionsAt(lines),
    }),
  };
}

function claimTemplates(lines: readonly Line[]): JsonObject[] | undefined {
  const below = belowAt(lines, 'Volume Claims');
  const name = valueAt(below, 'Name');
  if (name === undefined) return undefined;
  return [{ metadata: { name }, spec: known({ storageClassName: valueAt(below, 'StorageClass') }) }];
}

/** `kubectl describe daemonset`. */
export const daemonSetBody = (lines: readonly Line[]): JsonObject => ({
  spec: known({ selector: selector(lines), template: template(lines) }),
  status: known({
    desiredNumberScheduled: numberAt(lines, 'Desired Number of Nodes Scheduled'),
    currentNumberScheduled: numberAt(lines, 'Current Number of Nodes Scheduled'),
    updatedNumberScheduled: numberAt(lines, 'Number of Nodes Scheduled with Up-to-date Pods'),
    numberAvailable: numberAt(lines, 'Number of Nodes Scheduled with Available Pods'),
    numberReady: numberAt(lines, 'Number of Nodes Scheduled with Available Pods'),
    numberMisscheduled: numberAt(lines, 'Number of Nodes Misscheduled'),
  }),
});

/** `kubectl describe job`: its statuses stand in one line, `1 Active (0 Ready) / 0 Succeeded / 3 Failed`. */
export function jobBody(lines: readonly Line[]): JsonObject {
  const pods = valueAt(lines, 'Pods Statuses');
  return {
    spec: known({
      parallelism: numberAt(lines, 'Parallelism'),
      completions: numberAt(lines, 'Completions'),
      backoffLimit: numberAt(lines, 'Backoff Limit'),
      activeDeadlineSeconds: numberAt(lines, 'Active Deadline Seconds'),
      selector: selector(lines),
      template: template(lines),
    }),
    status: known({
      active: counted(pods, 'Active') ?? counted(pods, 'Running'),
      succeeded: counted(pods, 'Succeeded'),
      failed: counted(pods, 'Failed'),
      conditions: conditionsAt(lines),
    }),
  };
}

/** `kubectl describe cronjob`. */
export const cronJobBody = (lines: readonly Line[]): JsonObject => ({
  spec: known({
    schedule: valueAt(lines, 'Schedule'),
    suspend: valueAt(lines, 'Suspend') === 'True',
    concurrencyPolicy: valueAt(lines, 'Concurrency Policy'),
    startingDeadlineSeconds: numberAt(lines, 'Starting Deadline Seconds'),
    jobTemplate: { spec: known({ template: template(lines) }) },
  }),
  status: known({ lastScheduleTime: timestamp(valueAt(lines, 'Last Schedule Time')) }),
});
