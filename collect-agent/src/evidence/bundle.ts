import { type Bundle, fitBundle } from '@aetherius/shared/contracts';
import type { Clock } from '@aetherius/shared/service';
import type { KubeClient } from '../kube/client.ts';
import type { HeldKind, HeldObject } from '../kube/objects.ts';
import { topObject } from '../signals/fingerprint.ts';
import type { Signal } from '../signals/signal.ts';
import type { Facts } from '../watch/cluster-state.ts';
import type { EventHistory } from '../watch/event-history.ts';
import { gatherClaim, gatherNode, gatherService } from './gather-infrastructure.ts';
import { gatherUnwatched } from './gather-related.ts';
import { gatherWorkload } from './gather-workload.ts';
import { createGathering } from './gathering.ts';
import type { Scene } from './scene.ts';

type Needs = {
  client: Pick<KubeClient, 'get' | 'text'>;
  facts: Facts;
  history: EventHistory;
  cluster: string;
  clock: Clock;
};

/** Secures what will be gone in a minute around a signal: objects, events, last words and the last rollout. */
export function createEvidence({ client, facts, history, cluster, clock }: Needs) {
  return async (signal: Signal): Promise<Bundle> => {
    const gathering = createGathering(client);
    const at = clock.now();
    const addEventsOf = (objects: HeldObject[]) => {
      for (const { kind, metadata } of objects) {
        gathering.addEvents(history.of(metadata.uid));
        // A kubelet writes its node's name where the uid belongs.
        if (kind === 'Node') gathering.addEvents(history.of(metadata.name));
      }
    };
    const scene: Scene = { gathering, facts, signal, now: at.getTime(), addEventsOf };
    // Events of what is gone already, or of a kind that is not watched, are found by the reference alone.
    if (signal.object.uid !== null) gathering.addEvents(history.of(signal.object.uid));
    await gatherAround(scene);
    const { subject } = signal;
    const { objects, ...parts } = gathering.parts();
    // Cuts are made from the end, and answers come in any order.
    const sorted = objects.sort((a, b) => importance(signal, a) - importance(signal, b));
    return fitBundle({
      cluster,
      at: at.toISOString(),
      subject,
      objects: sorted,
      metrics: [],
      alerts: [],
      forecasts: [],
      complete: [],
      ...parts,
    });
  };
}

const neighbours = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ServiceAccount']);

function importance({ subject, object }: Signal, { kind, name }: Bundle['objects'][number]): number {
  if (kind === subject.kind && name === subject.name) return 0;
  if (kind === object.kind && name === object.name) return 1;
  // What stands beside the subject is the first to go.
  if (neighbours.has(kind)) return 4;
  return kind === 'Node' ? 3 : 2;
}

async function gatherAround(scene: Scene): Promise<void> {
  const { facts, signal } = scene;
  const { subject } = signal;
  const found = facts.find(subject.kind as HeldKind, subject.namespace, subject.name) ?? standIn(scene);
  if (found === undefined) return gatherTarget(scene);
  if (found.kind === 'Node') return gatherNode(scene, found);
  if (found.kind === 'PersistentVolumeClaim') return gatherClaim(scene, found);
  if (found.kind === 'Service') return gatherService(scene, found);
  return gatherWorkload(scene, found);
}

/** What is not watched is read now, and with it the workload that it is about. */
async function gatherTarget(scene: Scene): Promise<void> {
  const target = await gatherUnwatched(scene);
  if (target === undefined) return;
  const { facts, signal } = scene;
  const found = facts.find(target.kind as HeldKind, signal.object.namespace, target.name);
  if (found !== undefined) await gatherWorkload(scene, found);
}

/** Where the subject itself is not held (a CronJob, a missing claim), the object of the signal leads to what is. */
function standIn({ facts, signal: { object } }: Scene): HeldObject | undefined {
  const held = facts.find(object.kind as HeldKind, object.namespace, object.name);
  return held === undefined ? undefined : topObject(facts, held);
}
