import { isDeepStrictEqual } from 'node:util';
import { isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random.ts';
import { isTerminating, nameKey, ownedBy, referenceTo, splitNameKey } from './references.ts';
import { carries } from './selector.ts';
import type { EndpointSlice, Pod, Service } from './types.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, TypedChange, World } from './world.ts';

const serviceLabel = 'kubernetes.io/service-name';

/** Lists the addresses of the pods behind each service, the older way and the newer. */
export function createEndpointsController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (key) => reconcile(world, key) });
  return {
    onChange(change) {
      if (change.object.kind === 'Service') queue.add(nameKey(change.object));
      for (const service of servicesOf(world, change)) queue.add(nameKey(service));
    },
  };
}

function servicesOf({ objects }: World, { object, previous }: TypedChange): Service[] {
  if (object.kind !== 'Pod') return [];
  const labels = [object.metadata.labels, previous?.metadata.labels];
  return objects
    .list('Service', object.metadata.namespace)
    .filter(({ spec }) => spec.selector !== undefined && labels.some((some) => carries(some, spec.selector ?? {})));
}

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitNameKey(key);
  const service = world.objects.get('Service', namespace, name);
  if (service === undefined) {
    const endpoints = world.objects.get('Endpoints', namespace, name);
    if (endpoints !== undefined) world.objects.remove(endpoints);
    return;
  }
  const selector = service.spec.selector ?? {};
  if (Object.keys(selector).length === 0) return;
  const pods = world.objects
    .list('Pod', namespace)
    .filter((pod) => carries(pod.metadata.labels, selector) && pod.status?.podIP !== undefined && !isFinished(pod));
  writeSlice(world, service, pods);
  writeEndpoints(world, service, pods);
}

function writeSlice({ objects, view, random }: World, service: Service, pods: readonly Pod[]): void {
  const endpoints = pods.length === 0 ? null : pods.map(endpointOf);
  const ports = pods.length === 0 ? null : portsOf(service, pods[0]);
  const slice = view
    .dependents(service.metadata.uid ?? '')
    .find((object): object is EndpointSlice => object.kind === 'EndpointSlice');
  if (slice === undefined) {
    const { name, namespace = 'default' } = service.metadata;
    const labels = {
      [serviceLabel]: name,
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    };
    const generateName = `${name}-`;
    const metadata = {
      name: generateName + randomSuffix(random),
      generateName,
      namespace,
      labels,
      ownerReferences: [ownedBy(service)],
    };
    objects.create({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      endpoints,
      ports,
    });
  } else if (!isDeepStrictEqual([slice.endpoints, slice.ports], [endpoints, ports])) {
    objects.mutate(slice, (draft) => {
      draft.endpoints = endpoints;
      draft.ports = ports;
    });
  }
}

function endpointOf(pod: Pod): Record<string, unknown> {
  const terminating = isTerminating(pod);
  const serving = isReady(pod);
  const { resourceVersion: _version, apiVersion: _api, ...targetRef } = referenceTo(pod);
  return {
    addresses: [pod.status?.podIP],
    conditions: { ready: serving && !terminating, serving, terminating },
    targetRef,
    nodeName: pod.spec.nodeName,
  };
}

function portsOf({ spec }: Service, pod: Pod | undefined): Record<string, unknown>[] {
  return (spec.ports ?? []).map(({ name = '', port, targetPort, protocol = 'TCP' }) => {
    const named = pod?.spec.containers
      .flatMap(({ ports = [] }) => ports)
      .find((candidate) => candidate.name === targetPort);
    const number = typeof targetPort === 'number' ? targetPort : (named?.containerPort ?? port);
    return { name, port: number, protocol };
  });
}

function writeEndpoints({ objects }: World, service: Service, pods: readonly Pod[]): void {
  const { name, namespace = 'default' } = service.metadata;
  const serving = pods.filter((pod) => !isTerminating(pod));
  const addresses = (ready: boolean) => serving.filter((pod) => isReady(pod) === ready).map(addressOf);
  const [ready, notReady] = [addresses(true), addresses(false)];
  const parts = {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
  };
  const subsets = serving.length === 0 ? undefined : [{ ...parts, ports: portsOf(service, serving[0]) }];
  const present = objects.get('Endpoints', namespace, name);
  const body = subsets === undefined ? {} : { subsets };
  if (present === undefined) {
    objects.create({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace }, ...body });
  } else if (!isDeepStrictEqual(present.subsets, subsets)) {
    objects.mutate(present, (draft) => {
      delete draft.subsets;
      Object.assign(draft, body);
    });
  }
}

function addressOf(pod: Pod): Record<string, unknown> {
  const { resourceVersion: _version, apiVersion: _api, ...targetRef } = referenceTo(pod);
  return { ip: pod.status?.podIP, nodeName: pod.spec.nodeName, targetRef };
}
