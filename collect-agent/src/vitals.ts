import type { KillSwitch } from './commands/kill-switch.ts';
import type { AgentDuties } from './duties.ts';
import type { AgentEnrolment } from './enrolment/enrolment.ts';
import type { Leadership } from './leader/leadership.ts';
import type { Bus } from './uplink/bus.ts';
import type { Vitals } from './uplink/heartbeat.ts';
import type { Uplink } from './uplink/uplink.ts';

type Needs = {
  bus: Bus;
  /** Absent where the credentials were given. */
  enrolment: AgentEnrolment | undefined;
  uplink: Uplink;
  duties: AgentDuties;
  killSwitch: KillSwitch;
  leadership: Leadership;
  leading: () => boolean;
};

/** The same true figures for the heartbeat and for whoever probes this agent. */
export function createVitals({ bus, enrolment, uplink, duties, killSwitch, leadership, leading }: Needs): {
  heartbeat: () => Vitals;
  readiness: () => Record<string, string>;
} {
  const problems = () => [
    ...uplink.problems(),
    ...(killSwitch.on() ? ['the kill switch is on: nothing is changed'] : []),
    ...[leadership.problem()].filter((problem) => problem !== undefined),
  ];
  return {
    heartbeat: () => {
      const { spooled_events, spooled_results, spool_oldest_seconds } = uplink.depths();
      return {
        queues: { spooled_events, spooled_results, spool_oldest_seconds, commands: duties.running() },
        watches: duties.watches(),
        leader: leading(),
        problems: problems(),
      };
    },
    readiness: () => ({
      ...(enrolment === undefined ? {} : { enrolment: enrolment.state() }),
      nats: bus.current()?.connected() === true ? 'ok' : 'not connected',
      leadership: leadership.problem() ?? 'ok',
      watches: watchState(duties.watches()),
      revisions: duties.revisionsKnown() ? 'ok' : 'not in step',
    }),
  };
}

/** A replica that waits for leadership watches nothing, and that is well. */
function watchState(watches: Vitals['watches']): string {
  const behind = Object.entries(watches).filter(([, { synced }]) => !synced);
  return behind.length === 0 ? 'ok' : `not in step: ${behind.map(([name]) => name).join(', ')}`;
}
