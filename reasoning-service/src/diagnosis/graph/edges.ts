import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { objectAt, objectsAt, own, textAt, textsAt, wordsAt } from '../json-path.ts';
import { callsOf } from './calls.ts';
import { podShapeOf } from './pod-spec.ts';
import { referencesOf } from './references.ts';

export type EdgeKind =
  | 'owner'
  | 'refers'
  | 'claims'
  | 'account'
  | 'runs_on'
  | 'routes'
  | 'scales'
  | 'class'
  | 'binds'
  | 'slices'
  | 'hooks'
  | 'calls';

/** What one object says about another by name; the other need not be in the bundle. */
export type Edge = { kind: EdgeKind; from: Subject; to: Subject };

type Targets = { kind: EdgeKind; to: Subject }[];

const in_ = (object: BundleObject, kind: string, name: string): Subject => ({
  kind,
  namespace: object.namespace,
  name,
});
const ofCluster = (kind: string, name: string): Subject => ({ kind, namespace: null, name });

function named(kind: EdgeKind, to: (name: string) => Subject, name: string | undefined): Targets {
  return name === undefined || name === '' ? [] : [{ kind, to: to(name) }];
}

const referenceEdges = { PersistentVolumeClaim: 'claims', ServiceAccount: 'account' } as const;

function ofPodShape(object: BundleObject): Targets {
  const shape = podShapeOf(object);
  if (shape === undefined) return [];
  const heldClaims = object.kind === 'Pod' ? heldClaimsOf(object) : [];
  return [
    ...referencesOf(shape.spec).map(({ kind, name }) => ({
      kind: kind in referenceEdges ? referenceEdges[kind as keyof typeof referenceEdges] : ('refers' as const),
      to: in_(object, kind, name),
    })),
    ...heldClaims,
    ...named('runs_on', (name) => ofCluster('Node', name), textAt(shape.spec, 'nodeName')),
    ...callsOf(shape.spec, object.namespace).map(({ service }) => ({ kind: 'calls' as const, to: service })),
  ];
}

/** The agent's trimmed pods list their claims by name alone. */
function heldClaimsOf(pod: BundleObject): Targets {
  const claims = objectAt(pod.body, 'spec')?.['claims'];
  if (!Array.isArray(claims)) return [];
  return claims
    .filter((name) => typeof name === 'string')
    .map((name) => ({ kind: 'claims', to: in_(pod, 'PersistentVolumeClaim', name) }));
}

const ofOwners = (object: BundleObject): Targets =>
  objectsAt(object.body, 'metadata.ownerReferences').flatMap((owner) => {
    const kind = textAt(owner, 'kind');
    const to = (name: string) => (kind === 'Node' ? ofCluster('Node', name) : in_(object, kind ?? '', name));
    return kind === undefined ? [] : named('owner', to, textAt(owner, 'name'));
  });

/** The Services that an Ingress sends requests to. */
export function backendsOf(ingress: BundleObject): { service: string; port: string | undefined }[] {
  const paths = objectsAt(ingress.body, 'spec.rules').flatMap((rule) => objectsAt(rule, 'http.paths'));
  const backends = [objectAt(ingress.body, 'spec.defaultBackend'), ...paths.map((path) => objectAt(path, 'backend'))];
  return backends.flatMap((backend) => {
    const service = textAt(backend, 'service.name') ?? textAt(backend, 'serviceName');
    const port = objectAt(backend, 'service.port');
    const wanted = port?.['number'] ?? port?.['name'] ?? backend?.['servicePort'];
    return service === undefined ? [] : [{ service, port: wanted === undefined ? undefined : String(wanted) }];
  });
}

function ofScaler(object: BundleObject): Targets {
  const target = objectAt(object.body, 'spec.scaleTargetRef');
  const kind = textAt(target, 'kind');
  return kind === undefined ? [] : named('scales', (name) => in_(object, kind, name), textAt(target, 'name'));
}

function ofWebhooks(object: BundleObject): Targets {
  return objectsAt(object.body, 'webhooks').flatMap((hook) => {
    const service = objectAt(hook, 'clientConfig.service');
    const namespace = textAt(service, 'namespace') ?? null;
    return named('hooks', (name) => ({ kind: 'Service', namespace, name }), textAt(service, 'name'));
  });
}

/** An API that a Service of the cluster serves, as that of metrics. */
function ofApi({ body }: BundleObject): Targets {
  const namespace = textAt(body, 'spec.service.namespace') ?? null;
  return named('hooks', (name) => ({ kind: 'Service', namespace, name }), textAt(body, 'spec.service.name'));
}

const byKind: Record<string, (object: BundleObject) => Targets> = {
  Ingress: (object) => [
    ...backendsOf(object).map(({ service }) => ({ kind: 'routes' as const, to: in_(object, 'Service', service) })),
    ...named(
      'class',
      (name) => ofCluster('IngressClass', name),
      textAt(object.body, 'spec.ingressClassName') ??
        textsAt(object.body, 'metadata.annotations')['kubernetes.io/ingress.class'],
    ),
  ],
  HorizontalPodAutoscaler: ofScaler,
  PersistentVolumeClaim: (object) => [
    ...named('class', (name) => ofCluster('StorageClass', name), textAt(object.body, 'spec.storageClassName')),
    ...named('binds', (name) => ofCluster('PersistentVolume', name), textAt(object.body, 'spec.volumeName')),
  ],
  EndpointSlice: (object) =>
    named(
      'slices',
      (name) => in_(object, 'Service', name),
      textsAt(object.body, 'metadata.labels')['kubernetes.io/service-name'],
    ),
  Endpoints: (object) => named('slices', (name) => in_(object, 'Service', name), object.name),
  APIService: ofApi,
  ValidatingWebhookConfiguration: ofWebhooks,
  MutatingWebhookConfiguration: ofWebhooks,
};

/** A description of a claim names the pods that want it, which rows of a table do not tell of themselves. */
const usersOf = (claim: BundleObject): Edge[] =>
  claim.kind === 'PersistentVolumeClaim'
    ? wordsAt(claim.body, 'status.usedBy').map((name) => ({
        kind: 'claims',
        from: in_(claim, 'Pod', name),
        to: in_(claim, claim.kind, claim.name),
      }))
    : [];

/** Every edge that one object draws by naming others; edges by label are drawn by the graph, which sees both sides. */
export function edgesOf(object: BundleObject): Edge[] {
  const from = { kind: object.kind, namespace: object.namespace, name: object.name };
  const targets = [...ofOwners(object), ...ofPodShape(object), ...(own(byKind, object.kind)?.(object) ?? [])];
  return [...targets.map(({ kind, to }) => ({ kind, from, to })), ...usersOf(object)];
}
