import { Action, type Register } from '@aetherius/shared/contracts';
import type { AgentConfig } from './config.ts';
import type { KubeClient } from './kube/client.ts';

type Needs = { client: KubeClient; config: AgentConfig; agentId: string; version: string; startedAt: Date };

/** What this agent says about itself; the version of its cluster is asked for anew because a cluster may be unreachable at first. */
export const introductionOf =
  ({ client, config, agentId, version, startedAt }: Needs) =>
  async (): Promise<Register> => ({
    agent_id: agentId,
    cluster_id: config.CLUSTER_ID,
    display_name: config.DISPLAY_NAME ?? null,
    version,
    started_at: startedAt.toISOString(),
    kubernetes_version: await kubernetesVersion(client),
    capabilities: [...Action.options],
    changes_allowed: config.ALLOW_CHANGES,
  });

async function kubernetesVersion(client: KubeClient): Promise<string | null> {
  try {
    const answer = await client.get('/version');
    const version =
      typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer['gitVersion'] : null;
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
