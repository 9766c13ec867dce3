import { type JsonObject, type limitSeries, parseQuantity, type Subject } from '@aetherius/shared/contracts';
import { asObject, text } from '../evidence/bundle-items.ts';
import type { KubeClient } from '../kube/client.ts';
import { createReader } from '../snapshot/reader.ts';
import type { Sample } from './sample.ts';

type Name = keyof typeof limitSeries;
type Told = { name: Name; labels?: Record<string, string>; value: number };
/** A kind of object that says itself how near its limit is. */
type Limited = { kind: string; api: string; plural: string; tells: (object: JsonObject) => Told[] };

const MOST_OBJECTS = 2_000;

/** Used over hard of each resource of a quota; where nothing is allowed nothing can run out. */
function ofQuota({ status }: JsonObject): Told[] {
  const { hard, used } = asObject(status);
  return Object.entries(asObject(hard)).flatMap(([resource, most]): Told[] => {
    const [limit, value] = [parseQuantity(most), parseQuantity(asObject(used)[resource])];
    if (limit === undefined || value === undefined || limit <= 0) return [];
    return [{ name: 'quota_used_ratio', labels: { resource: resource.slice(0, 200) }, value: value / limit }];
  });
}

/** Replicas over the most that are allowed; one that cannot scale at all is always at its maximum. */
function ofAutoscaler({ spec, status }: JsonObject): Told[] {
  const { minReplicas = 1, maxReplicas } = asObject(spec);
  const { currentReplicas } = asObject(status);
  if (typeof maxReplicas !== 'number' || typeof currentReplicas !== 'number') return [];
  if (typeof minReplicas !== 'number' || minReplicas >= maxReplicas) return [];
  return [{ name: 'autoscaler_replicas_ratio', value: currentReplicas / maxReplicas }];
}

/** When a certificate of cert-manager ends, in seconds since the epoch; its Secret is not read for that. */
function ofCertificate({ status }: JsonObject): Told[] {
  const ends = Date.parse(text(asObject(status)['notAfter']) ?? '');
  return Number.isNaN(ends) ? [] : [{ name: 'certificate_not_after_seconds', value: ends / 1000 }];
}

const limitedKinds: readonly Limited[] = [
  { kind: 'ResourceQuota', api: '/api/v1', plural: 'resourcequotas', tells: ofQuota },
  {
    kind: 'HorizontalPodAutoscaler',
    api: '/apis/autoscaling/v2',
    plural: 'horizontalpodautoscalers',
    tells: ofAutoscaler,
  },
  { kind: 'Certificate', api: '/apis/cert-manager.io/v1', plural: 'certificates', tells: ofCertificate },
];

/** What objects of one kind say of their limits, at a time. */
export function limitSamplesOf(kind: string, objects: readonly JsonObject[], at: string): Sample[] {
  const tells = limitedKinds.find((one) => one.kind === kind)?.tells ?? (() => []);
  return objects.flatMap((object) => {
    const { namespace, name } = asObject(object['metadata']);
    const subject: Subject = { kind, namespace: text(namespace), name: text(name) ?? '' };
    return subject.name === ''
      ? []
      : tells(object).map(
          ({ name, labels = {}, value }): Sample => ({ series: { name, labels }, subject, points: [[at, value]] }),
        );
  });
}

/** Reads the limits that stand in objects; `unread` are the kinds that could not be read whole, whose silence therefore means nothing. */
export async function readLimits(
  client: Pick<KubeClient, 'list' | 'text'>,
  { namespaces, at }: { namespaces: readonly string[]; at: string },
): Promise<{ samples: Sample[]; unread: Set<string> }> {
  const reader = createReader(client, 2);
  const places = namespaces.length === 0 ? [''] : namespaces.map((namespace) => `/namespaces/${namespace}`);
  const read = await Promise.all(
    limitedKinds.map(async ({ kind, api, plural }) => {
      const found = await Promise.all(
        places.map((place) => reader.collection(`${api}${place}/${plural}`, { most: MOST_OBJECTS, isExtra: true })),
      );
      const items = found.flatMap((one) => one.items);
      return { kind, whole: found.every(({ whole }) => whole), samples: limitSamplesOf(kind, items, at) };
    }),
  );
  return {
    samples: read.flatMap(({ samples }) => samples),
    unread: new Set(read.filter(({ whole }) => !whole).map(({ kind }) => kind)),
  };
}
