import type { Condition, Json, ObjectRef } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { hasCode } from '../../kube/kube-error.ts';
import type { ReplicaSet } from '../actions/pick-revision.ts';
import type { Sight } from '../conditions.ts';
import { listPath, pathOf } from '../kinds.ts';
import { asKubeObject, itemsOf, type KubeObject, type Pod, type Workload } from '../kube-object.ts';

/** Reads what the condition has to be judged by. */
export async function look(client: KubeClient, condition: Condition, target: ObjectRef): Promise<Sight> {
  const object = await orGone(client.get(pathOf(target)));
  if (object === undefined) return { object };
  if (condition === 'workload_available') return { object, ...(await surroundings(client, object as Workload)) };
  if (condition === 'service_has_endpoints') return { object, readyEndpoints: await endpointsOf(client, target) };
  if (condition === 'ingress_backends_exist') return { object, services: await servicesBeside(client, target) };
  return { object };
}

async function orGone(answer: Promise<Json>): Promise<KubeObject | undefined> {
  try {
    return asKubeObject(await answer);
  } catch (error) {
    if (hasCode(error, 404)) return undefined;
    throw error;
  }
}

async function surroundings(client: KubeClient, { kind, metadata, spec }: Workload) {
  const namespace = metadata.namespace ?? null;
  const labelSelector = selectorText(spec.selector.matchLabels);
  const [pods, replicaSets] = await Promise.all([
    client.list(listPath('Pod', namespace), { labelSelector }),
    kind === 'Deployment' ? client.list(listPath('ReplicaSet', namespace), { labelSelector }) : null,
  ]);
  return { pods: itemsOf<Pod>(pods, 'Pod'), replicaSets: itemsOf<ReplicaSet>(replicaSets, 'ReplicaSet') };
}

/** A selector of label pairs as the API server reads it; a workload without pairs selects by nothing we could narrow. */
export const selectorText = (labels: Record<string, string> | undefined): string | undefined =>
  labels &&
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

type Service = KubeObject & { spec?: { ports?: { port: number; name?: string }[] } };

async function servicesBeside(client: KubeClient, { namespace }: ObjectRef) {
  const services = await client.list(listPath('Service', namespace));
  return itemsOf<Service>(services, 'Service').map(({ metadata, spec }) => ({
    name: metadata.name,
    // A backend may name a port by its number or by its name.
    ports: (spec?.ports ?? []).flatMap(({ port, name }) => (name === undefined ? [port] : [port, name])),
  }));
}

type Slice = KubeObject & { endpoints?: { addresses?: string[]; conditions?: { ready?: boolean } }[] };

async function endpointsOf(client: KubeClient, { namespace, name }: ObjectRef): Promise<number> {
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const slices = await client.list(listPath('EndpointSlice', namespace), { labelSelector });
  return itemsOf<Slice>(slices, 'EndpointSlice')
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
}
