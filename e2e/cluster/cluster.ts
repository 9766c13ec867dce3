import type { Bed } from './bed.ts';

/** What the charts need of a cluster: an API server is enough, no node has to run. */
export type Cluster = Pick<Bed, 'kubectl' | 'kubeconfig' | 'caFile' | 'apiUrl' | 'token'>;
