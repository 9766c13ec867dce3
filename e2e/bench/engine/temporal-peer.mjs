/**
 * The same work on a Temporal dev server with its TypeScript SDK: node temporal-peer.mjs <address> <runs>
 * Runs in a folder that holds the SDK, because the product does not depend on it. Prints steps a second.
 */
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

const [address, count] = process.argv.slice(2);
const STEPS = 6;
const AT_ONCE = 200;
const taskQueue = 'bench';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  workflowsPath: fileURLToPath(new URL('temporal-workflows.mjs', import.meta.url)),
  activities: { read: async (name) => ({ object: { metadata: { name } } }) },
  maxConcurrentWorkflowTaskExecutions: 100,
  maxConcurrentActivityTaskExecutions: AT_ONCE,
});
const working = worker.run();
const client = new Client({ connection: await Connection.connect({ address }) });
const execute = (at) =>
  client.workflow.execute(at % 2 === 0 ? 'row' : 'fan', { taskQueue, workflowId: `run-${at}`, args: [`app-${at}`] });

await execute(-2);
const started = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (next < Number(count)) {
      next += 1;
      await execute(next - 1);
    }
  }),
);
const seconds = (performance.now() - started) / 1000;
worker.shutdown();
await working;
process.stdout.write(`${JSON.stringify({ steps_per_s: (Number(count) * STEPS) / seconds })}\n`, () => process.exit(0));
