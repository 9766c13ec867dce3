import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Fleet,
  openHome,
  portVariables,
  type SimulatedCluster,
  serviceNames,
  startFleet,
  startSimulatedCluster,
} from '@aetherius/local';
import { freePorts } from '@aetherius/shared/service';

/** Runs a piece of work with a home folder of its own, which is gone afterwards. */
export async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'aetherius-home-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** This process's environment, with ports that nobody uses for the services. */
export async function ownPorts(): Promise<NodeJS.ProcessEnv> {
  const ports = await freePorts(serviceNames.length);
  return {
    ...process.env,
    ...Object.fromEntries(serviceNames.map((name, index) => [portVariables[name], String(ports[index])])),
  };
}

type Started = { fleet: Fleet; cluster: SimulatedCluster; signal: AbortSignal };

/** Runs a piece of work on a whole fleet and a simulated cluster that is not attached yet. */
export const withFleet = (
  work: (started: Started) => Promise<void>,
  variables: Record<string, string> = {},
): Promise<void> =>
  withHome(async (home) => {
    const { signal } = new AbortController();
    const fleet = await startFleet({
      home: openHome(home),
      env: { ...(await ownPorts()), ...variables },
      say: () => undefined,
      signal,
    });
    try {
      const cluster = await startSimulatedCluster();
      try {
        await work({ fleet, cluster, signal });
      } finally {
        await cluster.stop();
      }
    } finally {
      await fleet.stop();
    }
  });
