import type { KubeClient } from '../kube/client.ts';
import { hasCode } from '../kube/kube-error.ts';
import { isClusterWide, pathOf } from './kinds.ts';
import { asKubeObject, type KubeObject } from './kube-object.ts';

/** The reason not to write after all, asked with what was just read: leadership, the kill switch and time may have gone since the command came in. */
export type RefusalOf = (target: KubeObject, surroundings: readonly KubeObject[]) => string | undefined;

/** Pod, ReplicaSet and Deployment, or Pod, Job and CronJob; one more than any chain that Kubernetes makes. */
const LONGEST_CHAIN = 3;

/**
 * What an object belongs to: the controllers above it and its namespace. An owner who holds one of these back holds back the object as well.
 * What is not there holds nothing; what may not be read is thrown, because nobody knows then what its owner wants.
 */
export async function surroundingsOf(client: KubeClient, target: KubeObject): Promise<KubeObject[]> {
  const above: KubeObject[] = [];
  for (let next = await controllerOf(client, target); next !== undefined && above.length < LONGEST_CHAIN; ) {
    above.push(next);
    next = await controllerOf(client, next);
  }
  const { namespace } = target.metadata;
  const place = namespace === undefined ? undefined : await read(client, 'Namespace', null, namespace);
  return [...above.filter(speaksForItself), ...(place === undefined ? [] : [place])];
}

/** A Deployment copies its annotations to its ReplicaSets, and what was taken off it stays there. */
const speaksForItself = ({ kind, metadata }: KubeObject): boolean =>
  kind !== 'ReplicaSet' || ownerOf(metadata)?.kind !== 'Deployment';

const ownerOf = ({ ownerReferences }: KubeObject['metadata']) =>
  ownerReferences?.find(({ controller }) => controller === true);

async function controllerOf(client: KubeClient, { metadata }: KubeObject): Promise<KubeObject | undefined> {
  const owner = ownerOf(metadata);
  // A node owns the pods of its own files but is no part of them, and of kinds that no action knows there is nothing to read.
  if (owner === undefined || metadata.namespace === undefined || isClusterWide(owner.kind) !== false) return undefined;
  const found = await read(client, owner.kind, metadata.namespace, owner.name);
  return found?.metadata.uid === owner.uid ? found : undefined;
}

async function read(
  client: KubeClient,
  kind: string,
  namespace: string | null,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return asKubeObject(await client.get(pathOf({ kind, namespace, name })));
  } catch (error) {
    if (hasCode(error, 404)) return undefined;
    throw error;
  }
}
