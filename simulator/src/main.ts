import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { kubeconfig } from './api/kubeconfig.ts';
import { setUp } from './scenarios/run-scenario.ts';
import { loadBaseCluster } from './scenarios/scenario.ts';
import { startSimulator } from './start-simulator.ts';

const usage = 'usage: main.ts [--port NUMBER] [--kubeconfig FILE] [--speed FACTOR]';

function readFlags(): { port: number; speed: number; file: string | undefined } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { port: text, kubeconfig: text, speed: text } });
  const port = Number(values.port ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port}: not a port`);
  const speed = Number(values.speed ?? '10');
  if (!(speed > 0)) throw new Error(`--speed ${values.speed}: must be a number above 0`);
  return { port, speed, file: values.kubeconfig };
}

async function main(): Promise<void> {
  const { port, speed, file } = readFlags();
  const simulator = await startSimulator({
    clock: { now: () => new Date() },
    newId: () => crypto.randomUUID(),
    port,
    speed,
  });
  setUp(loadBaseCluster().setup, simulator);
  if (file !== undefined) writeFileSync(file, kubeconfig(simulator.address), { mode: 0o600 });
  process.stdout.write(`${simulator.address}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 1;
});
