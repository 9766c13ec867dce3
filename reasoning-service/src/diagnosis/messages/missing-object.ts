import { own } from '../json-path.ts';

/** A named thing that is not there; `key` when the object is there and the entry in it is not. */
export type Missing = {
  kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim' | 'StorageClass' | 'Namespace';
  name: string;
  key: string | undefined;
};

const kindsByWord: Record<string, Missing['kind']> = {
  configmap: 'ConfigMap',
  configmaps: 'ConfigMap',
  secret: 'Secret',
  secrets: 'Secret',
  serviceaccount: 'ServiceAccount',
  serviceaccounts: 'ServiceAccount',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  'storageclass.storage.k8s.io': 'StorageClass',
  'storageclasses.storage.k8s.io': 'StorageClass',
  storageclass: 'StorageClass',
  namespaces: 'Namespace',
};

const missingObject =
  /\b(configmaps?|secrets?|serviceaccounts?|persistentvolumeclaims?|storageclass(?:es)?\.storage\.k8s\.io|storageclass|namespaces) "([^"]{1,253})" (?:is )?not found/i;
const missingKey = /couldn't find key (\S{1,253}) in (ConfigMap|Secret) (?:[^/\s]{1,63}\/)?([^\s,]{1,253})/i;
const missingItem = /references non-existent (config|secret) key: ([^\s,]{1,253})/i;
/** The kubelet's cache says this for a volume whose object never came. */
const unregistered = /object "([^"/]{1,63})"\/"([^"]{1,253})" not registered/;

/** Reads the sentences in which Kubernetes names a missing object or a missing key in one. */
export function parseMissing(message: string): Missing | undefined {
  const key = missingKey.exec(message);
  if (key?.[3] !== undefined)
    return { kind: own(kindsByWord, (key[2] ?? '').toLowerCase()) ?? 'ConfigMap', name: key[3], key: key[1] };
  const [, word, name] = missingObject.exec(message) ?? [];
  const kind = own(kindsByWord, (word ?? '').toLowerCase());
  return kind === undefined || name === undefined ? undefined : { kind, name, key: undefined };
}

/** A volume that asks for an entry of a ConfigMap or Secret that is not in it; the message names the key and the volume only. */
export function parseMissingItem(
  message: string,
): { kind: 'ConfigMap' | 'Secret'; key: string; volume: string | undefined } | undefined {
  const [, word, key] = missingItem.exec(message) ?? [];
  if (word === undefined || key === undefined) return undefined;
  return { kind: word.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap', key, volume: volumeIn(message) };
}

/** The volume that a FailedMount message is about. */
const volumeIn = (message: string): string | undefined => /for volume "([^"]{1,253})"/.exec(message)?.[1];

/** The object behind "object … not registered": the kubelet does not say of which kind it is. */
export const unregisteredIn = (message: string): string | undefined => unregistered.exec(message)?.[2];
