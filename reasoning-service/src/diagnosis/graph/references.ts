import type { JsonObject } from '@aetherius/shared/contracts';
import { isTrueAt, objectAt, objectsAt, textAt } from '../json-path.ts';
import { containersIn } from './pod-spec.ts';

/** Something that a pod needs by name; `key` when one entry of it is meant, `optional` when the pod can do without. */
export type Reference = {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount';
  name: string;
  key: string | undefined;
  optional: boolean;
  through: 'env' | 'volume' | 'pull' | 'account';
};

type Through = Reference['through'];

function reference(kind: Reference['kind'], from: JsonObject | undefined, through: Through): Reference[] {
  const name = textAt(from, 'name') ?? textAt(from, 'secretName') ?? textAt(from, 'claimName');
  if (name === undefined) return [];
  return [{ kind, name, key: textAt(from, 'key'), optional: isTrueAt(from, 'optional'), through }];
}

const ofEnvironment = (container: JsonObject): Reference[] => [
  ...objectsAt(container, 'env').flatMap((variable) => [
    ...reference('ConfigMap', objectAt(variable, 'valueFrom.configMapKeyRef'), 'env'),
    ...reference('Secret', objectAt(variable, 'valueFrom.secretKeyRef'), 'env'),
  ]),
  ...objectsAt(container, 'envFrom').flatMap((source) => [
    ...reference('ConfigMap', objectAt(source, 'configMapRef'), 'env'),
    ...reference('Secret', objectAt(source, 'secretRef'), 'env'),
  ]),
];

const ofVolume = (volume: JsonObject): Reference[] => [
  ...reference('ConfigMap', objectAt(volume, 'configMap'), 'volume'),
  ...reference('Secret', objectAt(volume, 'secret'), 'volume'),
  ...reference('PersistentVolumeClaim', objectAt(volume, 'persistentVolumeClaim'), 'volume'),
  ...objectsAt(volume, 'projected.sources').flatMap((source) => [
    ...reference('ConfigMap', objectAt(source, 'configMap'), 'volume'),
    ...reference('Secret', objectAt(source, 'secret'), 'volume'),
  ]),
];

/** Everything that a pod's spec refers to by name. Pull secrets count as optional: the kubelet goes on without them. */
export function referencesOf(spec: JsonObject): Reference[] {
  const account = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount');
  return [
    ...containersIn(spec).flatMap(ofEnvironment),
    ...objectsAt(spec, 'volumes').flatMap(ofVolume),
    ...objectsAt(spec, 'imagePullSecrets').flatMap((secret) =>
      reference('Secret', { ...secret, optional: true }, 'pull'),
    ),
    ...(account === undefined || account === 'default'
      ? []
      : reference('ServiceAccount', { name: account }, 'account')),
  ];
}
