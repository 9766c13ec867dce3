import { asArray, asNumber, asObject, asString, at, type Json, type JsonObject } from '../../store/json.ts';
import type { KubeObject } from '../../store/kube-object.ts';
import { ageColumn, type Column, nameColumn, since, textAt } from './column.ts';

const statuses = ({ status }: KubeObject, field: string): JsonObject[] => asArray(status?.[field]).map(asObject);

/** The one word kubectl prints for the state of a pod. */
export function podStatus(pod: KubeObject): string {
  const phase = asString(pod.status?.['reason']) || asString(pod.status?.['phase']) || 'Unknown';
  const shown = initStatus(pod) ?? containersStatus(pod, phase);
  if (pod.metadata.deletionTimestamp === undefined) return shown;
  return pod.status?.['reason'] === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function initStatus(pod: KubeObject): string | undefined {
  const inits = statuses(pod, 'initContainerStatuses');
  const total = asArray(pod.spec?.['initContainers']).length;
  const index = inits.findIndex((init) => at(init, 'state', 'terminated', 'exitCode') !== 0);
  const current = inits[index];
  if (current === undefined) return undefined;
  const ended = at(current, 'state', 'terminated');
  if (ended !== undefined)
    return `Init:${asString(at(ended, 'reason')) || `ExitCode:${asString(at(ended, 'exitCode'))}`}`;
  const waiting = asString(at(current, 'state', 'waiting', 'reason'));
  return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

/** The first container with something to say decides. */
function containersStatus(pod: KubeObject, phase: string): string {
  const states = statuses(pod, 'containerStatuses').map((container) => asObject(container['state']));
  const reason = states.map(stateReason).find((text) => text !== '');
  const running = statuses(pod, 'containerStatuses').some(
    (container) => container['ready'] === true && at(container, 'state', 'running') !== undefined,
  );
  if (reason === undefined) return phase;
  if (reason !== 'Completed' || !running) return reason;
  return isReady(pod) ? 'Running' : 'NotReady';
}

function stateReason(state: JsonObject): string {
  const waiting = asString(at(state, 'waiting', 'reason'));
  if (waiting !== '' || state['terminated'] === undefined) return waiting;
  const ended = asObject(state['terminated']);
  const signal = asNumber(ended['signal']);
  return asString(ended['reason']) || (signal === 0 ? `ExitCode:${asString(ended['exitCode'])}` : `Signal:${signal}`);
}

const isReady = ({ status }: KubeObject): boolean =>
  asArray(status?.['conditions']).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );

function readyCount(pod: KubeObject): string {
  const ready = statuses(pod, 'containerStatuses').filter(({ ready }) => ready === true).length;
  return `${ready}/${asArray(pod.spec?.['containers']).length}`;
}

function restarts(pod: KubeObject, now: Date): string {
  const all = statuses(pod, 'containerStatuses');
  const count = all.reduce((sum, container) => sum + asNumber(container['restartCount']), 0);
  const ends = all
    .map((container) => asString(at(container, 'lastState', 'terminated', 'finishedAt')))
    .filter((end) => end !== '');
  const last = ends.sort().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${since(last, now)} ago)`;
}

function gates({ spec, status }: KubeObject): string {
  const wanted = asArray(spec?.['readinessGates']).map((gate) => asString(at(gate, 'conditionType')));
  const conditions = asArray(status?.['conditions']);
  const met = (type: string): boolean =>
    conditions.some((condition: Json) => at(condition, 'type') === type && at(condition, 'status') === 'True');
  return wanted.length === 0 ? '<none>' : `${wanted.filter(met).length}/${wanted.length}`;
}

/** What kubectl prints of a pod. */
export const podColumns: Column[] = [
  nameColumn,
  { name: 'Ready', cell: readyCount },
  { name: 'Status', cell: podStatus },
  { name: 'Restarts', cell: restarts },
  ageColumn,
  { name: 'IP', priority: 1, cell: textAt('status.podIP') },
  { name: 'Node', priority: 1, cell: textAt('spec.nodeName') },
  { name: 'Nominated Node', priority: 1, cell: textAt('status.nominatedNodeName') },
  { name: 'Readiness Gates', priority: 1, cell: gates },
];
