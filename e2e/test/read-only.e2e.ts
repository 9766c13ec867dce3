import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attachSimulated,
  openHome,
  portVariables,
  serviceNames,
  startFleet,
  startSimulatedCluster,
} from '@aetherius/local';
import { eventually, freePort } from '@aetherius/shared/testing';
import { afterAll, expect, it } from '@jest/globals';

const home = mkdtempSync(join(tmpdir(), 'aetherius-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('explains a fault and leaves the cluster alone where changes are not allowed', async () => {
  const { signal } = new AbortController();
  const ports = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [portVariables[name], String(await freePort())])),
  );
  const fleet = await startFleet({
    home: openHome(home),
    env: { ...process.env, ...ports },
    say: () => undefined,
    signal,
  });
  const cluster = await startSimulatedCluster();
  try {
    await attachSimulated({ fleet, cluster, allowChanges: false, signal });
    const fault = cluster.faults.find(({ name }) => name === 'oom_killed');
    const specNow = () => cluster.read('Deployment', 'shop', 'image-resizer')?.['spec'];
    fault?.inject();
    const broken = structuredClone(specNow());
    expect(broken).toBeDefined();
    await eventually(
      async () =>
        expect(await fleet.api.incidents()).toMatchObject([
          { subject: fault?.expected.subject, state: 'escalated', diagnosis: { category: 'oom_killed' } },
        ]),
      { within: 90_000 },
    );
    expect(specNow()).toEqual(broken);
  } finally {
    await fleet.stop();
    await cluster.stop();
  }
}, 120_000);
