import { agentSubject, Command, type JsonObject, type ObjectRef, seconds } from '@aetherius/shared/contracts';
import type { Effect } from '../effect.ts';
import type { Entry } from '../journal.ts';
import type { Scope } from '../scope.ts';
import type { Event, StepChange } from './step-kind.ts';

export type Order = {
  action: Command['action'];
  target: ObjectRef;
  parameters: JsonObject;
  expected?: string | null;
  dry_run?: boolean;
  /** Seconds that the agent may take from receipt. */
  takes: number;
  /** Seconds for which an agent that is not there is asked again. */
  patience?: number;
};

/** As long as a silent agent does not count as gone: one that was killed leads again only when its Lease has run out. */
const PATIENCE_S = 60;
/** Seconds for a result to travel after the agent's time is up. */
const TRAVEL_S = 5;

/** A read may have a new id each time it is asked; a write never, because it must find its own mark. */
export const readId = (scope: Scope, attempt: number): string =>
  attempt === 1 ? `${scope.run.id}:${scope.path}` : `${scope.run.id}:${scope.path}@${attempt}`;

export const writeId = (scope: Scope, first: string): string => `${scope.run.id}:${first}`;

/** The command as it goes to the agent of the run's cluster. */
const commandOf = (order: Order, id: string, scope: Scope): Command => ({
  id,
  cluster_id: scope.run.incident.cluster_id,
  issuer: 'orchestrator',
  action: order.action,
  target: order.target,
  parameters: order.parameters,
  expected: order.expected ?? null,
  expires_in: `${order.takes}s`,
  dry_run: order.dry_run ?? false,
  traceparent: null,
});

/** Leaves a step open with its command on the way. The step outlives the agent's own time, so no write is still under way when it is given up. */
export function send(order: Order, id: string, scope: Scope): Extract<StepChange, { status: 'started' }> {
  const { takes, patience = PATIENCE_S } = order;
  const command = commandOf(order, id, scope);
  const until = new Date(Date.parse(scope.facts.now) + patience * 1000).toISOString();
  return {
    status: 'started',
    input: { command },
    correlation_id: id,
    deadline_in: patience + takes + TRAVEL_S,
    effects: [{ kind: 'command', command, until } satisfies Effect],
  };
}

export type Ending = {
  status: 'done' | 'failed' | 'refused' | 'unknown';
  reason: string;
  output: JsonObject;
  event: Event;
};

/** What an event says about a command: silence in any form is `unknown`, never success. */
export function endingOf(event: Event): Ending {
  switch (event.kind) {
    case 'result': {
      const { status, reason, output } = event.result;
      return { status, reason: reason ?? status, output: output ?? {}, event };
    }
    case 'refused':
      return { status: 'refused', reason: event.reason, output: {}, event };
    case 'offline':
      return { status: 'unknown', reason: 'agent_offline', output: {}, event };
    default:
      return { status: 'unknown', reason: 'timeout', output: {}, event };
  }
}

/** Asks the read of an open step again under a new id. */
export function again(entry: Entry, scope: Scope, patience = PATIENCE_S): StepChange {
  const command = Command.parse(entry.input?.['command']);
  const order = { ...command, takes: seconds(command.expires_in), patience };
  return { ...send(order, readId(scope, entry.attempt + 1), scope), attempt: entry.attempt + 1 };
}

/** Where commands for a run's cluster go. */
export const commandSubject = (command: Command): string => agentSubject(command.cluster_id, 'command');
