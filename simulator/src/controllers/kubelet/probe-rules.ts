import type { Container, Probe } from '../types.ts';
import type { Serves } from './behaviour.ts';

/** What a probe found: undefined when all is well, otherwise the kubelet's words. */
export function probeFailure(
  probe: Probe,
  container: Container,
  target: { serves: Serves; podIP: string },
): string | undefined {
  const { httpGet, tcpSocket } = probe;
  const named = httpGet?.port ?? tcpSocket?.port;
  if (named === undefined) return undefined;
  const port = portNumber(named, container);
  const { serves, podIP } = target;
  const isOpen = serves.port === undefined || serves.port === port;
  if (httpGet === undefined) return isOpen ? undefined : `dial tcp ${podIP}:${port}: connect: connection refused`;
  const path = httpGet.path ?? '/';
  if (!isOpen) return `Get "http://${podIP}:${port}${path}": dial tcp ${podIP}:${port}: connect: connection refused`;
  const isServed = serves.paths === undefined || serves.paths.includes(path);
  return isServed ? undefined : 'HTTP probe failed with statuscode: 404';
}

function portNumber(port: number | string, { ports = [] }: Container): number {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
}
