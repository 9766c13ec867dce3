import type { BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import { type Reference, referencesOf } from '../graph/references.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt, valueAt } from '../json-path.ts';
import { type Missing, parseMissing, parseMissingItem, unregisteredIn } from '../messages/missing-object.ts';
import { finding, groupBy, type Said, saidByConditions, saidByContainers, saidByEvents } from '../said.ts';

const categories: Partial<Record<Missing['kind'], Category>> = {
  ConfigMap: 'missing_configmap',
  Secret: 'missing_secret',
  ServiceAccount: 'missing_service_account',
  PersistentVolumeClaim: 'volume_mount_failed',
};

type Found = { said: Said; missing: Missing };

const failures = ['Failed', 'FailedMount', 'FailedCreate', 'FailedScheduling', 'CreateContainerConfigError'];

/** Whose key a volume asked for, looked up in the pod's spec: the message names only the volume. */
function ofVolume(facts: Facts, { about, message }: Said): Missing | undefined {
  const item = parseMissingItem(message);
  if (item === undefined) return undefined;
  const pod = facts.graph.find(about);
  const volume = objectsAt(pod?.body, 'spec.volumes').find(({ name }) => name === item.volume) ?? {};
  const name = textAt(volume, 'configMap.name') ?? textAt(volume, 'secret.secretName') ?? item.volume ?? '';
  return { kind: item.kind, name, key: item.key };
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
  const { kind, name, key } = first.missing;
  const { about } = first.said;
  return [
    finding({
      category,
      subject: facts.top(about),
      cause: { kind, namespace: about.namespace, name },
      description:
        key === undefined
          ? `${kind} ${name} does not exist in namespace ${about.namespace}`
          : `${kind} ${name} has no key ${key}`,
      weight: 0.97,
      evidence: group.flatMap(({ said }) => said.evidence),
      affects: group.map(({ said }) => said.about),
    }),
  ];
}

/** A ConfigMap, Secret or service account, or a key in it, that Kubernetes says is not there. */
export const missingReference: Rule = (facts) =>
  groupBy(toldMissing(facts), ({ said, missing }) =>
    JSON.stringify([facts.top(said.about), missing.kind, missing.name]),
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
