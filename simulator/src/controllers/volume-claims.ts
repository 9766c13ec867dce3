import { nameKey, referenceTo, splitNameKey } from './references.ts';
import type { PersistentVolumeClaim, StorageClass } from './types.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

const component = 'persistentvolume-controller';
const resyncSeconds = 15;
const provisionSeconds = 1;
const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

/** Provides a volume for each claim whose storage class exists, and says so when it does not. */
export function createVolumeClaimController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (key) => reconcile(world, key) });
  const lookAgain = (): void => {
    for (const claim of world.objects.list('PersistentVolumeClaim').filter(isOpen)) queue.add(nameKey(claim));
  };
  world.timers.every(resyncSeconds, lookAgain);
  return {
    onChange({ type, object }) {
      if (object.kind === 'StorageClass') lookAgain();
      if (object.kind !== 'PersistentVolumeClaim') return;
      if (type === 'DELETED') release(world, object);
      else if (type === 'ADDED') queue.add(nameKey(object));
    },
  };
}

const isOpen = ({ status }: PersistentVolumeClaim): boolean => status?.phase !== 'Bound';

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitNameKey(key);
  const claim = world.objects.get('PersistentVolumeClaim', namespace, name);
  if (claim === undefined || claim.metadata.deletionTimestamp !== undefined || !isOpen(claim)) return;
  if (claim.status?.phase !== 'Pending') world.objects.setStatus(claim, { phase: 'Pending' });
  const found = classOf(world, claim);
  if (typeof found === 'string') {
    const [type, reason] = found.includes('not found')
      ? (['Warning', 'ProvisioningFailed'] as const)
      : (['Normal', 'FailedBinding'] as const);
    world.events.record({ component }, { about: referenceTo(claim), type, reason, message: found });
    return;
  }
  world.timers.after(provisionSeconds, () => provision(world, claim, found));
}

/** The claim's storage class, or the controller's words about why it has none. */
function classOf({ objects }: World, { spec }: PersistentVolumeClaim): StorageClass | string {
  const name = spec.storageClassName;
  if (name === undefined || name === '') {
    const fallback = objects
      .list('StorageClass')
      .find(({ metadata }) => metadata.annotations?.[defaultClassAnnotation] === 'true' && name === undefined);
    return fallback ?? 'no persistent volumes available for this claim and no storage class is set';
  }
  return objects.get('StorageClass', undefined, name) ?? `storageclass.storage.k8s.io "${name}" not found`;
}

function provision({ objects, events }: World, wanted: PersistentVolumeClaim, storageClass: StorageClass): void {
  const claim = objects.get('PersistentVolumeClaim', wanted.metadata.namespace, wanted.metadata.name);
  if (claim === undefined || claim.metadata.uid !== wanted.metadata.uid || !isOpen(claim)) return;
  const volumeName = `pvc-${claim.metadata.uid}`;
  const capacity = { storage: claim.spec.resources?.requests?.['storage'] ?? '1Gi' };
  const accessModes = claim.spec.accessModes ?? ['ReadWriteOnce'];
  const claimRef = {
    ...referenceTo(claim),
    namespace: claim.metadata.namespace ?? 'default',
  };
  const storageClassName = storageClass.metadata.name;
  const reclaim = {
    persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
    storageClassName,
    volumeMode: 'Filesystem',
  };
  objects.create({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName },
    spec: { capacity, accessModes, claimRef, ...reclaim },
    status: { phase: 'Bound' },
  });
  objects.mutate(claim, (draft) => {
    draft.spec = { ...draft.spec, storageClassName, volumeName };
  });
  objects.setStatus(claim, { phase: 'Bound', accessModes, capacity });
  const message = `Successfully provisioned volume ${volumeName}`;
  const from = { component: `${storageClass.provisioner}_storage-provisioner` };
  events.record(from, { about: referenceTo(claim), type: 'Normal', reason: 'ProvisioningSucceeded', message });
}

/** A volume that was made for a claim goes with it. */
function release({ objects, timers }: World, { spec }: PersistentVolumeClaim): void {
  const { volumeName } = spec;
  if (volumeName === undefined) return;
  timers.after(0, () => {
    const volume = objects.get('PersistentVolume', undefined, volumeName);
    if (volume !== undefined) objects.remove(volume);
  });
}
