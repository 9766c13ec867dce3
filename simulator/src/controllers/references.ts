import type { AnyObject, Container, Metadata, ObjectReference, OwnerReference, Pod } from './types.ts';

type Referable = { apiVersion: string; kind: string; metadata: Metadata };

/** The reference to an object that an event carries. */
export const referenceTo = ({ apiVersion, kind, metadata }: Referable, fieldPath?: string): ObjectReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
  ...(fieldPath === undefined ? {} : { fieldPath }),
});

/** The reference to one container of a pod. */
export const containerReference = (pod: Pod, { name }: Container): ObjectReference =>
  referenceTo(pod, `spec.containers{${name}}`);

/** What a controller writes on the objects that it makes. */
export const ownedBy = ({ apiVersion, kind, metadata }: Referable): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

/** The controller that owns an object. */
export const controllerOf = ({ metadata }: { metadata: Metadata }): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true);

/** Whether an object is on its way out. */
export const isTerminating = ({ metadata }: { metadata: Metadata }): boolean =>
  metadata.deletionTimestamp !== undefined;

/** The queue key of a namespaced object of a known kind. */
export const nameKey = ({ metadata }: { metadata: Metadata } | AnyObject): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

/** Takes a queue key apart. */
export function splitNameKey(key: string): { namespace: string | undefined; name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace: namespace === '' ? undefined : namespace, name };
}
