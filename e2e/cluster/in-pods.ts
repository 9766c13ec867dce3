import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { withTestBacking } from '@aetherius/local';
import { openHelm } from '../src/charts/helm.ts';
import { root } from '../src/run.ts';
import { agentInPod } from './agent-in-pod.ts';
import type { Bed } from './bed.ts';
import { buildBinaries } from './binaries.ts';
import type { Check } from './check.ts';
import { runCommand } from './command.ts';
import { controlPlaneInPods } from './control-plane-in-pods.ts';
import { loadNodeImages } from './node-images.ts';

/** The project's images in the kubelet: the agent alone, then the whole of it; or why that cannot be tried here. */
export async function inPods(bed: Bed, report: (line: string) => void): Promise<{ checks: Check[]; missing?: string }> {
  const helm = await openHelm(report);
  if (helm === undefined) return { checks: [], missing: 'Helm cannot be built: Go is missing' };
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-pod-'));
  try {
    const loaded = await loadNodeImages({ bed, folder, helm, report });
    if ('missing' in loaded) return { checks: [], missing: loaded.missing };
    const path = [await buildBinaries(report), dirname(helm), process.env['PATH'] ?? ''].join(delimiter);
    const env = { PATH: path, KUBECONFIG: bed.kubeconfig, HOME: folder };
    const shell = (command: string) => runCommand('bash', ['-euo', 'pipefail', '-c', command], { cwd: root, env });
    const pods = { ...loaded, bed, folder, shell, report };
    const checks = await withTestBacking(async (backing) => {
      Object.assign(process.env, backing);
      return [...(await agentInPod(pods)), ...(await controlPlaneInPods(pods))];
    });
    return { checks };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
