import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { kubeconfig } from './api/kubeconfig.ts';
import { serveFaults } from './fault-face.ts';
import { setUp } from './scenarios/run-scenario.ts';
import { loadBaseCluster } from './scenarios/scenario.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';
import { startSimulator } from './start-simulator.ts';

const usage =
  'usage: main.ts [--port NUMBER] [--host ADDRESS] [--kubeconfig FILE] [--speed FACTOR] [--faults-port NUMBER]\n' +
  '  --faults-port  set up all that the standard faults need, and let them be brought about over HTTP on this port';

const clock = { now: () => new Date() };

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--${flag} ${text}: not a port`);
  return port;
}

function readFlags() {
  const text = { type: 'string' } as const;
  const options = { port: text, host: text, kubeconfig: text, speed: text, 'faults-port': text };
  const { values } = parseArgs({ options });
  const speed = Number(values.speed ?? '10');
  if (!(speed > 0)) throw new Error(`--speed ${values.speed}: must be a number above 0`);
  const faults = values['faults-port'];
  return {
    port: portOf('port', values.port ?? '0'),
    host: values.host ?? '127.0.0.1',
    speed,
    file: values.kubeconfig,
    faultsPort: faults === undefined ? undefined : portOf('faults-port', faults),
  };
}

type Running = { address: string; stop(): Promise<void> };

async function start({ port, host, speed, faultsPort }: ReturnType<typeof readFlags>): Promise<Running> {
  const deps = { clock, newId: () => crypto.randomUUID(), port, host, speed };
  if (faultsPort === undefined) {
    const simulator = await startSimulator(deps);
    setUp(loadBaseCluster().setup, simulator);
    return simulator;
  }
  const cluster = await startSimulatedCluster(deps);
  const face = await serveFaults({ faults: cluster.faults, port: faultsPort, host, clock });
  return {
    address: cluster.url,
    stop: async () => {
      await face.stop();
      await cluster.stop();
    },
  };
}

async function main(): Promise<void> {
  const flags = readFlags();
  const { address, stop } = await start(flags);
  if (flags.file !== undefined) writeFileSync(flags.file, kubeconfig(address), { mode: 0o600 });
  process.stdout.write(`${address}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 1;
});
