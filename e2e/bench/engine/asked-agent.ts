import { agentSubject, Command, type CommandResult } from '@aetherius/shared/contracts';
import type { Nats } from '@aetherius/shared/nats';
import { z } from 'zod';

export const CLUSTER = 'bench-1';

/** An agent that carries every read out at once, and counts how often it was asked for each. */
export type AskedAgent = { asked: ReadonlyMap<string, number>; stop(): Promise<void> };

/** Hears the commands of the bench's cluster. */
export function startAskedAgent(nats: Nats): AskedAgent {
  const asked = new Map<string, number>();
  const { stop } = nats.listen(agentSubject(CLUSTER, 'command'), z.unknown(), async (body) => {
    const command = Command.parse(body);
    const times = (asked.get(command.id) ?? 0) + 1;
    asked.set(command.id, times);
    void nats.publish(agentSubject(CLUSTER, 'result'), resultOf(command), { id: `${command.id}:result:${times}` });
    return { command_id: command.id, status: 'accepted', reason: null };
  });
  return { asked, stop };
}

/** About what a `get` of a workload brings back. */
const resultOf = ({ id, target, issuer }: Command): CommandResult => ({
  command_id: id,
  cluster_id: CLUSTER,
  issuer,
  status: 'done',
  reason: null,
  output: {
    object: {
      apiVersion: target.api_version,
      kind: target.kind,
      metadata: { name: target.name, namespace: target.namespace, uid: `uid-of-${target.name}`, labels: { app: 'x' } },
      spec: { replicas: 3, paused: false },
      status: { replicas: 3, readyReplicas: 3, observedGeneration: 7 },
    },
  },
  changed: null,
  started_at: new Date().toISOString(),
  duration: '1ms',
});
