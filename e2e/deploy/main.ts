import { get } from 'node:https';
import { createApiClient, judge, strays } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import { z } from 'zod';
import { runCommand } from '../cluster/command.ts';
import { root } from '../src/run.ts';
import { findEngine } from './engine.ts';
import { buildImages, chooseBases } from './images.ts';
import { createStack, ours, type Stack } from './stack.ts';

const UP_WITHIN_SECONDS = 600;
const REPAIRED_WITHIN_SECONDS = 420;

const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1000);
const report = (line: string) => console.log(`${String(seconds()).padStart(5)} s  ${line}`);

type Check = { name: string; problems: string[] };
type Api = ReturnType<typeof createApiClient>;

process.exit(
  await main().catch((error: unknown) => {
    console.error(error);
    return finish([{ name: 'the test itself', problems: [String(error)] }], 0);
  }),
);

async function main(): Promise<number> {
  const engine = await findEngine(report);
  if ('missing' in engine) {
    console.log(`skipped: images and compose, because ${engine.missing}`);
    return finish([], 1);
  }
  try {
    return finish(await play(engine.env), 0);
  } finally {
    await engine.stop();
  }
}

async function play(env: Record<string, string>): Promise<Check[]> {
  const { bases, pulls } = await chooseBases({ env, report });
  const images = await buildImages({ env, report }, bases);
  const stack = await createStack({ env, bases, images: pulls ? {} : await standIns(env) });
  const checks: Check[] = [{ name: `${images.length} images are built`, problems: [] }];
  const check = async (name: string, run: () => Promise<string[]>) => {
    const problems = await run().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    report(`${name}: ${problems.length === 0 ? 'as it should be' : problems.join('; ')}`);
    checks.push({ name, problems });
  };
  try {
    await check('compose brings everything up', () => bringUp(stack));
    if (checks.some(({ problems }) => problems.length > 0)) await showLogs(stack);
    else await lookClosely(stack, check);
  } finally {
    await stack.down();
  }
  await check('down -v leaves nothing behind', () => stack.leftovers());
  return checks;
}

type Checking = (name: string, run: () => Promise<string[]>) => Promise<void>;

async function lookClosely(stack: Stack, check: Checking): Promise<void> {
  const token = await stack.compose('run', '--rm', '--no-deps', 'secrets', 'token');
  const api = createApiClient({ url: stack.urls['agent-manager'], apiToken: token.trim() });
  await check('our containers run without root, without a shell, on a read-only root', () => hardened(stack));
  await check('nobody gets in without a token', () => locked(stack));
  await check("the gateway speaks TLS that the installation's authority vouches for", () => gateway(stack));
  for (const { name, problems } of await standardFaults(stack, api)) await check(name, async () => problems);
  for (const name of (await stack.containers()).filter(({ State }) => State === 'running').map((one) => one.Service))
    await check(`${name} comes back after a restart`, () => restarted(stack, name));
  await check('a fault is still repaired after all of that', () => brokenAgain(stack, api));
  await check('a second start changes nothing', () => startedAgain(stack, api));
}

async function bringUp(stack: Stack): Promise<string[]> {
  // What it refuses to wait for is told below in better words.
  await stack.compose('up', '--detach', '--no-build', '--pull', 'missing');
  report(`all containers were healthy ${await stack.settled(UP_WITHIN_SECONDS)} s after they were made`);
  return [];
}

async function showLogs(stack: Stack): Promise<void> {
  const waiting = (await stack.containers()).filter(({ Health, ExitCode }) => Health !== 'healthy' || ExitCode !== 0);
  for (const { Service } of waiting) console.log(await stack.compose('logs', '--tail', '20', Service));
}

/** Stand-ins for the public images that cannot be pulled here. */
async function standIns(env: Record<string, string>): Promise<Record<string, string>> {
  report('building stand-ins for the public images that cannot be pulled');
  const lines = await runCommand(`${root}deployments/docker/stand-ins.sh`, [], { env });
  return Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
}

const Inspected = z.array(
  z.object({ Config: z.object({ User: z.string() }), HostConfig: z.object({ ReadonlyRootfs: z.boolean() }) }),
);

async function hardened(stack: Stack): Promise<string[]> {
  const problems: string[] = [];
  for (const { Service, ID, State } of (await stack.containers()).filter((one) => ours.includes(one.Service))) {
    const [found] = Inspected.parse(JSON.parse(await stack.docker('inspect', ID)));
    if (found?.Config.User !== '10001:10001') problems.push(`${Service} runs as ${found?.Config.User || 'root'}`);
    if (found?.HostConfig.ReadonlyRootfs !== true) problems.push(`${Service} can write to its root`);
    if (State !== 'running') continue;
    const write = "require('node:fs').writeFileSync('/app/mark', '')";
    const wrote = await stack.docker('exec', ID, 'node', '-e', write).then(
      () => true,
      () => false,
    );
    if (wrote) problems.push(`${Service} wrote to /app`);
  }
  return problems;
}

async function locked(stack: Stack): Promise<string[]> {
  const doors: [keyof Stack['urls'], string][] = [
    ['agent-manager', '/api/v1/incidents'],
    ['orchestrator-service', '/api/v1/kill-switch'],
    ['reasoning-service', '/api/v1/runbooks'],
  ];
  const answers = await Promise.all(
    doors.map(async ([name, path]) => ({ name, status: (await fetch(stack.urls[name] + path)).status })),
  );
  return answers.filter(({ status }) => status !== 401).map(({ name, status }) => `${name} answers ${status}`);
}

async function gateway(stack: Stack): Promise<string[]> {
  const read = "require('node:fs').readFileSync('/run/aetherius/ca.crt', 'utf8')";
  const ca = await stack.compose('exec', '-T', 'agent-manager', 'node', '-p', read);
  const greeted = await greet(`${stack.urls.gateway}/health/live`, ca);
  const stranger = await greet(`${stack.urls.gateway}/health/live`);
  return [
    ...(greeted === '200' ? [] : [`who knows the authority gets ${greeted}`]),
    ...(stranger === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ? [] : [`who does not know the authority gets ${stranger}`]),
  ];
}

const greet = (url: string, ca?: string): Promise<string> =>
  new Promise((resolve) => {
    const request = get(url, ca === undefined ? {} : { ca }, (answer) => {
      answer.resume();
      resolve(String(answer.statusCode));
    });
    request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

const Faults = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      expected: z.object({
        category: z.string(),
        subject: z.object({ kind: z.string(), namespace: z.string().nullable(), name: z.string() }),
        outcome: z.enum(['verified', 'escalated']),
        action: z.string().nullable(),
      }),
      injected_at: z.string().nullable(),
    }),
  ),
});

const faultsOf = async (stack: Stack) => Faults.parse(await (await fetch(`${stack.urls.faults}/faults`)).json()).items;

/** The demo breaks its cluster by itself; each fault has to come to what its scenario says, and nothing else may be raised. */
async function standardFaults(stack: Stack, api: Api): Promise<Check[]> {
  const deadline = seconds() + REPAIRED_WITHIN_SECONDS;
  for (;;) {
    const faults = await faultsOf(stack);
    const incidents = await api.incidents();
    const verdicts = faults.map(({ name, expected }) => judge(name, expected, incidents));
    const isOver = verdicts.every(({ finished }) => finished) && faults.every((fault) => fault.injected_at !== null);
    if (!isOver && seconds() < deadline) {
      await sleep(1_000);
      continue;
    }
    const alarms = strays(
      faults.map(({ expected }) => expected),
      incidents,
    );
    return [
      ...verdicts.map(({ scenario, problems }) => ({ name: `fault ${scenario}`, problems })),
      {
        name: 'no false alarm',
        problems: alarms.map(({ subject, reasons }) => `${subject.kind} ${subject.name}: ${reasons}`),
      },
    ];
  }
}

async function restarted(stack: Stack, service: string): Promise<string[]> {
  await stack.compose('restart', '--timeout', '30', service);
  report(`  all healthy again ${await stack.settled(180)} s after ${service} was back`);
  return [];
}

/** How long the agent has to see a new cluster healthy before a roll back in it is possible. */
const SEEN_HEALTHY_MS = 15_000;

/** The simulator's restart made a new, healthy cluster of the old one. */
async function brokenAgain(stack: Stack, api: Api): Promise<string[]> {
  const [fault] = (await faultsOf(stack)).filter(({ expected }) => expected.action === 'set_resources');
  if (fault === undefined) return ['the simulator offers no fault of memory'];
  await sleep(SEEN_HEALTHY_MS);
  const since = new Date().toISOString();
  await fetch(`${stack.urls.faults}/faults/${fault.name}`, { method: 'POST' });
  const deadline = seconds() + REPAIRED_WITHIN_SECONDS;
  for (;;) {
    const incidents = (await api.incidents()).filter(({ opened_at }) => opened_at > since);
    const verdict = judge(fault.name, fault.expected, incidents);
    if (verdict.finished || seconds() > deadline) return verdict.problems;
    await sleep(1_000);
  }
}

async function startedAgain(stack: Stack, api: Api): Promise<string[]> {
  const running = async () => (await stack.containers()).filter(({ State }) => State === 'running').map(({ ID }) => ID);
  const [before, known] = [await running(), (await api.incidents()).length];
  await stack.compose('up', '--detach', '--no-build', '--pull', 'missing');
  await stack.settled(180);
  const after = await running();
  const replaced = before.filter((id) => !after.includes(id)).length;
  const found = (await api.incidents()).length;
  return [
    ...(replaced === 0 ? [] : [`${replaced} containers were replaced`]),
    ...(found >= known ? [] : [`${known - found} incidents are gone`]),
  ];
}

function finish(checks: readonly Check[], skipped: number): number {
  const failed = checks.filter(({ problems }) => problems.length > 0);
  console.log('');
  for (const { name, problems } of checks)
    console.log(
      `${problems.length === 0 ? 'passed' : 'FAILED'}  ${name}${problems.map((problem) => `\n        ${problem}`).join('')}`,
    );
  console.log(`\n${checks.length - failed.length} passed, ${failed.length} failed, ${skipped} skipped`);
  return failed.length === 0 ? 0 : 1;
}
