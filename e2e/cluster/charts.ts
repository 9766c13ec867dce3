import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgress } from '../src/progress.ts';
import { buildBinaries } from './binaries.ts';
import { chartsApplied } from './charts-applied.ts';
import type { Cluster } from './cluster.ts';
import { startControlPlane } from './control-plane.ts';
import { makeKeys } from './keys.ts';
import { layoutAt, makeFolders } from './layout.ts';
import { stopPrograms } from './processes.ts';

// The charts alone, on an API server without nodes: needs Go and openssl, but no root and no kubelet.
const { report } = createProgress();

const layout = layoutAt(mkdtempSync(join(tmpdir(), 'aetherius-plane-')));
makeFolders(layout);

async function start(): Promise<Cluster> {
  const binaries = await buildBinaries(report);
  await makeKeys(layout.keys, { node: 'none', address: '127.0.0.1' });
  const { apiUrl, kubeconfig, kubectl } = await startControlPlane({ layout, binaries });
  report('control plane ready');
  return {
    apiUrl,
    kubeconfig,
    kubectl,
    caFile: join(layout.keys, 'ca.crt'),
    token: async ({ namespace, name }) => (await kubectl.run(['-n', namespace, 'create', 'token', name])).trim(),
  };
}

async function stop(): Promise<void> {
  // In this order, because an API server that has lost its etcd takes its time to end.
  for (const part of ['controllers', 'api', 'etcd'] as const) await stopPrograms(layout.run[part]);
  rmSync(layout.root, { recursive: true, force: true });
}

const checks = await start()
  .then((cluster) => chartsApplied(cluster, report))
  .finally(stop);
for (const { name, problems } of checks)
  console.log(`${problems.length === 0 ? 'passed' : 'FAILED'}  ${[name, ...problems].join('\n        ')}`);
const failed = checks.filter(({ problems }) => problems.length > 0).length;
console.log(`\n${checks.length - failed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed === 0 ? 0 : 1;
