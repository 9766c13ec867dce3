import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeConnection } from './client.ts';

/** Where Kubernetes mounts a pod's own credentials. */
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

type Place = { host: string; port: string; folder?: string };

/** The connection that a pod has by its service account; the token file is read anew each time because the kubelet renews it. */
export function inClusterConnection({ host, port, folder = SERVICE_ACCOUNT_FOLDER }: Place): KubeConnection {
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    server: `https://${shownHost}:${port}`,
    ca: readFileSync(join(folder, 'ca.crt'), 'utf8'),
    token: () => readFileSync(join(folder, 'token'), 'utf8').trim(),
  };
}
