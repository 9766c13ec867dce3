import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnosis } from '@aetherius/shared/contracts';
import { eventually } from '@aetherius/shared/testing';
import { kubeconfig } from '@aetherius/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SimulatedCluster, startSimulatedCluster } from '../src/simulated-cluster.ts';

const entry = fileURLToPath(new URL('../src/diagnose.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'diagnose-live-'));
const file = join(folder, 'config');
const down = join(folder, 'config-of-nobody');
let cluster: SimulatedCluster;

beforeAll(async () => {
  cluster = await startSimulatedCluster();
  writeFileSync(file, kubeconfig(cluster.url));
  writeFileSync(down, kubeconfig('http://127.0.0.1:1'));
}, 60_000);

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

type Run = { code: number; out: string; err: string };

function run(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, TMPDIR: folder };
    execFile(process.execPath, ['--conditions=source', entry, ...args], { maxBuffer: 1e8, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function found(...args: string[]): Promise<string[]> {
  const { out, err, code } = await run('--kubeconfig', file, ...args, '--json');
  if (code !== 0) throw new Error(err);
  const main = JSON.parse(out) as Diagnosis & { further_findings: Diagnosis[] };
  return [main, ...main.further_findings].map(shown).sort();
}

const shown = ({ category, subject: { kind, namespace, name } }: Pick<Diagnosis, 'category' | 'subject'>): string =>
  `${category} of ${kind} ${namespace}/${name}`;

describe('npm run diagnose on a live cluster', () => {
  it('finds nothing where all is well but noisy', async () => {
    expect(await found('--all-namespaces')).toEqual(['no_incident of Cluster null/cluster']);
  }, 60_000);

  it('has one finding for each fault, and none for what is healthy', async () => {
    for (const fault of cluster.faults) fault.inject();
    const expected = cluster.faults.map((fault) => shown(fault.expected)).sort();
    await eventually(async () => expect(await found('--all-namespaces')).toEqual(expected), { within: 90_000 });
  }, 120_000);

  it('keeps to a namespace, and leaves no file behind', async () => {
    expect(await found('--namespace', 'orders')).toEqual([
      'missing_configmap of Deployment orders/order-router',
      'service_selector_mismatch of Service orders/orders-api',
    ]);
    expect(readdirSync(folder)).toEqual(['config', 'config-of-nobody']);
  }, 60_000);

  it.each<[string[], string]>([
    [['--kubeconfig', join(folder, 'none'), '--all-namespaces'], 'does not exist'],
    [['--kubeconfig', down, '--all-namespaces'], 'the API server cannot be read: connect ECONNREFUSED'],
    [['--kubeconfig', file], 'needs --namespace NAME or --all-namespaces beside it'],
    [['--kubeconfig', file, '--namespace', 'nowhere'], 'namespaces "nowhere" not found'],
    [['--kubeconfig', file, '--namespace', 'Not A Name'], 'is no name of a namespace'],
    [['--kubeconfig', file, '--context', 'nobody', '--all-namespaces'], 'context "nobody" is not in it'],
    [['--bundle', folder, '--namespace', 'orders'], 'leave out --namespace'],
    [['--surprise'], "Unknown option '--surprise'"],
  ])('%j is refused', async (args, words) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});
