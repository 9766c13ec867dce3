import type { z } from 'zod';
import { AgentSettings, Heartbeat, Register } from './agent.ts';
import { Anomaly } from './anomaly.ts';
import { AuditRecord, DeadLetter } from './audit.ts';
import { Command, CommandReply, CommandResult } from './command.ts';
import { Event } from './event.ts';
import { InternalEvent, RunProgress } from './incident.ts';
import { Inventory, MetricsBatch } from './metrics.ts';
import { Feedback, ReasoningAnswer, ReasoningRequest } from './reasoning.ts';

/** A service that is a user of the bus. */
export type ServiceUser = 'agent-manager' | 'orchestrator-service' | 'reasoning-service';

/** A subject and the schema of what travels on it, declared together. */
export type Channel<S extends z.ZodType = z.ZodType> = { pattern: string; body: S };
const channel = <S extends z.ZodType>(pattern: string, body: S): Channel<S> => ({ pattern, body });

export const channels = {
  register: channel('aetherius.agent.*.register', Register),
  heartbeat: channel('aetherius.agent.*.heartbeat', Heartbeat),
  event: channel('aetherius.agent.*.event', Event),
  metrics: channel('aetherius.agent.*.metrics', MetricsBatch),
  inventory: channel('aetherius.agent.*.inventory', Inventory),
  command: channel('aetherius.agent.*.command', Command),
  result: channel('aetherius.agent.*.result', CommandResult),
  incidents: channel('internal.event.*', InternalEvent),
  anomaly: channel('internal.signal.anomaly', Anomaly),
  progress: channel('internal.run.progress', RunProgress),
  audit: channel('internal.audit', AuditRecord),
  question: channel('ai.reasoning.request', ReasoningRequest),
  answer: channel('ai.reasoning.answer', ReasoningAnswer),
  feedback: channel('ai.feedback.data', Feedback),
  dead: channel('dead.*', DeadLetter),
} as const;

/** Bodies that answer a request on a subject. */
export const replies = { register: AgentSettings, command: CommandReply } as const;

export type AgentMessage = 'register' | 'heartbeat' | 'event' | 'metrics' | 'inventory' | 'command' | 'result';

/** `aetherius.agent.<cluster>.<kind>` */
export const agentSubject = (cluster: string, kind: AgentMessage): string => `aetherius.agent.${cluster}.${kind}`;

/** The cluster that an agent's subject names; it wins over what the body says. */
export const clusterOf = (subject: string): string | undefined =>
  /^aetherius\.agent\.([^.]+)\.[a-z]+$/.exec(subject)?.[1];

/** A hint to look for due runs; the poll is the truth, so no stream keeps it. */
export const WAKE_SUBJECT = 'wake.orchestrator';

/** Largest message in bytes, checked where it is published. */
export const MAX_MESSAGE_BYTES = 900 * 1024;

const day = 86_400;
const mib = 1024 * 1024;

/** A service's durable consumer: its name, and the subject of what it is given. */
export type Reader = { service: ServiceUser; durable: string; filter: string };

const reader = (service: ServiceUser, purpose: string, { pattern }: Channel): Reader => ({
  service,
  durable: `${service}-${purpose}`,
  filter: pattern,
});

/** A JetStream stream: ages in seconds, sizes in bytes. Subjects kind by kind, or a stream would swallow commands. */
export type StreamSpec = {
  name: string;
  subjects: string[];
  /** Who must have handled a message before it may go. */
  readers: Reader[];
  when_full: 'refuse_new' | 'drop_oldest';
  max_age: number;
  max_bytes: number;
  duplicate_window: number;
};

const refusing = (name: string, subjects: string[], readers: Reader[] = []): StreamSpec => ({
  name,
  subjects,
  readers,
  when_full: 'refuse_new',
  max_age: 7 * day,
  max_bytes: 1024 * mib,
  duplicate_window: 600,
});

export const streams: readonly StreamSpec[] = [
  refusing('AGENT_EVENTS', [channels.event.pattern], [reader('agent-manager', 'events', channels.event)]),
  refusing(
    'AGENT_RESULTS',
    [channels.result.pattern],
    [reader('agent-manager', 'results', channels.result), reader('orchestrator-service', 'results', channels.result)],
  ),
  refusing('INTERNAL', [channels.incidents.pattern], [reader('orchestrator-service', 'incidents', channels.incidents)]),
  refusing('SIGNALS', [channels.anomaly.pattern], [reader('agent-manager', 'anomalies', channels.anomaly)]),
  refusing('RUNS', [channels.progress.pattern], [reader('agent-manager', 'progress', channels.progress)]),
  refusing('AUDIT', [channels.audit.pattern], [reader('agent-manager', 'audit', channels.audit)]),
  refusing(
    'REASONING',
    [channels.question.pattern, channels.answer.pattern, channels.feedback.pattern],
    [
      reader('reasoning-service', 'questions', channels.question),
      reader('orchestrator-service', 'answers', channels.answer),
      reader('reasoning-service', 'feedback', channels.feedback),
    ],
  ),
  { ...refusing('DEAD', [channels.dead.pattern]), max_age: 30 * day },
  {
    ...refusing(
      'AGENT_METRICS',
      [channels.metrics.pattern, channels.inventory.pattern],
      [
        reader('reasoning-service', 'metrics', channels.metrics),
        reader('reasoning-service', 'inventory', channels.inventory),
      ],
    ),
    when_full: 'drop_oldest',
    max_age: day,
  },
];
