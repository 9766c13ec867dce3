/** What a NATS user may publish and hear; `reply` allows one answer to a request. */
export type NatsPermissions = { pub: string[]; sub: string[]; reply: boolean };

export type ServiceUser = 'agent-manager' | 'orchestrator-service' | 'reasoning-service';

const jetstream = ['$JS.API.>', '$JS.ACK.>'];

const services: Record<ServiceUser, NatsPermissions> = {
  'agent-manager': {
    pub: [
      ...jetstream,
      'aetherius.agent.*.command',
      'internal.event.*',
      'internal.audit',
      'ai.feedback.data',
      'dead.agent-manager',
    ],
    sub: ['_INBOX_agent-manager.>', 'aetherius.agent.*.register', 'aetherius.agent.*.heartbeat'],
    reply: true,
  },
  'orchestrator-service': {
    pub: [
      ...jetstream,
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
    pub: [...jetstream, 'ai.reasoning.answer', 'internal.signal.anomaly', 'internal.audit', 'dead.reasoning-service'],
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

/** Who tells the bus which agents are let in no longer: a user of the system account that can do nothing else there. */
export const busKeeper = {
  inboxPrefix: BUS_KEEPER_INBOX,
  permissions: {
    pub: ['$SYS.REQ.CLAIMS.UPDATE', '$SYS.REQ.ACCOUNT.*.CLAIMS.LOOKUP'],
    sub: [`${BUS_KEEPER_INBOX}.>`],
    reply: false,
  } satisfies NatsPermissions,
};
