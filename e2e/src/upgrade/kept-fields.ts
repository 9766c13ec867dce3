import type { ChartObject } from '../charts/objects.ts';

/** What of an object Kubernetes does not let anybody change, by the object's name. */
export type Kept = Record<string, unknown>;

type Fields = Record<string, unknown>;
const pick =
  (...names: string[]) =>
  (object: Fields): Fields => {
    const spec = (object['spec'] ?? {}) as Fields;
    return Object.fromEntries(names.filter((name) => name in spec).map((name) => [name, spec[name]]));
  };

const keptOf: Record<string, (object: Fields) => unknown> = {
  Deployment: pick('selector'),
  DaemonSet: pick('selector'),
  StatefulSet: pick('selector', 'serviceName', 'podManagementPolicy', 'volumeClaimTemplates'),
  Service: pick('clusterIP', 'clusterIPs'),
  PersistentVolumeClaim: pick('accessModes', 'storageClassName', 'volumeName', 'selector'),
  RoleBinding: ({ roleRef }) => ({ roleRef }),
  ClusterRoleBinding: ({ roleRef }) => ({ roleRef }),
};
/** Gone with them is what was kept in them. */
const keepData = ['StatefulSet', 'PersistentVolumeClaim'];

/** The parts of a rendered installation that an upgrade has to leave as they are. */
export const keptIn = (objects: readonly ChartObject[]): Kept =>
  Object.fromEntries(
    objects.flatMap((object) => {
      const { kind, metadata } = object;
      const fields = keptOf[kind]?.(object as unknown as Fields);
      const name = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
      return fields === undefined || Object.keys(fields as object).length === 0 ? [] : [[name, fields]];
    }),
  );

/** What of an upgrade the API server would refuse, or what it would leave behind, in words. */
export const refusedChanges = (former: Kept, present: Kept): string[] =>
  Object.entries(former).flatMap(([name, fields]) => {
    if (name in present)
      return sorted(present[name]) === sorted(fields)
        ? []
        : [`${name} cannot be changed from ${sorted(fields)} to ${sorted(present[name])}`];
    return keepData.some((kind) => name.startsWith(`${kind} `)) ? [`${name} is gone, and what it kept with it`] : [];
  });

/** As text in which the order of names says nothing. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
