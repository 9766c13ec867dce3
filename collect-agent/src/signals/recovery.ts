import type { Subject } from '@aetherius/shared/contracts';
import { type HeldKind, type HeldObject, refOf } from '../kube/objects.ts';
import { controllerOf, type Facts } from '../watch/cluster-state.ts';
import { topSubject } from './fingerprint.ts';
import { serviceHealth } from './from-service.ts';
import { type Health, nodeHealth, podHealth, workloadHealth } from './health.ts';
import { isAfter, type Signal } from './signal.ts';

/** A crash loop looks healthy between two crashes, so health must last; longer where something crashed before. */
const STEADY_MS = 10_000;
const SHAKY_MS = 120_000;

/** The health of any object that stands for itself in an incident, and the word for its return. */
function healthOf(object: HeldObject, facts: Facts): { reason: string; health: Health } | undefined {
  switch (object.kind) {
    case 'Node':
      return { reason: 'NodeReady', health: nodeHealth(object) };
    case 'PersistentVolumeClaim':
      return {
        reason: 'ClaimBound',
        health: object.status.phase === 'Bound' ? { since: undefined, shaky: false } : undefined,
      };
    case 'Service':
      return { reason: 'ServiceHasEndpoints', health: serviceHealth(object, facts) };
    case 'Pod':
      return { reason: 'PodReady', health: podHealth(object) };
    case 'EndpointSlice':
      return undefined;
    case 'Job':
      return { reason: 'JobComplete', health: workloadHealth(object, facts) };
    default:
      return { reason: 'WorkloadAvailable', health: workloadHealth(object, facts) };
  }
}

/** Whether a state of health makes a fault history. A restart makes a crashed container look well, so that has to last. */
export function isHistory(health: Health, faultAt: string | undefined, now: number): boolean {
  if (health === undefined) return false;
  // A claim keeps no time of its binding, but bound is bound.
  if (health.since === undefined) return true;
  return isAfter(health.since, faultAt) && (!health.shaky || now - Date.parse(health.since) > SHAKY_MS);
}

type Past = { subject: Subject; at: string | undefined };

/** Whether what is blamed has come back to health since. */
export function hasRecovered({ subject, at }: Past, facts: Facts, now: number): boolean {
  const object = facts.find(subject.kind as HeldKind, subject.namespace, subject.name);
  return object !== undefined && isHistory(healthOf(object, facts)?.health, at, now);
}

/** The clear signal of an object that stands for itself and is in full health; a pod with an owner does not. */
export function clearOf(object: HeldObject, facts: Facts): Signal[] {
  const above = controllerOf(object);
  const standsForItself = above === undefined || above.kind === 'Node' || object.kind === 'Job';
  const found = standsForItself ? healthOf(object, facts) : undefined;
  if (found?.health === undefined) return [];
  const { since, shaky } = found.health;
  return [
    {
      type: 'k8s_state',
      signal: 'clear',
      severity: 'low',
      reason: found.reason,
      message: `${object.kind} ${object.metadata.name} is in full health`,
      source: `${object.kind.toLowerCase()}-status`,
      object: refOf(object),
      subject: topSubject(facts, object),
      node: object.kind === 'Node' ? object.metadata.name : null,
      count: 1,
      at: since,
      identity: [object.metadata.uid, '', found.reason, since ?? ''],
      holdMs: shaky ? SHAKY_MS : STEADY_MS,
    },
  ];
}
