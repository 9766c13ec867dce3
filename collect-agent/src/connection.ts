import { errors } from '@aetherius/shared/errors';
import { type AgentConfig, accessOf } from './config.ts';
import type { KubeConnection } from './kube/client.ts';
import { inClusterConnection } from './kube/in-cluster.ts';
import { kubeconfigConnection } from './kube/kubeconfig.ts';

const waysOut: Record<ReturnType<typeof accessOf>, string> = {
  server: 'set KUBE_SERVER to the address of an API server',
  kubeconfig:
    'set KUBECONFIG to a kubeconfig that this process can read, with all files that it names, and KUBE_CONTEXT to one of its contexts',
  service_account:
    'let the pod have its service account (automountServiceAccountToken), or set KUBECONFIG where this is no pod',
  none: 'set KUBE_SERVER, KUBECONFIG or KUBE_CONTEXT, or run in a pod',
};

/** The way to the cluster that the configuration names. */
export async function connectionOf(config: AgentConfig): Promise<KubeConnection> {
  try {
    return await connect(config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const access = accessOf(config);
    throw errors.invalid_input({ access, reason, way_out: waysOut[access] }, { cause });
  }
}

async function connect(config: AgentConfig): Promise<KubeConnection> {
  const { KUBE_SERVER, KUBECONFIG, KUBE_CONTEXT, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT } = config;
  if (KUBE_SERVER !== undefined) return { server: KUBE_SERVER };
  if (accessOf(config) === 'kubeconfig') {
    return kubeconfigConnection({
      ...(KUBECONFIG === undefined ? {} : { file: KUBECONFIG }),
      ...(KUBE_CONTEXT === undefined ? {} : { context: KUBE_CONTEXT }),
    });
  }
  return inClusterConnection({ host: KUBERNETES_SERVICE_HOST ?? '', port: KUBERNETES_SERVICE_PORT });
}
