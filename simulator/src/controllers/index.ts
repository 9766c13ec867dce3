import type { ObjectStore } from '../store/object-store.ts';
import { type Cluster, createCluster } from './cluster.ts';
import { createClusterView } from './cluster-view.ts';
import { createDaemonSetController } from './daemon-set.ts';
import { createDeploymentController } from './deployment/deployment.ts';
import { createEndpointsController } from './endpoints.ts';
import { startEventExpiry } from './event-expiry.ts';
import { createEventRecorder } from './event-recorder.ts';
import { createJobController } from './job.ts';
import { createMissingImages } from './kubelet/images.ts';
import { createKubelets } from './kubelet/kubelets.ts';
import { createNodeLifecycle } from './nodes/node-lifecycle.ts';
import { createTaintEviction } from './nodes/taint-eviction.ts';
import { createObjects } from './objects.ts';
import { createQuotaStatus } from './quota-status.ts';
import { createRandom } from './random.ts';
import { createReplicaSetController } from './replica-set.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { createServiceAccountController } from './service-accounts.ts';
import { createStatefulSetController } from './stateful-set.ts';
import { createTimers } from './timers.ts';
import { createVolumeClaimController } from './volume-claims.ts';
import type { Controller, TypedChange, World } from './world.ts';

export type { Cluster } from './cluster.ts';

const defaultSpeed = 10;

/**
 * Brings a store to life: the controllers, the scheduler and a kubelet per node. `speed` divides every delay, never a
 * timestamp. Start them before the first object is created; `stop` leaves no timer behind.
 */
export function startControllers(deps: { store: ObjectStore; clock: { now(): Date }; speed?: number; seed?: number }): {
  stop(): void;
  cluster: Cluster;
} {
  const world = createWorld(deps);
  const missingImages = createMissingImages();
  const kubelets = createKubelets(world, missingImages);
  const controllers: Controller[] = [
    createServiceAccountController(world),
    createDeploymentController(world),
    createReplicaSetController(world),
    createStatefulSetController(world),
    createDaemonSetController(world),
    createJobController(world),
    createScheduler(world),
    kubelets,
    createNodeLifecycle(world),
    createTaintEviction(world),
    createVolumeClaimController(world),
    createEndpointsController(world),
    createQuotaStatus(world),
  ];
  startEventExpiry(world);
  const unsubscribe = deps.store.subscribe((change) => {
    for (const controller of controllers) controller.onChange(change as unknown as TypedChange);
  });
  return {
    cluster: createCluster({ world, kubelets, missingImages }),
    stop(): void {
      unsubscribe();
      world.view.stop();
      world.timers.stop();
    },
  };
}

function createWorld(deps: Parameters<typeof startControllers>[0]): World {
  const { store, clock, speed = defaultSpeed, seed = 1 } = deps;
  const objects = createObjects(store);
  const random = createRandom(seed);
  const events = createEventRecorder({ objects, clock, speed });
  return {
    store,
    objects,
    view: createClusterView(store),
    events,
    timers: createTimers({ speed }),
    random,
    clock,
    speed,
  };
}
