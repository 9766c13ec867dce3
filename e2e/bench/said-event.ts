import { createHash } from 'node:crypto';
import { type Event, fingerprintOf, type Subject } from '@aetherius/shared/contracts';
import type { Saying, SayingKind } from './event-script.ts';
import type { RecordedFault } from './fault-library.ts';

/** What is not a repeat: the event of one is that of what it repeats. */
export type FreshKind = Exclude<SayingKind, 'repeat'>;
type Fresh = Pick<Saying, 'agent' | 'thing'> & { kind: FreshKind };

/** Who says it, when it counts, and what tells this saying from all others of its agent. */
type Speaking = { cluster: string; agentId: string; at: number; serial: string; faults: readonly RecordedFault[] };

const WORKERS = 3;

/** A saying in words: the event as an agent would send it. Only what breaks brings its evidence along, as an agent's allowance has it. */
export function saidEvent(saying: Fresh, { cluster, agentId, at, serial, faults }: Speaking): Event {
  const fault = faults[(saying.agent * 31 + saying.thing) % faults.length];
  if (fault === undefined) throw new Error('there is no recorded fault to speak of');
  const subject: Subject = { ...fault.subject, name: `${fault.subject.name}-${saying.thing}` };
  const time = new Date(at).toISOString();
  const bundle = saying.kind === 'breaks' ? { ...fault.bundle, cluster, at: time, subject } : null;
  return {
    id: createHash('sha256')
      .update(JSON.stringify([cluster, serial]))
      .digest('hex'),
    cluster_id: cluster,
    agent_id: agentId,
    type: 'k8s_event',
    source: 'kubelet',
    namespace: subject.namespace,
    ...meanings[saying.kind](fault),
    object: { api_version: 'v1', ...subject, uid: `uid-${saying.thing}` },
    owner: null,
    node: subject.kind === 'Node' ? null : `worker-${saying.thing % WORKERS}`,
    count: 1,
    fingerprint: fingerprintOf(cluster, subject),
    timestamp: time,
    reported_at: time,
    labels: {},
    bundle,
  };
}

type Meaning = Pick<Event, 'signal' | 'severity' | 'reason' | 'message'>;

const broken =
  (severity: Event['severity']) =>
  ({ reason, message }: RecordedFault): Meaning => ({ signal: 'fault', severity, reason, message });

const meanings: Record<FreshKind, (fault: RecordedFault) => Meaning> = {
  breaks: broken('critical'),
  again: broken('high'),
  clears: () => ({ signal: 'clear', severity: 'low', reason: 'Recovered', message: 'all pods are ready' }),
  noise: () => ({
    signal: 'info',
    severity: 'low',
    reason: 'ScalingReplicaSet',
    message: 'Scaled up replica set to 3',
  }),
};
