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

type OnFleet = { fleet: Fleet; signal: AbortSignal };

/** Runs a piece of work on a whole fleet that keeps everything in this home folder. */
export async function onFleet(
  home: string,
  work: (started: OnFleet) => Promise<void>,
  variables: Record<string, string> = {},
): Promise<void> {
  const { signal } = new AbortController();
  const fleet = await startFleet({
    home: openHome(home),
    env: { ...(await ownPorts()), ...variables },
    say: () => undefined,
    signal,
  });
  try {
    await work({ fleet, signal });
  } finally {
    await fleet.stop();
  }
}

/** Runs a piece of work with a simulated cluster. */
export async function withCluster(work: (cluster: SimulatedCluster) => Promise<void>): Promise<void> {
  const cluster = await startSimulatedCluster();
  try {
    await work(cluster);
  } finally {
    await cluster.stop();
  }
}

/** Runs a piece of work on a whole fleet and a simulated cluster that is not attached yet. */
export const withFleet = (
  work: (started: OnFleet & { cluster: SimulatedCluster }) => Promise<void>,
  variables: Record<string, string> = {},
): Promise<void> =>
  withHome((home) => onFleet(home, (started) => withCluster((cluster) => work({ ...started, cluster })), variables));

/** The faults that are repaired, of which `most` are enough where the time goes into something else. */
export const repairable = (cluster: SimulatedCluster, most: number): SimulatedCluster => ({
  ...cluster,
  faults: cluster.faults.filter(({ expected }) => expected.outcome === 'verified').slice(0, most),
});
