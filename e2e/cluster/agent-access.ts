import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bed } from './bed.ts';

/** What an operator of a cluster applies; the second is applied because this test repairs things. */
const manifests = ['agent', 'agent-write'].map((name) =>
  fileURLToPath(new URL(`../../deployments/manifests/${name}/`, import.meta.url)),
);

const AGENT = { namespace: 'aetherius-agent', name: 'aetherius-agent' };

/** Gives the agent its rights as shipped and writes the kubeconfig of its service account. */
export async function grantAgent(bed: Bed, folder: string): Promise<{ kubeconfig: string; token: string }> {
  for (const manifest of manifests) await bed.kubectl.run(['apply', '-k', manifest]);
  const token = await bed.token(AGENT);
  return { kubeconfig: kubeconfigFor(bed, folder, token), token };
}

/** Writes a kubeconfig with this token alone. */
export function kubeconfigFor(bed: Pick<Bed, 'apiUrl' | 'caFile'>, folder: string, token: string): string {
  const kubeconfig = join(folder, 'agent.kubeconfig');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'real',
        cluster: { server: bed.apiUrl, 'certificate-authority-data': readFileSync(bed.caFile).toString('base64') },
      },
    ],
    users: [{ name: 'agent', user: { token } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'agent' } }],
    'current-context': 'real',
  };
  writeFileSync(kubeconfig, JSON.stringify(content), { mode: 0o600 });
  return kubeconfig;
}

/** What the agent's own token may do, as the API server answers. */
export async function may(bed: Bed, kubeconfig: string, words: string[]): Promise<boolean> {
  const answer = await bed.kubectl
    .run(['--kubeconfig', kubeconfig, 'auth', 'can-i', ...words])
    .catch((error: unknown) => String(error));
  return /^yes/m.test(answer);
}
