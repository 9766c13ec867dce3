import { writeFileSync } from 'node:fs';
import { systemClock as clock, runCommand } from '@aetherius/shared/service';
import { createKubeClient, type KubeClient } from './kube/client.ts';
import { hasCode, KubeError } from './kube/kube-error.ts';
import { kubeconfigConnection } from './kube/kubeconfig.ts';
import { type Options, readOptions, usage } from './snapshot/options.ts';
import { takeSnapshot } from './snapshot/take-snapshot.ts';

async function snapshot({ kubeconfig, context, namespace, output }: Options): Promise<string> {
  const choice = {
    ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
  const client = createKubeClient(await kubeconfigConnection(choice));
  try {
    await checkReachable(client, namespace);
    const bundle = await takeSnapshot({ client, clock, cluster: clusterName(context), namespace });
    writeFileSync(output, JSON.stringify(bundle), { mode: 0o600 });
    return '';
  } finally {
    client.stop();
  }
}

/** A mistyped namespace would look like one where all is well. */
async function checkReachable(client: KubeClient, namespace: string | undefined): Promise<void> {
  const path = namespace === undefined ? '/version' : `/api/v1/namespaces/${namespace}`;
  try {
    await client.get(path);
  } catch (error) {
    // Who may look into a namespace need not be allowed to look at it.
    if (!hasCode(error, 403)) throw error;
  }
}

/** A context's name may hold what the id of a cluster must not. */
const clusterName = (context = 'cluster'): string =>
  context
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '') || 'cluster';

function explain(error: unknown, { kubeconfig, context }: Options): string | undefined {
  if (error instanceof KubeError && error.reason === 'InvalidKubeconfig')
    return kubeconfig === undefined ? error.message : `--kubeconfig ${error.message}`;
  if (error instanceof KubeError && error.code === 0) {
    const where = `${context === undefined ? 'the current context' : `context ${context}`} of ${kubeconfig ?? 'the default kubeconfig'}`;
    return `the API server cannot be read: ${error.message}; way_out: start the cluster that ${where} names, or name another with --kubeconfig or --context`;
  }
  if (error instanceof KubeError) return `${error.path}: ${error.message}`;
  return error instanceof Error && 'code' in error ? error.message : undefined;
}

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions, answer: snapshot, explain });
