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
