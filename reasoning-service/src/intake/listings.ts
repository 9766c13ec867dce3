import { textAt } from '../diagnosis/json-path.ts';
import { isClusterWide } from './kind-names.ts';
import type { Listing, Reading, ReadObject } from './reading.ts';

/** Kinds that a set of manifests brings along for itself; Secrets only where it brings one, for they are often made elsewhere. */
const brought = ['ConfigMap', 'Service', 'PersistentVolumeClaim', 'ServiceAccount'];

/** What the bundle holds all of, as `Kind/namespace`, or `Kind` for everywhere. */
export function filledListings(found: Reading, objects: readonly ReadObject[], fallback: string): string[] {
  const listings = found.complete.map(({ kind, namespace }) =>
    shown({ kind, namespace: namespace === undefined ? fallback : namespace }),
  );
  return [...new Set([...listings, ...(isManifestsOnly(found) ? ofManifests(objects) : [])])];
}

const shown = ({ kind, namespace }: Listing): string =>
  namespace === null || namespace === undefined || isClusterWide(kind) ? kind : `${kind}/${namespace}`;

/** What a cluster gives every object, and what it tells of itself. */
const isWritten = ({ body, detail }: ReadObject): boolean =>
  detail === 'whole' && body['status'] === undefined && textAt(body, 'metadata.uid') === undefined;

function isManifestsOnly({ objects, events, logs, alerts, stated }: Reading): boolean {
  const hasMore = events.length > 0 || logs.length > 0 || alerts.length > 0 || stated.subject !== undefined;
  return !hasMore && objects.length > 1 && objects.every(isWritten);
}

function ofManifests(objects: readonly ReadObject[]): string[] {
  const spaces = [...new Set(objects.flatMap(({ namespace }) => (namespace ? [namespace] : [])))];
  return spaces.flatMap((namespace) => {
    const hasSecret = objects.some((object) => object.kind === 'Secret' && object.namespace === namespace);
    return [...brought, ...(hasSecret ? ['Secret'] : [])].map((kind) => `${kind}/${namespace}`);
  });
}
