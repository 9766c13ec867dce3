import { isDeepStrictEqual } from 'node:util';
import { type Counted, quotaUsage } from '../admission/quota.ts';
import { formatQuantity } from '../store/quantity.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

const countedKinds = ['Pod', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'Deployment', 'Job'];

/** Keeps `status.used` of each quota up to date. */
export function createQuotaStatus(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (namespace) => reconcile(world, namespace) });
  return {
    onChange({ object }) {
      const counts = object.kind === 'ResourceQuota' || countedKinds.includes(object.kind);
      if (counts && object.metadata.namespace !== undefined) queue.add(object.metadata.namespace);
    },
  };
}

function reconcile({ store, objects }: World, namespace: string): void {
  const quotas = objects.list('ResourceQuota', namespace);
  if (quotas.length === 0) return;
  const existing: Counted[] = countedKinds.flatMap((kind) => store.list(kind, namespace));
  for (const quota of quotas) {
    const usage = Object.entries(quotaUsage({ ...quota, spec: { hard: quota.spec.hard ?? {} }, status: {} }, existing));
    const used = Object.fromEntries(usage.map(([name, amount]) => [name, formatQuantity(amount)]));
    const status = { hard: quota.spec.hard ?? {}, used };
    if (!isDeepStrictEqual(quota.status, status)) objects.setStatus(quota, status);
  }
}
