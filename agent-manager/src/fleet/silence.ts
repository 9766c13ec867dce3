import { createHash } from 'node:crypto';
import { type Event, fingerprintOf } from '@aetherius/shared/contracts';
import { OFFLINE_AFTER_MS } from './liveness.ts';

/** A cluster as the watchdog sees it: when any of its agents was heard last, and whether its silence is an open incident. */
export type Watched = { cluster_id: string; last_seen_at: string; silent: boolean };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The fingerprint under which a cluster itself is an incident. */
const clusterFingerprint = (cluster: string): string =>
  fingerprintOf(cluster, { kind: 'Cluster', namespace: null, name: cluster });

/** The events that the silence, or the return, of clusters is worth now. Ids are derived: two replicas that notice it make one event. */
export function silenceEvents(clusters: readonly Watched[], now: Date): Event[] {
  return clusters.flatMap((cluster) => {
    const gone = now.getTime() - Date.parse(cluster.last_seen_at) > OFFLINE_AFTER_MS;
    return gone === cluster.silent ? [] : [event(cluster, gone ? 'fault' : 'clear', now)];
  });
}

function event({ cluster_id, last_seen_at }: Watched, signal: 'fault' | 'clear', now: Date): Event {
  const at = now.toISOString();
  // A silence is known by its last sign of life; the end of one by its moment, there are many signs after it.
  const moment = signal === 'fault' ? last_seen_at : at;
  return {
    id: sha256(`${cluster_id} ${signal} ${moment}`),
    cluster_id,
    agent_id: 'agent-manager',
    type: 'gap',
    signal,
    source: 'agent-manager',
    namespace: null,
    severity: 'high',
    reason: 'AgentSilent',
    message:
      signal === 'fault'
        ? `no sign of life of any agent since ${last_seen_at}`
        : 'an agent of this cluster is heard again',
    object: { api_version: 'aetherius.io/v1', kind: 'Cluster', namespace: null, name: cluster_id, uid: null },
    owner: null,
    node: null,
    count: 1,
    fingerprint: clusterFingerprint(cluster_id),
    timestamp: at,
    reported_at: at,
    labels: {},
    bundle: null,
  };
}
