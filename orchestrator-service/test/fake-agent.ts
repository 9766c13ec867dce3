import { agentSubject, Command, type CommandReply, type CommandResult } from '@aetherius/shared/contracts';
import type { Nats } from '@aetherius/shared/nats';
import { newId } from '@aetherius/shared/service';
import { z } from 'zod';

export const CLUSTER = 'eu-1';

/** What a command comes to: a result, a refusal, or nothing that anybody hears of. */
type Reaction = Partial<CommandResult> | 'silent' | { refuse: string };

/** A cluster of one object, whose revision rises with each write and whose annotation keeps their marks. */
function createCluster() {
  let revision = 2;
  const marks: string[] = [];
  const effects: { id: string; action: string; revision: number }[] = [];
  const change = (command: Command): Partial<CommandResult> => {
    const before = { revision, image: `image-${revision}` };
    const after = { revision: revision + 1, image: `image-${revision - 1}` };
    const changed = { before, after, hash: `hash-of-${revision}` };
    if (command.expected !== null && command.expected !== changed.hash)
      return { status: 'refused', reason: 'changed_since' };
    if (!command.dry_run && !marks.includes(command.id)) {
      marks.push(command.id);
      revision += command.id.includes('/undo') ? -1 : 1;
      effects.push({ id: command.id, action: command.action, revision });
    }
    return { changed, output: { undo: { action: 'rollback_workload', parameters: { to_revision: before.revision } } } };
  };
  const object = () => ({
    metadata: {
      name: 'cart',
      namespace: 'shop',
      uid: 'u-1',
      annotations: { 'aetherius.io/commands': marks.join(',') },
      labels: {},
    },
  });
  return { effects, change, object };
}

/** An agent as the orchestrator sees one. */
export type FakeAgent = {
  /** Every command in the order in which it came. */
  received: Command[];
  /** Effects on the cluster: one entry for each write that was carried out. */
  effects: { id: string; action: string; revision: number }[];
  /** What the next observations see; met when there is nothing here. */
  observes: ('met' | 'not_met' | 'unknown')[];
  /** Answers in place of the built-in behaviour; undefined leaves it. */
  instead: (command: Command) => Reaction | undefined;
  publish: (command: Command, result: Partial<CommandResult>) => Promise<void>;
  /** Carries a write out without telling anybody. */
  carryOut: (command: Command) => Partial<CommandResult>;
  stop: () => Promise<void>;
};

/** An agent that answers at once, unless a test says otherwise. */
export function startFakeAgent(nats: Nats): FakeAgent {
  const cluster = createCluster();
  const react = (command: Command): Reaction => {
    if (command.action === 'get') return { output: { object: cluster.object() } };
    if (command.action === 'observe') return { output: { observed: agent.observes.shift() ?? 'met' } };
    if (command.action === 'configure') return {};
    return cluster.change(command);
  };
  const { stop } = nats.listen(agentSubject(CLUSTER, 'command'), z.unknown(), async (body) => {
    const command = Command.parse(body);
    agent.received.push(command);
    const reaction = agent.instead(command) ?? react(command);
    if (reaction === 'silent') return reply(command);
    if ('refuse' in reaction) return { ...reply(command), status: 'refused', reason: reaction.refuse };
    void agent.publish(command, reaction);
    return reply(command);
  });
  const agent: FakeAgent = {
    received: [],
    effects: cluster.effects,
    observes: [],
    instead: () => undefined,
    carryOut: cluster.change,
    publish: async (command, result) => {
      const id = `${command.id}:result:${newId()}`;
      await nats.publish(agentSubject(CLUSTER, 'result'), resultOf(command, result), { id });
    },
    stop,
  };
  return agent;
}

const resultOf = (command: Command, result: Partial<CommandResult>): CommandResult => ({
  command_id: command.id,
  cluster_id: CLUSTER,
  issuer: command.issuer,
  status: 'done',
  reason: null,
  output: null,
  changed: null,
  started_at: new Date().toISOString(),
  duration: '1ms',
  ...result,
});

const reply = (command: Command): CommandReply => ({ command_id: command.id, status: 'accepted', reason: null });
