import type { HeldObject } from '../kube/objects.ts';
import type { Facts } from '../watch/cluster-state.ts';
import { fromClaim } from './from-claim.ts';
import { fromNode } from './from-node.ts';
import { fromPod } from './from-pod.ts';
import { fromService } from './from-service.ts';
import { fromWorkload } from './from-workload.ts';
import { clearOf } from './recovery.ts';
import type { Signal } from './signal.ts';

/** All that an object's own state says now: its faults, or its return to full health. */
export function assess(object: HeldObject, facts: Facts, now: number): Signal[] {
  const faults = faultsOf(object, facts, now);
  return faults.length > 0 ? faults : clearOf(object, facts);
}

function faultsOf(object: HeldObject, facts: Facts, now: number): Signal[] {
  switch (object.kind) {
    case 'Pod':
      return fromPod(object, facts, now);
    case 'Node':
      return fromNode(object, now);
    case 'Service':
      return fromService(object, facts);
    case 'PersistentVolumeClaim':
      return fromClaim(object, facts);
    case 'EndpointSlice':
      return [];
    default:
      return fromWorkload(object, facts, now);
  }
}
