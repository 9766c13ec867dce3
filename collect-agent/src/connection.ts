import { errors } from '@aetherius/shared/errors';
import { type AgentConfig, accessOf } from './config.ts';
import type { KubeConnection } from './kube/client.ts';
import { inClusterConnection } from './kube/in-cluster.ts';
import { kubeconfigConnection } from './kube/kubeconfig.ts';

/** The way to the cluster that the configuration names. */
export async function connectionOf(config: AgentConfig): Promise<KubeConnection> {
  try {
    return await connect(config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.invalid_input({ access: accessOf(config), reason }, { cause });
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
