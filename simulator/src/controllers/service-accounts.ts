import { isTerminating } from './references.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

/** Gives each namespace its default service account and the root certificate that pods mount. */
export function createServiceAccountController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (namespace) => reconcile(world, namespace) });
  return {
    onChange({ type, object }) {
      if (object.kind === 'Namespace' && type === 'ADDED') queue.add(object.metadata.name);
      if (object.kind === 'ServiceAccount' && type === 'DELETED') queue.add(object.metadata.namespace ?? 'default');
    },
  };
}

function reconcile({ objects }: World, name: string): void {
  const namespace = objects.get('Namespace', undefined, name);
  if (namespace === undefined || isTerminating(namespace)) return;
  if (objects.get('ServiceAccount', name, 'default') === undefined) {
    objects.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
  }
  if (objects.get('ConfigMap', name, 'kube-root-ca.crt') === undefined) {
    const data = { 'ca.crt': '' };
    objects.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: name },
      data,
    });
  }
}
