import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StandardFault } from './simulated-cluster.ts';

type Answer = { status: number; body: object };
type Face = { faults: readonly StandardFault[]; port: number; host: string; clock: { now(): Date } };

/**
 * The door through which somebody outside breaks the cluster: `GET /faults` lists the standard faults with what should
 * come of each, `POST /faults/NAME` brings one about. It has no lock, so it belongs where nobody but its user can reach it.
 */
export async function serveFaults({
  faults,
  port,
  host,
  clock,
}: Face): Promise<{ port: number; stop(): Promise<void> }> {
  const injected = new Map<string, string>();
  const shown = ({ name, title, expected }: StandardFault) => ({
    name,
    title,
    expected,
    injected_at: injected.get(name) ?? null,
  });
  const bring = (fault: StandardFault) => {
    if (!injected.has(fault.name)) fault.inject();
    injected.set(fault.name, injected.get(fault.name) ?? clock.now().toISOString());
  };
  const answer = (method: string, path: string): Answer => {
    const [, folder, name, ...more] = path.split('/');
    if (folder !== 'faults' || more.length > 0) return problem(404, 'there are only /faults and /faults/NAME');
    if (name === undefined && method === 'GET') return { status: 200, body: { items: faults.map(shown) } };
    if (name === undefined || method !== 'POST') return problem(405, 'only GET /faults and POST /faults/NAME');
    const fault = faults.find((candidate) => candidate.name === name);
    if (fault === undefined) return problem(404, `there is no fault ${name}`);
    bring(fault);
    return { status: 202, body: shown(fault) };
  };
  const server = createServer(({ method = '', url = '/' }, response) => {
    const { status, body } = answer(method, url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const problem = (status: number, detail: string): Answer => ({
  status,
  body: { type: 'about:blank', title: 'That cannot be asked here', status, detail },
});
