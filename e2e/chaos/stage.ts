import type { Fleet, Supervised } from '@aetherius/local';
import type { Db } from '@aetherius/shared/postgres';
import { type Accounts, createAccounts } from './accounts.ts';
import { type BrokenCluster, startBrokenCluster } from './broken-cluster.ts';
import { type Load, startLoad } from './load.ts';

/** What all faults share: the fleet, its home folder, and a connection with all rights. */
export type Arena = { fleet: Fleet; home: string; run: string; db: Db; full: boolean };

/** What one fault happens to: a cluster of its own with its agent, under load. */
export type Stage = Arena & {
  cluster: BrokenCluster;
  agent: Supervised;
  label: string;
  load: Load;
  accounts: Accounts;
};

const EVENTS_PER_SECOND = 20;

/** Whose stage it is, and what its agent is told besides. */
type Staged = { name: string; agent?: (stage: Omit<Stage, 'agent'>) => Promise<Record<string, string>> };

/** Starts a cluster, its agent and the load. */
export async function openStage(arena: Arena, fault: Staged): Promise<Stage> {
  const cluster = await startBrokenCluster(fault.name);
  const load = startLoad(cluster.store, EVENTS_PER_SECOND);
  const label = `agent-${fault.name}`;
  const accounts = createAccounts(arena.db, cluster.id);
  const base = { ...arena, cluster, load, label, accounts };
  try {
    const env = { ...agentEnvironment(cluster), ...(await fault.agent?.(base)) };
    const agent = await arena.fleet.addAgent({ id: cluster.id, name: cluster.id, label, env });
    return { ...base, agent };
  } catch (error) {
    load.stop();
    await cluster.stop();
    throw error;
  }
}

/** What every agent of a stage is told. */
export const agentEnvironment = ({ url }: BrokenCluster) => ({
  KUBE_SERVER: url,
  ALLOW_CHANGES: 'true',
  LEADER: 'lease',
});

/** Ends the load, the agent and the cluster. */
export async function closeStage({ load, agent, cluster }: Stage): Promise<void> {
  load.stop();
  await agent.stop();
  await cluster.stop();
}
