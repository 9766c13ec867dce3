import { errors } from '@aetherius/shared/errors';
import fastJsonPatch from 'fast-json-patch';
import { admitCreate, admitUpdate } from '../admission/admit.ts';
import { conditionOf } from '../controllers/conditions.ts';
import type { Cluster } from '../controllers/index.ts';
import type { Deployment, Node } from '../controllers/types.ts';
import { copyJson } from '../store/json.ts';
import type { KubeObject, NewObject, ObjectStore } from '../store/object-store.ts';
import type { FaultStep, ObjectName, PatchOperation } from './fault-step.ts';
import type { Fields } from './field-reader.ts';
import type { Scenario } from './scenario.ts';

type Target = { store: ObjectStore; cluster: Cluster };

/** Puts a scenario's healthy state in place, waits until it really is healthy, and breaks it. */
export async function runScenario(scenario: Scenario, target: Target): Promise<void> {
  setUp(scenario.setup, target);
  await healthy(scenario.setup, target.store);
  inject(scenario.fault, target);
}

/** Creates the objects of a healthy state. */
export function setUp(objects: readonly Fields[], { store }: Target): void {
  for (const object of objects) apply(object, store);
}

/** Takes the steps that break something, or that only make noise. */
export function inject(steps: readonly FaultStep[], target: Target): void {
  for (const step of steps) take(step, target);
}

/** Resolves as soon as all deployments are rolled out and all nodes are ready. */
export function healthy(objects: readonly Fields[], store: ObjectStore): Promise<void> {
  const isHealthy = () => objects.every((object) => isSettled(stored(object as unknown as KubeObject, store)));
  return new Promise((resolve) => {
    const check = () => {
      if (!isHealthy()) return;
      stop();
      resolve();
    };
    const stop = store.subscribe(check);
    check();
  });
}

const stored = ({ kind, metadata }: KubeObject, store: ObjectStore): KubeObject | undefined =>
  store.get(kind, metadata.namespace, metadata.name);

function isSettled(object: KubeObject | undefined): boolean {
  if (object?.kind === 'Node') {
    return conditionOf((object as unknown as Node).status?.conditions, 'Ready')?.status === 'True';
  }
  if (object?.kind !== 'Deployment') return object !== undefined;
  const { status, metadata } = object as unknown as Deployment;
  const isComplete = conditionOf(status?.conditions, 'Progressing')?.reason === 'NewReplicaSetAvailable';
  return isComplete && status?.observedGeneration === metadata.generation;
}

function take(step: FaultStep, { store, cluster }: Target): void {
  switch (step.kind) {
    case 'apply':
      apply(step.object, store);
      break;
    case 'patch':
      patch(step.target, step.operations, store);
      break;
    case 'delete':
      store.remove(step.target.kind, step.target.namespace, step.target.name);
      break;
    case 'missing_image':
      cluster.missingImages.add(step.image);
      break;
    case 'stop_node':
      cluster.stopNode(step.node);
      break;
    case 'disk_pressure':
      cluster.setDisk(step.node, 'pressure');
  }
}

function apply(object: Fields, store: ObjectStore): void {
  const wanted = object as unknown as NewObject;
  const { namespace, name = '' } = wanted.metadata;
  const present = store.get(wanted.kind, namespace, name);
  if (present === undefined) store.create(withStatus(admitCreate(store, wanted), wanted));
  else
    store.update(
      admitUpdate(present, { ...wanted, metadata: { ...present.metadata, ...wanted.metadata } } as KubeObject),
    );
}

/** A node's capacity stands in its status, which no request may set. */
const withStatus = (admitted: NewObject, { kind, status }: NewObject): NewObject =>
  kind === 'Node' && status !== undefined ? { ...admitted, status } : admitted;

function patch({ kind, namespace, name }: ObjectName, operations: readonly PatchOperation[], store: ObjectStore): void {
  const present = store.get(kind, namespace, name);
  if (present === undefined) throw errors.not_found({ kind, namespace, name });
  const copy = copyJson(present);
  const { newDocument } = fastJsonPatch.applyPatch(
    copy,
    operations as Parameters<typeof fastJsonPatch.applyPatch>[1],
    true,
  );
  store.update(admitUpdate(present, newDocument));
}
