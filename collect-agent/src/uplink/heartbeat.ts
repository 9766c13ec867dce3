import { agentSubject, type Heartbeat } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { redactDeep } from '@aetherius/shared/redact';
import { type Clock, type Loop, startLoop } from '@aetherius/shared/service';
import type { Bus } from './bus.ts';

/** What only the parts themselves know, asked anew for each heartbeat. */
export type Vitals = Pick<Heartbeat, 'queues' | 'watches' | 'leader' | 'problems'>;
type Needs = {
  bus: Pick<Bus, 'current'>;
  cluster: string;
  agentId: string;
  vitals: () => Vitals;
  clock: Clock;
  log: Logger;
};

const EVERY_MS = 15_000;

/** Says every 15 s how this agent really is. */
export function startHeartbeat({ bus, cluster, agentId, vitals, clock, log }: Needs): Loop {
  const started = clock.monotonic();
  const beat = async () => {
    const nats = bus.current();
    if (nats?.connected() !== true) return;
    const now = { at: clock.now().toISOString(), uptime_seconds: (clock.monotonic() - started) / 1000 };
    const heartbeat: Heartbeat = { agent_id: agentId, cluster_id: cluster, ...now, ...withStatus(vitals()) };
    nats.emit(agentSubject(cluster, 'heartbeat'), redactDeep(heartbeat));
  };
  return startLoop({ name: 'heartbeat', every: EVERY_MS, run: beat, log });
}

/** A replica that waits is well; one that leads is well when all its watches are in step and nothing is wrong. */
function withStatus(vitals: Vitals): Vitals & Pick<Heartbeat, 'status'> {
  const inStep = Object.values(vitals.watches).every(({ synced }) => synced);
  const well = inStep && vitals.problems.length === 0;
  if (!vitals.leader && vitals.problems.length === 0) return { ...vitals, status: 'standby' };
  return { ...vitals, status: well ? 'healthy' : 'degraded' };
}
