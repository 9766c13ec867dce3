import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { runCommand } from './command.ts';
import { dnsAnswer } from './dns-answer.ts';
import { DNS_ADDRESS, SERVICE_NETWORK } from './node-config.ts';

/** A port of this machine, or the pod that the next connection goes to; undefined where there is none. */
type Target = number | (() => { host: string; port: number } | undefined);

/** A port of a service of the cluster, and what answers there. */
export type PlayedService = { name: string; address: string; port: number; target: Target };

/** The API server by the name and the address that every pod knows. */
export const kubernetesService = ({ apiUrl }: { apiUrl: string }): PlayedService => ({
  name: 'kubernetes.default',
  address: '10.96.0.1',
  port: 443,
  target: Number(new URL(apiUrl).port),
});

const prefix = SERVICE_NETWORK.replace(/\.0\.0\/16$/, '.');

/** The services' network; a service can be added while pods use it. */
export type ServiceNetwork = { play(service: PlayedService): Promise<void>; stop(): Promise<void> };

/**
 * What kube-proxy and the cluster's DNS are to pods: the addresses of these services lead to programs of this machine or to
 * pods, and their names to the addresses. In user space, because it is for a few connections and leaves no rule in the firewall.
 */
export async function openServices(services: readonly PlayedService[]): Promise<ServiceNetwork> {
  const open = new Set<Socket>();
  const servers: Server[] = [];
  const names = new Map<string, string>();
  const dns = createSocket('udp4');
  dns.on('message', (question, { port, address }) => dns.send(dnsAnswer(question, names), port, address));
  await addAddress(DNS_ADDRESS);
  dns.bind(53, DNS_ADDRESS);
  await once(dns, 'listening');
  const play = async (service: PlayedService) => {
    await addAddress(service.address);
    servers.push(await forward(service, open));
    names.set(`${service.name}.svc.cluster.local`, service.address);
  };
  for (const service of services) await play(service);
  return {
    play,
    async stop() {
      dns.close();
      for (const server of servers) server.close();
      for (const socket of open) socket.destroy();
      await dropServiceAddresses();
    },
  };
}

const addAddress = (address: string) => runCommand('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo']);

async function forward({ address, port, target }: PlayedService, open: Set<Socket>): Promise<Server> {
  const server = createServer((near) => {
    const place = typeof target === 'number' ? { host: '127.0.0.1', port: target } : target();
    if (place === undefined) {
      near.destroy();
      return;
    }
    const far = connect(place);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(port, address);
  await once(server, 'listening');
  return server;
}

/** Takes the addresses of services from this machine again. */
export async function dropServiceAddresses(): Promise<void> {
  const lines = (await runCommand('ip', ['-oneline', 'address', 'show', 'dev', 'lo'])).split('\n');
  const ours = lines.flatMap((line) => / inet (\S+)/.exec(line)?.[1] ?? []).filter((one) => one.startsWith(prefix));
  for (const address of ours) await runCommand('ip', ['address', 'del', address, 'dev', 'lo']);
}
