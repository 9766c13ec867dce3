import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AetheriusError } from '@aetherius/shared/errors';
import { kubeconfig as kubeconfigOf } from '@aetherius/simulator';
import { attachedCluster, UnusableFlag } from './attached-cluster.ts';
import { watchForEnd } from './ending.ts';
import { loadEnvFile, unreadVariables } from './env-file.ts';
import { type ClusterAccess, type Fleet, startFleet } from './fleet.ts';
import { type Home, homeAt, homeFolder, openHome } from './home.ts';
import { type Options, readOptions, usage } from './options.ts';
import { clearHomes } from './process.ts';
import { runOnce } from './run-once.ts';
import { showLive } from './show-live.ts';
import { attachSimulated, startSimulatedCluster } from './simulated-cluster.ts';
import { tokenFileIn } from './token-file.ts';

// With --json the last line of stdout is the result, so everything said on the way goes to stderr.
const say = (line: string) => console.error(line);

const read = readOptions(process.argv.slice(2));
if ('problem' in read) {
  say(`${read.problem}\n\n${usage}`);
  process.exit(2);
}
if (read.options.help) {
  console.log(usage);
  process.exit(0);
}
const wrongFile = loadEnvFile();
if (wrongFile !== undefined) {
  say(wrongFile);
  process.exit(2);
}
for (const line of unreadVariables(process.env)) say(line);
const asked = attachmentOf(read.options);
if (asked instanceof UnusableFlag) {
  say(asked.message);
  process.exit(2);
}
process.exit(await main(read.options, asked));

/** The cluster that a person named, or nothing where the simulated one is meant. */
function attachmentOf(options: Options): ClusterAccess | UnusableFlag | undefined {
  if (options.context === undefined && options.kubeconfig === undefined) return undefined;
  try {
    return attachedCluster(options, process.env);
  } catch (error) {
    if (error instanceof UnusableFlag) return error;
    throw error;
  }
}

async function main(options: Options, attached: ClusterAccess | undefined): Promise<number> {
  const begun = { at: new Date(), monotonic: performance.now() };
  const ending = watchForEnd({ process, stdout: process.stdout, stderr: process.stderr });
  const { signal } = ending;
  let fleet: Fleet | undefined;
  let home: Home | undefined;
  try {
    home = await homeFor(attached);
    say('Starting Aetherius. Everything it keeps on this machine is in');
    say(`  ${home.path} ("npm run reset" removes the data)`);
    fleet = await startFleet({ home, env: process.env, say, signal, failed: ending.fail });
    const seconds = () => (performance.now() - begun.monotonic) / 1000;
    const code = await show({ options, attached, fleet, signal, seconds, since: begun.at, home });
    return ending.failure() === undefined ? code : 1;
  } catch (error) {
    if (signal.aborted) return ending.failure() === undefined ? 130 : 1;
    say(`\n${describe(error, home)}`);
    return 1;
  } finally {
    const failure = ending.failure();
    if (failure !== undefined) say(`\n${failure}`);
    say('Stopping.');
    await fleet?.stop();
  }
}

function describe(error: unknown, home: Home | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AetheriusError) return error.message;
  const what = process.env['LOG_LEVEL'] === 'debug' ? (error.stack ?? error.message) : error.message;
  return home === undefined ? what : `${what}\nThe logs of all parts are in ${home.logs}`;
}

/** A simulated cluster begins anew with each start, and so does what is kept of it here, though not in a database that was given; what real clusters left is never touched. */
async function homeFor(attached: ClusterAccess | undefined): Promise<Home> {
  const path = homeFolder(process.env);
  if (attached !== undefined) return openHome(path);
  await clearHomes([homeAt(path, 'demo')]);
  return openHome(path, 'demo');
}

type Showing = {
  options: Options;
  attached: ClusterAccess | undefined;
  fleet: Fleet;
  signal: AbortSignal;
  seconds: () => number;
  since: Date;
  home: Home;
};

async function show({ options, attached, fleet, signal, seconds, since, home }: Showing): Promise<number> {
  const { json } = options;
  const tokenFile = tokenFileIn(home);
  if (attached !== undefined) {
    await fleet.attach(attached);
    return showLive({ fleet, signal, json, tokenFile });
  }
  const cluster = await startSimulatedCluster();
  const kubeconfig = join(home.run, 'simulated-cluster.kubeconfig');
  try {
    writeFileSync(kubeconfig, kubeconfigOf(cluster.url));
    say('Attaching a simulated cluster, and letting the agent see it healthy for a moment. To look into it:');
    say(`  kubectl --kubeconfig ${kubeconfig} get pods -A`);
    await attachSimulated({ fleet, cluster, allowChanges: true, signal });
    if (options.once) return await runOnce({ fleet, cluster, signal, seconds, since, say, json });
    return await showLive({ fleet, signal, json, tokenFile, cluster, kubeconfig });
  } finally {
    rmSync(kubeconfig, { force: true });
    await cluster.stop();
  }
}
