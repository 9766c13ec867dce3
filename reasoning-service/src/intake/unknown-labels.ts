import type { JsonObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt, textsAt } from '../diagnosis/json-path.ts';
import { isObject } from './kubernetes.ts';
import type { ReadObject } from './reading.ts';

/**
 * The same objects, honest about labels that a table does not show: a pod gets those that its controller selects by, and where
 * pods are left without any, a Service's selector can be neither met nor missed, so it is kept only if its endpoints are seen empty.
 */
export function withKnownLabels<T extends ReadObject>(objects: readonly T[]): T[] {
  const first = new Map(objects.toReversed().map((one) => [placeOf(one.namespace, one), one]));
  const labelled = objects.map((object) => (isUnlabelled(object) ? labelledBy(object, first) : object));
  const unclear = new Set(labelled.filter(isUnlabelled).map(({ namespace }) => namespace));
  const empty = new Set(labelled.filter(isEmptyEndpoints).map(({ namespace, name }) => `${namespace}/${name}`));
  return labelled.map((object) => {
    const isHidden = object.kind === 'Service' && unclear.has(object.namespace);
    return isHidden && !empty.has(`${object.namespace}/${object.name}`) ? withoutSelector(object) : object;
  });
}

const isUnlabelled = ({ kind, detail, body }: ReadObject): boolean =>
  kind === 'Pod' && detail === 'row' && Object.keys(textsAt(body, 'metadata.labels')).length === 0;

const isEmptyEndpoints = ({ kind, body }: ReadObject): boolean =>
  kind === 'Endpoints' && objectsAt(body, 'subsets').length === 0;

const placeOf = (namespace: ReadObject['namespace'], { kind, name }: { kind: string; name: string }): string =>
  `${namespace} ${kind}/${name}`;

function labelledBy<T extends ReadObject>(pod: T, objects: ReadonlyMap<string, ReadObject>): T {
  const [owner] = objectsAt(pod.body, 'metadata.ownerReferences');
  const [kind = '', name = ''] = [textAt(owner, 'kind'), textAt(owner, 'name')];
  const found = objects.get(placeOf(pod.namespace, { kind, name }));
  const labels = found === undefined ? {} : textsAt(found.body, 'spec.selector.matchLabels');
  const { metadata } = pod.body;
  if (Object.keys(labels).length === 0) return pod;
  return { ...pod, body: { ...pod.body, metadata: { ...(isObject(metadata) ? metadata : {}), labels } } };
}

function withoutSelector<T extends ReadObject>(service: T): T {
  const { spec } = service.body;
  if (!isObject(spec)) return service;
  const { selector: _, ...rest }: JsonObject = spec;
  return { ...service, body: { ...service.body, spec: rest } };
}
