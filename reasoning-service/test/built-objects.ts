import { type Bundle, type Json, JsonObject, type Subject } from '@aetherius/shared/contracts';

/** A diagnosed bundle with as few objects as a remedy needs, and what has to be computed from them. */
export type Built = {
  remedy: string;
  category: string;
  subject: Subject;
  cause?: Subject;
  quote?: string;
  changes?: Partial<Bundle>['changes'];
  metrics?: Partial<Bundle>['metrics'];
  events?: Bundle['events'];
  complete?: Bundle['complete'];
  objects: Bundle['objects'];
  target: Subject;
  parameters: JsonObject;
};

/** A part of a Kubernetes object. */
export type Body = { [field: string]: Json };
const SHOP = 'shop';
/** What is spoken of, in the shop unless said otherwise. */
export const subject = (kind: string, name: string, namespace: string | null = SHOP): Subject => ({
  kind,
  namespace,
  name,
});
/** An object of a bundle. */
export const object = (kind: string, name: string, body: Body, namespace: string | null = SHOP) => ({
  id: `${kind}/${name}`,
  kind,
  namespace,
  name,
  body: JsonObject.parse({ ...body, metadata: { name, ...(body['metadata'] as Body | undefined) } }),
});

/** The workload that most of them are about. */
export const cart = subject('Deployment', 'cart');
export const labels = { app: 'cart' };
/** The Deployment cart; its pods are made as `pod` says, one container as `container` says. */
export const deployment = (container: Body, pod: Body = {}, spec: Body = {}, status: Body = {}) =>
  object('Deployment', 'cart', {
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      ...spec,
      template: { metadata: { labels }, spec: { ...pod, containers: [{ name: 'app', ...container }] } },
    },
    status,
  });
const running = { name: 'app', ready: true, restartCount: 0, state: { running: {} } };
/** The controller of an object. */
export const ownedBy = (kind: string, name: string): Body => ({ ownerReferences: [{ kind, name, controller: true }] });
/** Its pod on node n1, not ready. */
export const podOf = (container: Body, { spec = {}, status = {}, metadata = {} }: Record<string, Body> = {}) =>
  object('Pod', 'cart-1', {
    metadata: { labels, ...ownedBy('Deployment', 'cart'), ...metadata },
    spec: { nodeName: 'n1', ...spec, containers: [{ name: 'app', ...container }] },
    status: { phase: 'Running', containerStatuses: [{ ...running, ready: false }], ...status },
  });
/** A node. */
export const node = (
  name: string,
  {
    spec = {},
    metadata = {},
    ready = 'True',
    pressed = [],
  }: { spec?: Body; metadata?: Body; ready?: string; pressed?: string[] } = {},
) =>
  object(
    'Node',
    name,
    {
      metadata,
      spec,
      status: {
        conditions: [
          ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
            type,
            status: pressed.includes(type) ? 'True' : 'False',
          })),
          { type: 'Ready', status: ready },
        ],
      },
    },
    null,
  );
/** The claim data of class fast, bound to pv-1. */
export const claim = (storage: string) =>
  object('PersistentVolumeClaim', 'data', {
    spec: { storageClassName: 'fast', volumeName: 'pv-1', resources: { requests: { storage } } },
    status: { phase: 'Bound' },
  });
/** The volume of that claim in a pod. */
export const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
/** The budget over the pods of cart. */
export const budget = (spec: Body, status: Body) =>
  object('PodDisruptionBudget', 'cart', { spec: { selector: { matchLabels: labels }, ...spec }, status });
/** Another Deployment that is well. */
export const healthy = (name: string, spec: Body) =>
  object('Deployment', name, {
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec },
    },
    status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  });
/** A probe over HTTP. */
export const http = (port: Json): Body => ({ httpGet: { path: '/', port } });
/** The port that cart serves. */
export const ports = [{ name: 'http', containerPort: 8080 }];
/** A Service before cart. */
export const service = (name: string, spec: Body) => object('Service', name, { spec: { selector: labels, ...spec } });
const points = (value: number): [string, number][] =>
  Array.from({ length: 6 }, (_, minute) => [`2026-01-02T03:0${minute}:00Z`, value]);
/** A metric of the container of cart over six minutes. */
export const series = (name: string, value: number) => ({
  id: name,
  name,
  labels: { namespace: SHOP, pod: 'cart-1', container: 'app' },
  points: points(value),
});
/** A rollout of cart ten minutes ago. */
export const change = (fields: { path: string; before: string | null; after: string | null }[]) => ({
  id: 'c',
  ...cart,
  at: '2026-01-02T03:00:00.000Z',
  change: 'rollout' as const,
  from_revision: '1',
  to_revision: '2',
  fields,
});

/** An incident of cart whose remedy is aimed at it, unless another target is named. */
export const onCart = (built: Omit<Built, 'subject' | 'target'> & { target?: Subject }): Built => ({
  subject: cart,
  target: cart,
  ...built,
});
