import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { runCommand } from './command.ts';
import { dnsAnswer } from './dns-answer.ts';
import { DNS_ADDRESS, SERVICE_NETWORK } from './node-config.ts';

/** A service of the cluster that a program on this machine's loopback plays. */
export type PlayedService = { name: string; address: string; port: number; target: number };

const prefix = SERVICE_NETWORK.replace(/\.0\.0\/16$/, '.');

/**
 * What kube-proxy and the cluster's DNS are to pods: the addresses of these services lead to programs of this machine, and
 * their names to the addresses. In user space, because it is for a few connections and leaves no rule in the firewall.
 */
export async function openServices(services: readonly PlayedService[]): Promise<{ stop(): Promise<void> }> {
  const open = new Set<Socket>();
  for (const address of [DNS_ADDRESS, ...services.map((service) => service.address)])
    await runCommand('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo']);
  const dns = createSocket('udp4');
  const names = new Map(services.map(({ name, address }) => [`${name}.svc.cluster.local`, address]));
  dns.on('message', (question, { port, address }) => dns.send(dnsAnswer(question, names), port, address));
  dns.bind(53, DNS_ADDRESS);
  await once(dns, 'listening');
  const servers = await Promise.all(services.map((service) => forward(service, open)));
  return {
    async stop() {
      dns.close();
      for (const server of servers) server.close();
      for (const socket of open) socket.destroy();
      await dropServiceAddresses();
    },
  };
}

async function forward({ address, port, target }: PlayedService, open: Set<Socket>): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
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
