import { forbidden, notFound } from '../store/api-error.ts';
import { asArray, asObject, asString, at, type Json, type JsonObject } from '../store/json.ts';
import { type Kind, kindNamed } from '../store/kinds.ts';
import type { KubeObject, NewObject } from '../store/kube-object.ts';
import { servedKind } from '../store/object-rules.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { initialStatus, withDefaults } from './defaults.ts';
import { quotaRefusal, usageOf } from './quota.ts';
import { validateObject, validateUpdate } from './validate.ts';

type Reader = Pick<ObjectStore, 'get' | 'list'>;

/** The object to create, completed, or the ApiError that refuses it: 404 namespace, 422 fields, 403 service account or quota. */
export function admitCreate(store: Reader, draft: NewObject): NewObject {
  const kind = servedKind(draft.kind);
  const { namespace } = draft.metadata;
  if (kind.namespaced) checkNamespace(store, draft.metadata.name ?? '', { kind, namespace: namespace ?? 'default' });
  const object = complete(store, withDefaults(draft));
  validateObject(kind, object);
  checkQuota(store, kind, object);
  const { status: _sent, ...rest } = object;
  const status = initialStatus(object);
  return status === undefined ? keepStatus(kind, object) : ({ ...rest, status } as NewObject);
}

/** What depends on the rest of the cluster: a pod's account, a service's address. */
function complete(store: Reader, object: NewObject): NewObject {
  if (object.kind === 'Pod') return withServiceAccount(store, object);
  if (object.kind === 'Namespace') return withNameLabel(object);
  return object.kind === 'Service' ? withClusterIp(store, object) : object;
}

/** Selectors reach a namespace by name through this label. */
function withNameLabel(namespace: NewObject): NewObject {
  const { name = '', labels } = namespace.metadata;
  const metadata = { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } };
  return { ...namespace, metadata };
}

function withClusterIp(store: Reader, service: NewObject): NewObject {
  const { clusterIP, type } = asObject(service.spec);
  if (clusterIP !== undefined || type === 'ExternalName') return service;
  const taken = new Set(store.list('Service').map(({ spec }) => spec?.['clusterIP']));
  const addresses = Array.from({ length: 65_534 }, (_, index) => `10.96.${(index + 1) >> 8}.${(index + 1) & 255}`);
  const free = addresses.find((address) => !taken.has(address)) ?? 'None';
  return { ...service, spec: { ...service.spec, clusterIP: free, clusterIPs: [free] } };
}

/** Kinds without a status subresource keep what was sent. */
function keepStatus(kind: Kind, object: NewObject): NewObject {
  if (!kind.subresources.includes('status') || kind.kind === 'Node') return object;
  const { status: _sent, ...rest } = object;
  return rest as NewObject;
}

/** The object to store on an update, completed, or the ApiError that refuses it. */
export function admitUpdate(current: KubeObject, wanted: KubeObject): KubeObject {
  const kind = servedKind(current.kind);
  const filled = withDefaults(wanted);
  validateObject(kind, filled);
  validateUpdate(kind, current, filled);
  return filled;
}

function checkNamespace(store: Reader, name: string, { kind, namespace }: { kind: Kind; namespace: string }): void {
  const found = store.get('Namespace', undefined, namespace);
  const namespaces = kindNamed('Namespace');
  if (found === undefined && namespaces !== undefined) throw notFound(namespaces, namespace);
  if (found?.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(kind, name, why);
}

function withServiceAccount(store: Reader, pod: NewObject): NewObject {
  const spec: JsonObject = asObject(pod.spec);
  const account = asString(spec['serviceAccountName']) || 'default';
  const namespace = pod.metadata.namespace ?? 'default';
  // The default account comes with every namespace, in a real cluster a moment after it.
  if (account !== 'default' && store.get('ServiceAccount', namespace, account) === undefined) {
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    throw forbidden(servedKind('Pod'), pod.metadata.name ?? '', why);
  }
  const tolerations = withNodeTolerations(asArray(spec['tolerations']));
  return { ...pod, spec: { ...spec, serviceAccountName: account, serviceAccount: account, tolerations } };
}

/** A pod bears a lost node for five minutes unless it says otherwise. */
function withNodeTolerations(tolerations: Json[]): Json[] {
  const missing = ['not-ready', 'unreachable']
    .map((state) => `node.kubernetes.io/${state}`)
    .filter((key) => !tolerations.some((item) => at(item, 'key') === key || (at(item, 'key') ?? '') === ''));
  return [
    ...tolerations,
    ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
  ];
}

function checkQuota(store: Reader, kind: Kind, object: NewObject): void {
  const namespace = object.metadata.namespace ?? 'default';
  const quotas = kind.namespaced ? store.list('ResourceQuota', namespace) : [];
  if (quotas.length === 0 || Object.keys(usageOf(object)).length === 0) return;
  const why = quotaRefusal({ object, quotas, existing: store.list(kind.kind, namespace) });
  if (why !== undefined) throw forbidden(kind, object.metadata.name ?? object.metadata.generateName ?? '', why);
}
