import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClusterAccess } from './fleet.ts';
import type { Options } from './options.ts';

/** A cluster's id out of a context's name: what an id may not hold becomes a hyphen, and a hash keeps two names apart. */
function clusterIdOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (plain === name) return plain.slice(0, 63).replace(/-+$/, '');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${plain.slice(0, 50)}-${hash}`.replace(/^-/, '');
}

/** How the agent reaches the cluster that a person named; nothing is changed in it unless that was said, too. */
export function attachedCluster({ context, kubeconfig, allowChanges }: Options): ClusterAccess {
  const file = kubeconfig ?? process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config');
  const name = context ?? 'attached';
  return {
    id: clusterIdOf(name),
    name,
    env: {
      KUBECONFIG: file,
      ...(context === undefined ? {} : { KUBE_CONTEXT: context }),
      ALLOW_CHANGES: allowChanges ? 'true' : 'false',
      LEADER: 'lock_file',
    },
  };
}
