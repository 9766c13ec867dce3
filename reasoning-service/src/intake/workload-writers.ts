import { hasRandomEnd } from '../diagnosis/graph/generated-name.ts';
import { topOf } from './owners.ts';
import { isTroubled } from './place-logs.ts';
import type { ReadObject } from './reading.ts';

const RANDOM_END = /-[a-z0-9]{5}$/;

/** Workloads whose log `kubectl` shows by their name. */
const asKubectlCalls: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job']);

/** What a pod is called after: its controller, else its own name without the letters that one adds. */
function familyOf(pod: ReadObject, find: (kind: string, name: string) => ReadObject | undefined): string {
  const top = topOf(pod, find);
  return top.kind === 'Pod' && hasRandomEnd(top.name) ? top.name.replace(RANDOM_END, '') : top.name;
}

/** Any pod of one template tells what its log is about; the one in trouble is the one whose log people fetch. */
const spokesman = (pods: readonly ReadObject[]): ReadObject | undefined => pods.find(isTroubled) ?? pods[0];

/** For each name of a workload one that may have written a log called so, per namespace: one of its pods, else the workload itself. */
export function writersByWorkload(objects: readonly ReadObject[]): Map<string, ReadObject[]> {
  const byName = new Map(objects.map((one) => [`${one.kind}/${one.name}`, one]));
  const find = (kind: string, name: string) => byName.get(`${kind}/${name}`);
  const spaceAndName = ({ namespace }: ReadObject, name: string) => `${namespace ?? ''}/${name}`;
  const pods = Map.groupBy(
    objects.filter(({ kind }) => kind === 'Pod'),
    (pod) => spaceAndName(pod, familyOf(pod, find)),
  );
  const idle = objects.filter(
    (one) =>
      asKubectlCalls.has(one.kind) && topOf(one, find).name === one.name && !pods.has(spaceAndName(one, one.name)),
  );
  const writers = [...pods].flatMap(([key, family]) => {
    const writer = spokesman(family);
    return writer === undefined ? [] : [{ key, writer }];
  });
  const all = [...writers, ...idle.map((writer) => ({ key: spaceAndName(writer, writer.name), writer }))];
  return new Map(
    [...Map.groupBy(all, ({ key }) => key.slice(key.indexOf('/') + 1))].map(([name, some]) => [
      name,
      some.map(({ writer }) => writer),
    ]),
  );
}
