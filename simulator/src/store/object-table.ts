import type { KubeObject } from './kube-object.ts';

/** The objects of a cluster by kind, namespace and name. */
export type ObjectTable = ReturnType<typeof createObjectTable>;

/** An empty table. */
export function createObjectTable() {
  const byKind = new Map<string, Map<string, Map<string, KubeObject>>>();

  function names(kind: string, namespace: string): Map<string, KubeObject> {
    const namespaces = byKind.get(kind) ?? new Map<string, Map<string, KubeObject>>();
    const objects = namespaces.get(namespace) ?? new Map<string, KubeObject>();
    byKind.set(kind, namespaces.set(namespace, objects));
    return objects;
  }

  return Object.freeze({
    get: (kind: string, namespace: string | undefined, name: string): KubeObject | undefined =>
      byKind
        .get(kind)
        ?.get(namespace ?? '')
        ?.get(name),
    list(kind: string, namespace?: string): KubeObject[] {
      const namespaces = byKind.get(kind);
      if (namespace !== undefined) return [...(namespaces?.get(namespace)?.values() ?? [])];
      return [...(namespaces?.values() ?? [])].flatMap((objects) => [...objects.values()]);
    },
    put(object: KubeObject): void {
      names(object.kind, object.metadata.namespace ?? '').set(object.metadata.name, object);
    },
    drop(object: KubeObject): void {
      names(object.kind, object.metadata.namespace ?? '').delete(object.metadata.name);
    },
  });
}
