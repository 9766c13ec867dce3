import type { Json } from '@aetherius/shared/contracts';
import type { HeldObject, KubeEvent, Metadata } from '../kube/objects.ts';

type Raw = Record<string, Json | undefined>;

const record = (value: Json | undefined): Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const list = (value: Json | undefined): Raw[] => (Array.isArray(value) ? value.map(record) : []);

/** Only the named fields that are there. */
function pick(from: Raw, ...names: string[]): Raw {
  const kept: Raw = {};
  for (const name of names) if (from[name] !== undefined) kept[name] = from[name];
  return kept;
}

const keptAnnotations = ['deployment.kubernetes.io/revision'];

/** Without what only the API server needs (managedFields) or what repeats the object (last-applied). */
function metadataOf(raw: Raw): Raw {
  const kept = pick(raw, 'name', 'uid', 'namespace', 'generation', 'creationTimestamp', 'deletionTimestamp', 'labels');
  const annotations = pick(record(raw['annotations']), ...keptAnnotations);
  const owners = list(raw['ownerReferences']).map((owner) =>
    pick(owner, 'apiVersion', 'kind', 'name', 'uid', 'controller'),
  );
  if (Object.keys(annotations).length > 0) kept['annotations'] = annotations as Json;
  if (owners.length > 0) kept['ownerReferences'] = owners as Json;
  return kept;
}

type Trim = (raw: Raw) => { spec: Raw; status: Raw };

const podConditions = new Set(['Ready', 'PodScheduled', 'DisruptionTarget']);

/** Memory limits by container: how near a leak is to its end. */
const memoryLimits = (spec: Raw): Raw =>
  Object.fromEntries(
    list(spec['containers']).flatMap(({ name, resources }) => {
      const { memory } = record(record(resources)['limits']);
      return memory === undefined ? [] : [[String(name), memory]];
    }),
  );

const container = (raw: Raw): Raw => pick(raw, 'name', 'ready', 'restartCount', 'state', 'lastState');

/** Of 10,000 pods only what signals ask for; evidence reads the whole pod when it is needed. */
const pod: Trim = (raw) => {
  const spec = record(raw['spec']);
  const status = record(raw['status']);
  const claims = list(spec['volumes']).flatMap((volume) => record(volume['persistentVolumeClaim'])['claimName'] ?? []);
  return {
    spec: {
      ...pick(spec, 'nodeName', 'restartPolicy'),
      claims,
      memoryLimits: memoryLimits(spec) as Json,
      initContainers: list(spec['initContainers']).flatMap(({ name }) => name ?? []),
    },
    status: {
      ...pick(status, 'phase', 'reason', 'message', 'startTime'),
      conditions: list(status['conditions'])
        .filter(({ type }) => podConditions.has(String(type)))
        .map((one) => pick(one, 'type', 'status', 'reason', 'message', 'lastTransitionTime')) as Json,
      containerStatuses: list(status['containerStatuses']).map(container) as Json,
      initContainerStatuses: list(status['initContainerStatuses']).map(container) as Json,
    },
  };
};

const scaled: Trim = (raw) => {
  const spec = record(raw['spec']);
  const labels = record(record(spec['template'])['metadata'])['labels'];
  const kept = pick(spec, 'replicas', 'selector', 'paused');
  return { spec: labels === undefined ? kept : { ...kept, templateLabels: labels }, status: record(raw['status']) };
};

const trims: Record<HeldObject['kind'], Trim> = {
  Pod: pod,
  Node: (raw) => {
    const { images: _, ...status } = record(raw['status']);
    return { spec: record(raw['spec']), status };
  },
  Deployment: scaled,
  ReplicaSet: scaled,
  StatefulSet: scaled,
  DaemonSet: scaled,
  Job: (raw) => ({ spec: pick(record(raw['spec']), 'completions', 'suspend'), status: record(raw['status']) }),
  Service: (raw) => ({ spec: pick(record(raw['spec']), 'selector', 'type'), status: {} }),
  EndpointSlice: (raw) => ({ spec: {}, status: endpointStatus(raw) }),
  PersistentVolumeClaim: (raw) => ({ spec: record(raw['spec']), status: record(raw['status']) }),
};

/** How many addresses serve, and since when; `ready` absent means ready. */
function endpointStatus(raw: Raw): Raw {
  const ready = list(raw['endpoints']).filter(({ conditions }) => record(conditions)['ready'] !== false);
  const changedAt = record(record(raw['metadata'])['annotations'])['endpoints.kubernetes.io/last-change-trigger-time'];
  return changedAt === undefined ? { ready: ready.length } : { ready: ready.length, changedAt };
}

/** An object as the agent keeps it, or undefined when it is none. Items of a list carry no kind: the caller knows it. */
export function trimObject(kind: HeldObject['kind'], apiVersion: string, raw: Json): HeldObject | undefined {
  const object = record(raw);
  const metadata = record(object['metadata']);
  if (typeof metadata['name'] !== 'string' || typeof metadata['uid'] !== 'string') return undefined;
  return { apiVersion, kind, metadata: metadataOf(metadata), ...trims[kind](object) } as unknown as HeldObject;
}

const eventFields = [
  ...['type', 'reason', 'message', 'count', 'series', 'source', 'reportingComponent'],
  ...['firstTimestamp', 'lastTimestamp', 'eventTime'],
];

/** An Event as the agent reads it, or undefined when it is none or is about nothing. */
export function trimEvent(raw: Json): KubeEvent | undefined {
  const event = record(raw);
  const kept = pick(record(event['metadata']), 'name', 'uid', 'namespace', 'creationTimestamp') as unknown as Metadata;
  const involved = pick(record(event['involvedObject']), 'apiVersion', 'kind', 'namespace', 'name', 'uid');
  if (typeof kept.name !== 'string' || typeof kept.uid !== 'string') return undefined;
  if (typeof involved['kind'] !== 'string' || typeof involved['name'] !== 'string') return undefined;
  return {
    ...pick(event, ...eventFields),
    kind: 'Event',
    metadata: kept,
    involvedObject: involved,
  } as unknown as KubeEvent;
}
