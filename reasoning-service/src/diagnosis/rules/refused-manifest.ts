import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { type Labels, selects } from '../graph/label-selector.ts';
import { subjectOf } from '../graph/object-key.ts';
import { containersIn, podShapeOf } from '../graph/pod-spec.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectAt, objectsAt, textAt, textsAt } from '../json-path.ts';
import { parseQuantity } from '../quantity.ts';
import { finding } from '../said.ts';
import { isDesignOnly } from './references.ts';

/** Kinds that say by a selector which pods are theirs, and make them by a template. */
const selecting: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

const inWords = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

function missesOwnPods(object: BundleObject, labels: Labels): Hypothesis[] {
  const selector = objectAt(object.body, 'spec.selector');
  if (selector === undefined || Object.keys(labels).length === 0 || selects(selector, labels)) return [];
  return [
    finding({
      category: 'rollout_stuck',
      subject: subjectOf(object),
      description: `its selector ${inWords(textsAt(selector, 'matchLabels'))} does not take the pods of its own template, which carry ${inWords(labels)}: the API server refuses it`,
      weight: 0.88,
      evidence: [...citeObject(object, 'spec.selector.'), ...citeObject(object, 'spec.template.metadata.labels.')],
    }),
  ];
}

/** Names of volumes that a pod has; a stateful set gives each of its pods one for every claim template. */
const volumesOf = (object: BundleObject, spec: JsonObject): ReadonlySet<string> =>
  new Set([
    ...objectsAt(spec, 'volumes').flatMap((volume) => textAt(volume, 'name') ?? []),
    ...objectsAt(object.body, 'spec.volumeClaimTemplates').flatMap((claim) => textAt(claim, 'metadata.name') ?? []),
  ]);

function lostVolume(facts: Facts, object: BundleObject, spec: JsonObject): Hypothesis[] {
  const known = volumesOf(object, spec);
  return containersIn(spec).flatMap((container) => {
    const lost = objectsAt(container, 'volumeMounts').find((mount) => !known.has(textAt(mount, 'name') ?? ''));
    const name = textAt(lost, 'name');
    if (name === undefined) return [];
    return finding({
      category: 'volume_mount_failed',
      subject: facts.top(object),
      description: `container ${textAt(container, 'name')} mounts volume ${name}, which its pod does not have: the API server refuses it`,
      weight: 0.88,
      evidence: citeObject(object, `name: ${name}`),
      affects: [subjectOf(object)],
    });
  });
}

type Figures = { container: JsonObject; name: string; request: string; limit: string };

/** A request that is larger than the limit of the same resource. */
const overLimit = (container: JsonObject): Figures[] =>
  Object.entries(objectAt(container, 'resources.requests') ?? {}).flatMap(([name, request]) => {
    const limit = objectAt(container, 'resources.limits')?.[name];
    const [wanted, most] = [parseQuantity(request), parseQuantity(limit)];
    const isOver = wanted !== undefined && most !== undefined && wanted > most;
    return isOver ? [{ container, name, request: String(request), limit: String(limit) }] : [];
  });

const wantsTooMuch = (facts: Facts, object: BundleObject, spec: JsonObject): Hypothesis[] =>
  containersIn(spec)
    .flatMap(overLimit)
    .map(({ container, name, request, limit }) =>
      finding({
        category: 'rollout_stuck',
        subject: facts.top(object),
        description: `container ${textAt(container, 'name')} requests ${name} ${request}, which is more than its limit of ${limit}: the API server refuses it`,
        weight: 0.88,
        evidence: [
          ...citeObject(object, `resources.requests.${name}: ${request}`),
          ...citeObject(object, `resources.limits.${name}: ${limit}`),
        ],
        affects: [subjectOf(object)],
      }),
    );

function refusals(facts: Facts, object: BundleObject): Hypothesis[] {
  const shape = isDesignOnly(facts, object) ? podShapeOf(object) : undefined;
  if (shape === undefined) return [];
  const all = [
    ...lostVolume(facts, object, shape.spec),
    ...(selecting.has(object.kind) ? missesOwnPods(object, shape.labels) : []),
    ...wantsTooMuch(facts, object, shape.spec),
  ];
  const [first] = all;
  if (first === undefined) return [];
  // The API server names all of them in one refusal.
  const description = all.map(({ cause }) => cause.description).join('; ');
  const evidence = all.flatMap((one) => one.evidence).slice(0, 5);
  return [{ ...first, cause: { ...first.cause, description }, evidence }];
}

/** Manifests that contradict themselves, so that the API server takes none of them. */
export const refusedManifest: Rule = (facts) => facts.bundle.objects.flatMap((object) => refusals(facts, object));
