import { createHash } from 'node:crypto';
import { type Event, fingerprintOf } from '@aetherius/shared/contracts';
import type { Gap } from './spool.ts';

type Origin = { cluster: string; agentId: string; now: Date };

/** What the manager is told in place of the events that had to be cut: how many, and of what time. */
export function gapEvent(gap: Gap, { cluster, agentId, now }: Origin): Event {
  const { count, first_at, last_at, through } = gap;
  const id = createHash('sha256').update([cluster, agentId, 'gap', through, count, first_at].join('\n')).digest('hex');
  return {
    id,
    cluster_id: cluster,
    agent_id: agentId,
    type: 'gap',
    signal: 'info',
    source: 'collect-agent',
    namespace: null,
    severity: 'high',
    reason: 'EventsLost',
    message: `${count} events between ${first_at} and ${last_at} were cut because the spool was full while the bus was away`,
    object: { api_version: 'aetherius.io/v1', kind: 'Agent', namespace: null, name: agentId, uid: null },
    owner: null,
    node: null,
    count,
    fingerprint: fingerprintOf(cluster, { kind: 'Agent', namespace: null, name: agentId }),
    timestamp: last_at,
    reported_at: now.toISOString(),
    labels: { events: String(count), from: first_at, to: last_at },
    bundle: null,
  };
}
