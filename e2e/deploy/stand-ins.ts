import { runCommand } from '../cluster/command.ts';
import { root } from '../src/run.ts';

/** The public images that there are stand-ins for. */
export type StandIn = 'postgres' | 'redis' | 'nats' | 'neo4j' | 'gateway';

type Building = { env: Record<string, string>; report: (line: string) => void };

/** Builds stand-ins for public images that cannot be pulled here, all unless some are named; answers the variables that make compose use them. */
export async function buildStandIns(
  { env, report }: Building,
  names: readonly StandIn[] = [],
): Promise<Record<string, string>> {
  report('building stand-ins for the public images that cannot be pulled');
  const lines = await runCommand(`${root}deployments/docker/stand-ins.sh`, names, { env });
  return Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
}
