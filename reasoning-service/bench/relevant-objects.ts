import type { Bundle, BundleObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt, textsAt } from '../src/diagnosis/json-path.ts';

/**
 * A bundle of a namespace without what is there for others: their volumes and webhooks, rights that none of its accounts has, and
 * nodes that none of its pods is on where each has one, with their events. A listing that was cut is no whole listing any more.
 */
export function relevantObjects(bundle: Bundle): Bundle {
  const { subject, objects, complete } = bundle;
  if (subject.kind !== 'Namespace') return bundle;
  const keeps = keepersOf(subject.name, objects);
  const kept = objects.filter((object) => keeps[object.kind]?.(object) ?? true);
  const cut = new Set(objects.filter((one) => !kept.includes(one)).map(({ kind }) => kind));
  const isKept = (event: Bundle['events'][number]) =>
    event.kind !== 'Node' || kept.some(({ kind, name }) => kind === 'Node' && name === event.name);
  const events = bundle.events.filter(isKept);
  return { ...bundle, objects: kept, events, complete: complete.filter((kind) => !cut.has(kind)) };
}

type Keepers = Readonly<Record<string, (object: BundleObject) => boolean>>;

function keepersOf(place: string, objects: readonly BundleObject[]): Keepers {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const nodes = new Set(pods.map(({ body }) => textAt(body, 'spec.nodeName')));
  const isBinding = ({ body }: BundleObject) => objectsAt(body, 'subjects').some((one) => one['namespace'] === place);
  const bindings = objects.filter((one) => one.kind === 'ClusterRoleBinding' && isBinding(one));
  const roles = [...bindings, ...objects.filter(({ kind }) => kind === 'RoleBinding')].map(({ body }) =>
    textAt(body, 'roleRef.name'),
  );
  const isOwnVolume = ({ body }: BundleObject) => [undefined, place].includes(textAt(body, 'spec.claimRef.namespace'));
  const volumes = objects.filter((one) => one.kind === 'PersistentVolume' && isOwnVolume(one));
  const ownVolumes = new Set<string | undefined>(volumes.map(({ name }) => name));
  const isCalledHere = ({ body }: BundleObject) => objectsAt(body, 'webhooks').some((hook) => isFor(place, hook));
  return {
    // Why a pod is on no node may lie with any of them.
    Node: ({ name }) => nodes.size === 0 || nodes.has(undefined) || nodes.has(name),
    PersistentVolume: isOwnVolume,
    VolumeAttachment: ({ body }) => ownVolumes.has(textAt(body, 'spec.source.persistentVolumeName')),
    ClusterRoleBinding: isBinding,
    ClusterRole: ({ name }) => roles.includes(name),
    ValidatingWebhookConfiguration: isCalledHere,
    MutatingWebhookConfiguration: isCalledHere,
  };
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

function isFor(place: string, hook: BundleObject['body']): boolean {
  const only = textsAt(hook, 'namespaceSelector.matchLabels')[NAME_LABEL];
  return only === undefined || only === place;
}
