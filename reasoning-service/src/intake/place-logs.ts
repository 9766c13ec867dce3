import type { BundleLog } from '@aetherius/shared/contracts';
import { isInvented } from '../diagnosis/invented-name.ts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';
import { fileOf, writerOf } from '../diagnosis/unplaced-log.ts';
import { isObjectName } from './object-name.ts';
import type { ReadLog, ReadObject } from './reading.ts';
import { UNNAMED } from './unnamed.ts';

/** Logs with the pod and container that wrote them: as their source says, else the only ones that it can have been. */
export function placedLogs(logs: readonly ReadLog[], objects: readonly ReadObject[]): BundleLog[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const used = new Map<string, number>();
  return logs.map((log) => {
    const pod = podOf(log, pods);
    const name = pod?.name ?? log.pod ?? writerOf(log.file ?? 'log');
    const namespace = pod?.namespace ?? log.namespace ?? null;
    const container = log.container ?? containerOf(pod) ?? 'unknown';
    const id = log.id ?? idOf({ name, namespace, container, previous: log.previous });
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    const { previous, lines } = log;
    return { id: times === 1 ? id : `${id}#${times}`, namespace, pod: name, container, previous, lines };
  });
}

type Place = { name: string; namespace: string | null; container: string; previous: boolean };

const idOf = ({ name, namespace, container, previous }: Place): string => {
  const file = fileOf(name);
  return `log:${file ?? `${namespace ?? '_'}/${name}/${container}/${previous ? 'previous' : 'current'}`}`;
};

/** What Kubernetes puts behind the name of a workload: a template and a pod, or a number. */
const made = /^-(?:(?:[a-z0-9]{5,10}-)?[a-z0-9]{5}|\d{1,4})$/;
const isPodOf = (name: string, workload: string): boolean =>
  name.startsWith(workload) && made.test(name.slice(workload.length));

function podOf(log: ReadLog, pods: readonly ReadObject[]): ReadObject | undefined {
  if (log.pod !== undefined) {
    const { pod, namespace } = log;
    const called = pods.filter(({ name }) => name === pod);
    return (
      called.find((one) => one.namespace === namespace) ??
      called[0] ??
      // `kubectl logs deploy/cart` shows one of its pods.
      pods.find(({ name }) => isPodOf(name, pod.split('/').at(-1) ?? ''))
    );
  }
  return podMeant(pods);
}

/** The one pod that what names none can be about: the only one in trouble, else the only one. */
function podMeant(pods: readonly ReadObject[]): ReadObject | undefined {
  const troubled = pods.filter(isTroubled);
  return troubled.length === 1 ? troubled[0] : pods.length === 1 ? pods[0] : undefined;
}

/** The one pod whose logs were read, by the command that printed them or the names of their files. */
function onlyWriter(logs: readonly ReadLog[]): { namespace: string | null; name: string } | undefined {
  const named = logs.flatMap(({ pod, namespace }) =>
    pod !== undefined && isObjectName('Pod', pod) ? [{ namespace: namespace ?? null, name: pod }] : [],
  );
  const [first] = named;
  return first !== undefined && named.every(({ name }) => name === first.name) ? first : undefined;
}

/** Events about a pod without a name as events about the only one that they can be about. */
export function placedEvents<T extends { kind: string; name: string; namespace: string | null }>(
  events: readonly T[],
  objects: readonly ReadObject[],
  logs: readonly ReadLog[],
): T[] {
  if (!events.some(({ name }) => name === UNNAMED)) return [...events];
  const pods = objects.filter(({ kind, name }) => kind === 'Pod' && name !== UNNAMED);
  const pod = pods.length > 0 ? podMeant(pods) : onlyWriter(logs);
  return events.map((event) =>
    pod === undefined || event.kind !== 'Pod' || event.name !== UNNAMED
      ? event
      : { ...event, namespace: pod.namespace ?? null, name: pod.name },
  );
}

export const isTroubled = ({ body }: ReadObject): boolean =>
  objectsAt(body, 'status.containerStatuses').some(
    ({ ready, restartCount }) => ready === false || Number(restartCount) > 0,
  );

function containerOf(pod: ReadObject | undefined): string | undefined {
  if (pod === undefined) return undefined;
  const [first] = objectsAt(pod.body, 'spec.containers');
  const name = textAt(first, 'name');
  return name === undefined || isInvented({ name, image: textAt(first, 'image') }) ? undefined : name;
}
