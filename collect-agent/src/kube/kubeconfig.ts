import { existsSync, readFileSync } from 'node:fs';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import type { KubeConnection } from './client.ts';
import { KubeError } from './kube-error.ts';

type Choice = { file?: string; context?: string };

/**
 * The connection of a kubeconfig's context. The Kubernetes package is loaded here alone and only when asked, because it knows
 * every way of logging in (exec plugins, auth providers) and costs 88 MiB of memory.
 */
export async function kubeconfigConnection({ file, context }: Choice): Promise<KubeConnection> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  load(config, file);
  if (context !== undefined) {
    if (config.getContextObject(context) === null) throw invalid(`context "${context}" is not in it`, file);
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw invalid('it has no current context with a cluster', file);
  return connectionOf(config, cluster);
}

function load(config: KubeConfig, file: string | undefined): void {
  if (file !== undefined && !existsSync(file)) throw invalid('does not exist', file);
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    // The parser's further lines quote the file.
    throw invalid(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), file);
  }
}

function connectionOf(config: KubeConfig, cluster: Cluster): KubeConnection {
  const user = config.getCurrentUser();
  const ca = pem(cluster.caData, cluster.caFile);
  const cert = pem(user?.certData, user?.certFile);
  const key = pem(user?.keyData, user?.keyFile);
  return {
    server: cluster.server,
    token: () => bearerToken(config),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.skipTLSVerify ? { skipVerify: true } : {}),
  };
}

/** The package puts whatever a login yields into headers; a bearer token is the only one of them that the API server takes here. */
async function bearerToken(config: KubeConfig): Promise<string | undefined> {
  const headers: { Authorization?: string } = {};
  await config.applyToHTTPSOptions({ headers });
  return headers.Authorization?.startsWith('Bearer ') ? headers.Authorization.slice('Bearer '.length) : undefined;
}

const pem = (data: string | undefined, file: string | undefined): string | undefined => {
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  return file ? readFileSync(file, 'utf8') : undefined;
};

const invalid = (problem: string, file = 'the default kubeconfig'): KubeError =>
  new KubeError({ code: 0, reason: 'InvalidKubeconfig', message: `${file}: ${problem}`, path: file });
