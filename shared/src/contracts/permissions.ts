import { type ServiceUser, streams } from './subjects.ts';

/** What a NATS user may publish and hear; `reply` allows one answer to a request. */
export type NatsPermissions = { pub: string[]; sub: string[]; reply: boolean };

/**
 * Makes, changes and empties streams. A stream can be told to carry what it holds to any other subject, so whoever may change one
 * may say anything to anybody: the one user who has this is the one who may command agents anyway.
 */
const keepsStreams = ['CREATE', 'UPDATE', 'PURGE'].map((verb) => `$JS.API.STREAM.${verb}.*`);

/** Looks at dead letters one by one and takes them away; of no other stream. */
const handlesDeadLetters = ['GET', 'DELETE'].map((verb) => `$JS.API.STREAM.MSG.${verb}.DEAD`);

/** What is read from streams: a message that failed is put there once more. */
const sendsAgain = [...new Set(streams.flatMap(({ readers }) => readers.map(({ filter }) => filter)))];

/** The JetStream API of one service: its own consumers, each with its own filter, and a look at streams. */
const jetstreamOf = (service: ServiceUser): string[] => [
  '$JS.API.INFO',
  '$JS.API.STREAM.INFO.*',
  ...streams.flatMap(({ name, readers }) =>
    readers
      .filter((reader) => reader.service === service)
      .flatMap(({ durable, filter }) => [
        `$JS.API.CONSUMER.CREATE.${name}.${durable}.${filter}`,
        `$JS.API.CONSUMER.INFO.${name}.${durable}`,
        `$JS.API.CONSUMER.MSG.NEXT.${name}.${durable}`,
        `$JS.ACK.${name}.${durable}.>`,
        // A server with a JetStream domain puts the domain and the account in front.
        `$JS.ACK.*.*.${name}.${durable}.>`,
      ]),
  ),
];

const services: Record<ServiceUser, NatsPermissions> = {
  'agent-manager': {
    pub: [
      ...jetstreamOf('agent-manager'),
      ...keepsStreams,
      ...handlesDeadLetters,
      ...sendsAgain,
      // How far the readers of a stream are, before it is emptied.
      '$JS.API.CONSUMER.INFO.*.*',
      'aetherius.agent.*.command',
      'dead.agent-manager',
    ],
    sub: ['_INBOX_agent-manager.>', 'aetherius.agent.*.register', 'aetherius.agent.*.heartbeat'],
    reply: true,
  },
  'orchestrator-service': {
    pub: [
      ...jetstreamOf('orchestrator-service'),
      'aetherius.agent.*.command',
      'internal.run.progress',
      'internal.audit',
      'ai.reasoning.request',
      'ai.feedback.data',
      'dead.orchestrator-service',
      'wake.orchestrator',
    ],
    sub: ['_INBOX_orchestrator-service.>', 'wake.orchestrator'],
    reply: false,
  },
  'reasoning-service': {
    pub: [
      ...jetstreamOf('reasoning-service'),
      'ai.reasoning.answer',
      'internal.signal.anomaly',
      'internal.audit',
      'dead.reasoning-service',
    ],
    sub: ['_INBOX_reasoning-service.>'],
    reply: false,
  },
};

/** The rights of one service on the bus. */
export const servicePermissions = (service: ServiceUser): NatsPermissions => services[service];

/** An agent speaks for its own cluster only, hears its own commands only, and never touches the JetStream API. */
export const agentPermissions = (cluster: string): NatsPermissions => ({
  pub: ['register', 'heartbeat', 'event', 'metrics', 'inventory', 'result'].map(
    (kind) => `aetherius.agent.${cluster}.${kind}`,
  ),
  sub: [`aetherius.agent.${cluster}.command`, `_INBOX_${cluster}.>`],
  reply: true,
});

/** How long after a request its one answer may still be sent, in nanoseconds. */
const REPLY_WITHIN = 60_000_000_000;
/** Largest payload that the bus takes from a user; ours are smaller. */
export const MAX_PAYLOAD_BYTES = 1024 ** 2;
/** What our account reserves of JetStream's memory: a server that has less gives it no JetStream at all. */
export const JETSTREAM_MEMORY_BYTES = 256 * 1024 ** 2;

/** The same rights in the words of a NATS user JWT. */
export const natsUserClaims = ({ pub, sub, reply }: NatsPermissions) => ({
  subs: -1,
  data: -1,
  payload: MAX_PAYLOAD_BYTES,
  pub: { allow: pub },
  sub: { allow: sub },
  ...(reply ? { resp: { max: 1, ttl: REPLY_WITHIN } } : {}),
});

const BUS_KEEPER_INBOX = '_INBOX_bus-keeper';

/** Who tells the bus which agents are let in no longer: a user of the system account that otherwise may only ask whom the bus trusts. */
export const busKeeper = {
  inboxPrefix: BUS_KEEPER_INBOX,
  permissions: {
    pub: ['$SYS.REQ.CLAIMS.UPDATE', '$SYS.REQ.ACCOUNT.*.CLAIMS.LOOKUP', '$SYS.REQ.SERVER.PING.VARZ'],
    sub: [`${BUS_KEEPER_INBOX}.>`],
    reply: false,
  } satisfies NatsPermissions,
};
