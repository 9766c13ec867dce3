import type { Json, JsonObject } from './json.ts';

/** The link from a dependent object to the one that made it. */
export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

/** The metadata every stored object has. */
export type ObjectMeta = {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: JsonObject[];
};

/** An object as the store holds it; what lies beside spec and status (data, rules, involvedObject ...) is free JSON. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: JsonObject;
  status?: JsonObject;
  [field: string]: Json;
};

/** An object before the store has filled in what only it knows. */
export type NewObject = {
  apiVersion?: string;
  kind: string;
  metadata: Partial<ObjectMeta>;
  spec?: JsonObject;
  status?: JsonObject;
  [field: string]: Json;
};

/** One committed write. */
export type Change = { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject; previous?: KubeObject };

/** The uid of the controller that owns an object. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);
