import { randomInt } from 'node:crypto';
import type { Kubectl } from './kubectl.ts';
import type { ServiceNetwork } from './service-network.ts';

type Service = { metadata: { name: string }; spec: { clusterIP: string; ports: { name: string; port: number }[] } };
/** A part of where a service leads. */
export type Slice = {
  metadata: { name: string; labels: Record<string, string> };
  ports: { name: string; port: number }[] | null;
  endpoints: { addresses: string[]; conditions: { ready?: boolean } }[] | null;
};
type Watched<T> = { type: string; object: T };

type Following = { kubectl: Kubectl; namespace: string; network: ServiceNetwork };

/** Puts every service of a namespace on the network as soon as it is there, and leads each connection to a pod that is ready just then. */
export function followServices({ kubectl, namespace, network }: Following): () => void {
  const slices = new Map<string, Slice>();
  const played = new Set<string>();
  const watch = <T>(path: string, hear: (change: Watched<T>) => void) =>
    kubectl.lines(['get', '--raw', `${path}?watch=true`], (line) => hear(JSON.parse(line) as Watched<T>));
  const stops = [
    watch<Slice>(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, ({ type, object }) => {
      if (type === 'DELETED') slices.delete(object.metadata.name);
      else slices.set(object.metadata.name, object);
    }),
    watch<Service>(`/api/v1/namespaces/${namespace}/services`, ({ object: { metadata, spec } }) => {
      for (const { name: portName, port } of spec.ports) {
        const key = `${spec.clusterIP}:${port}`;
        if (played.has(key)) continue;
        played.add(key);
        const target = () => {
          const places = readyPlaces([...slices.values()], metadata.name, portName);
          return places[randomInt(Math.max(places.length, 1))];
        };
        void network.play({ name: `${metadata.name}.${namespace}`, address: spec.clusterIP, port, target });
      }
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Where a connection to a port of a service may go. */
export function readyPlaces(slices: readonly Slice[], service: string, portName: string) {
  return slices
    .filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === service)
    .flatMap(({ ports, endpoints }) => {
      const port = (ports ?? []).find(({ name }) => name === portName)?.port;
      if (port === undefined) return [];
      const ready = (endpoints ?? []).filter(({ conditions }) => conditions.ready === true);
      return ready.flatMap(({ addresses: [host] }) => (host === undefined ? [] : [{ host, port }]));
    });
}
