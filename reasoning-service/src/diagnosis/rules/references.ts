import type { BundleObject, Category, JsonObject, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import { type Reference, referencesOf } from '../graph/references.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectAt, objectsAt, textAt, valueAt } from '../json-path.ts';
import { type Missing, parseMissing, parseMissingItem, unregisteredIn } from '../messages/missing-object.ts';
import { finding, groupBy, type Said, saidByConditions, saidByContainers, saidByEvents } from '../said.ts';

const categories: Partial<Record<Missing['kind'], Category>> = {
  ConfigMap: 'missing_configmap',
  Secret: 'missing_secret',
  ServiceAccount: 'missing_service_account',
  PersistentVolumeClaim: 'volume_mount_failed',
};

/** What is missing; of an entry that a volume asks for the object may be unknown, and the volume is then all that is. */
type Lack = Omit<Missing, 'name'> & { name: string | undefined; volume?: string };
type Found = { said: Said; missing: Lack };

const failures = ['Failed', 'FailedMount', 'FailedCreate', 'FailedScheduling', 'CreateContainerConfigError'];

const namedBy = { ConfigMap: 'configMap.name', Secret: 'secret.secretName' } as const;
const projectedBy = { ConfigMap: 'configMap', Secret: 'secret' } as const;

/** The object of a kind that a volume is made from; of several that are projected into one, the only that the entry is asked of. */
function sourceOf(volume: JsonObject, kind: keyof typeof namedBy, key: string): string | undefined {
  const own = textAt(volume, namedBy[kind]);
  if (own !== undefined) return own;
  const sources = objectsAt(volume, 'projected.sources').flatMap((one) => objectAt(one, projectedBy[kind]) ?? []);
  const asking = sources.filter((one) => objectsAt(one, 'items').some((item) => textAt(item, 'key') === key));
  const [only, ...others] = sources.length === 1 ? sources : asking;
  return others.length > 0 ? undefined : textAt(only, 'name');
}

/** Whose entry a volume asked for: the message names only the volume, the spec of the pod or its template what is behind it. */
function ofVolume(facts: Facts, { about, message }: Said): Lack | undefined {
  const item = parseMissingItem(message);
  if (item === undefined) return undefined;
  const { kind, key, volume = '' } = item;
  const owner = facts.graph.find(about) ?? facts.graph.find(facts.top(about));
  const shape = owner === undefined ? undefined : podShapeOf(owner);
  const found = objectsAt(shape?.spec, 'volumes').find(({ name }) => name === volume);
  return { kind, key, volume, name: found === undefined ? undefined : sourceOf(found, kind, key) };
}

/** "object … not registered" goes with a pod that the kubelet has let go; it counts where the pod really refers to the object. */
function unregistered(facts: Facts, { about, message }: Said): Missing | undefined {
  const name = unregisteredIn(message);
  const pod = facts.graph.find(about);
  const shape = pod === undefined ? undefined : podShapeOf(pod);
  const reference = shape === undefined ? undefined : referencesOf(shape.spec).find((one) => one.name === name);
  if (name === undefined || (reference?.kind !== 'ConfigMap' && reference?.kind !== 'Secret')) return undefined;
  return { kind: reference.kind, name, key: undefined };
}

function toldMissing(facts: Facts): Found[] {
  const all = [
    ...saidByContainers(facts),
    ...saidByEvents(facts, { reason: failures }),
    ...saidByConditions(facts, 'Pod', 'PodScheduled'),
    ...saidByConditions(facts, 'ReplicaSet', 'ReplicaFailure'),
    ...saidByConditions(facts, 'Deployment', 'ReplicaFailure'),
  ];
  return all.flatMap((said) => {
    const missing = parseMissing(said.message) ?? ofVolume(facts, said) ?? unregistered(facts, said);
    return missing === undefined || categories[missing.kind] === undefined ? [] : [{ said, missing }];
  });
}

function explain(facts: Facts, group: readonly Found[]): Hypothesis[] {
  const [first] = group;
  const category = first === undefined ? undefined : categories[first.missing.kind];
  if (first === undefined || category === undefined) return [];
  const { kind, name } = first.missing;
  const { about } = first.said;
  return [
    finding({
      category,
      subject: facts.top(about),
      ...(name === undefined ? {} : { cause: { kind, namespace: about.namespace, name } }),
      description: lackInWords(first),
      weight: 0.97,
      evidence: group.flatMap(({ said }) => said.evidence),
      affects: group.map(({ said }) => said.about),
    }),
  ];
}

function lackInWords({ said: { about }, missing: { kind, name, key, volume } }: Found): string {
  if (name === undefined) return `the ${kind} behind volume ${volume} has no key ${key}`;
  return key === undefined
    ? `${kind} ${name} does not exist in namespace ${about.namespace}`
    : `${kind} ${name} has no key ${key}`;
}

/** A ConfigMap, Secret or service account, or a key in it, that Kubernetes says is not there. */
export const missingReference: Rule = (facts) =>
  groupBy(toldMissing(facts), ({ said, missing }) =>
    JSON.stringify([facts.top(said.about), missing.kind, missing.name ?? `volume ${missing.volume}`]),
  ).flatMap((group) => explain(facts, group));

/** Whether an object has an entry; values of Secrets are masked, their keys stay. */
const hasKey = (object: BundleObject, key: string): boolean =>
  ['data', 'stringData', 'binaryData'].some(
    (part) => valueAt(object.body, part) instanceof Object && key in (valueAt(object.body, part) as object),
  );

const keysAreKnown = ({ body }: BundleObject): boolean =>
  body['data'] instanceof Object || body['stringData'] instanceof Object;

function absence(
  facts: Facts,
  owner: BundleObject,
  reference: Reference,
): { target: Subject; key: string | undefined } | undefined {
  if (reference.optional) return undefined;
  const target: Subject = { kind: reference.kind, namespace: owner.namespace, name: reference.name };
  const object = facts.graph.find(target);
  if (object === undefined)
    return facts.graph.isWhole(reference.kind, owner.namespace) ? { target, key: undefined } : undefined;
  const { key } = reference;
  return key === undefined || !keysAreKnown(object) || hasKey(object, key) ? undefined : { target, key };
}

/** Only what has no status yet is judged by its manifest: pods that were started prove their references, ports and figures good. */
export const isDesignOnly = (facts: Facts, object: BundleObject): boolean =>
  facts.health(object).state === 'unclear' && facts.graph.out(subjectOf(object), 'owner').length === 0;

function ofManifest(facts: Facts, owner: BundleObject): Hypothesis[] {
  const shape = isDesignOnly(facts, owner) ? podShapeOf(owner) : undefined;
  if (shape === undefined) return [];
  return referencesOf(shape.spec).flatMap((reference) => {
    const missing = absence(facts, owner, reference);
    const category = categories[reference.kind];
    if (missing === undefined || category === undefined) return [];
    const { target, key } = missing;
    return finding({
      category,
      subject: facts.top(owner),
      isByDesign: true,
      cause: target,
      description:
        key === undefined
          ? `${target.kind} ${target.name}, which ${owner.kind} ${owner.name} refers to, does not exist in namespace ${owner.namespace}`
          : `${target.kind} ${target.name} has no key ${key}, which ${owner.kind} ${owner.name} refers to`,
      weight: 0.88,
      evidence: citeObject(owner, `: ${reference.name}`),
      affects: [subjectOf(owner)],
    });
  });
}

/** References of manifests to what a whole listing does not have. */
export const danglingReference: Rule = (facts) =>
  [...facts.bundle.objects].filter(({ kind }) => kind !== 'ReplicaSet').flatMap((object) => ofManifest(facts, object));
