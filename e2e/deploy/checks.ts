import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, judge, strays } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import { loadScenarios } from '@aetherius/simulator';
import { z } from 'zod';
import { root } from '../src/run.ts';
import { type Container, ours, type Stack } from './stack.ts';

const REPAIRED_WITHIN_SECONDS = 420;

export type Check = { name: string; problems: string[] };

const central = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

const seconds = () => performance.now() / 1_000;

const Inspected = z.array(
  z.object({
    Config: z.object({ User: z.string() }),
    HostConfig: z.object({
      ReadonlyRootfs: z.boolean(),
      Memory: z.number(),
      CapDrop: z.array(z.string()).nullable(),
      SecurityOpt: z.array(z.string()).nullable(),
    }),
  }),
);
/** Writes its settings into its own folder at each start. */
const WRITES_ITS_ROOT = 'neo4j';

/** What was not taken away from a container, whoever made its image. */
async function leftTo(stack: Stack, { Service, ID }: Container): Promise<string[]> {
  const [found] = Inspected.parse(JSON.parse(await stack.docker('inspect', ID)));
  const { ReadonlyRootfs, Memory, CapDrop, SecurityOpt } = found?.HostConfig ?? {};
  const user = found?.Config.User || 'root';
  const isFine = ours.includes(Service) ? user === '10001:10001' : !/^(root|0)(:|$)/.test(user);
  return [
    ...(isFine ? [] : [`${Service} runs as ${user}`]),
    ...(ReadonlyRootfs === true || Service === WRITES_ITS_ROOT ? [] : [`${Service} can write to its root`]),
    ...(CapDrop?.includes('ALL') === true ? [] : [`${Service} has capabilities`]),
    ...(SecurityOpt?.includes('no-new-privileges:true') === true ? [] : [`${Service} can gain rights`]),
    ...(Memory === undefined || Memory === 0 ? [`${Service} may take all memory`] : []),
  ];
}

export async function hardened(stack: Stack): Promise<string[]> {
  const problems: string[] = [];
  for (const container of await stack.containers()) {
    problems.push(...(await leftTo(stack, container)));
    const { Service, ID, State } = container;
    if (State !== 'running' || !ours.includes(Service)) continue;
    const write = "require('node:fs').writeFileSync('/app/mark', '')";
    const wrote = await stack.docker('exec', ID, 'node', '-e', write).then(
      () => true,
      () => false,
    );
    if (wrote) problems.push(`${Service} wrote to /app`);
  }
  return problems;
}

/** A service without its runbooks or prompts is healthy all the same. */
export async function complete(stack: Stack): Promise<string[]> {
  const list = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const problems: string[] = [];
  for (const name of central) {
    const { files } = z
      .object({ files: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')));
    for (const folder of files.filter((file) => file !== 'dist' && statSync(join(root, name, file)).isDirectory())) {
      const print = `console.log(JSON.stringify(require('node:fs').readdirSync('${name}/${folder}', { recursive: true })))`;
      const there = new Set(
        z.array(z.string()).parse(JSON.parse(await stack.compose('exec', '-T', name, 'node', '-e', print))),
      );
      const missing = list(join(root, name, folder)).filter((file) => !there.has(file));
      if (missing.length > 0)
        problems.push(`${name} has no ${folder}/${missing[0]} (${missing.length} files are missing)`);
    }
  }
  return problems;
}

export async function locked(stack: Stack): Promise<string[]> {
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

export async function gateway(stack: Stack): Promise<string[]> {
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

const missing = (faults: readonly { name: string }[]): string[] =>
  loadScenarios().flatMap((scenario) => (faults.some(({ name }) => name === scenario.name) ? [] : [scenario.name]));

/** The demo breaks its cluster by itself; each fault has to come to what its scenario says, and nothing else may be raised. */
export async function standardFaults(stack: Stack, api: ApiClient): Promise<Check[]> {
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
      { name: 'the demo breaks its cluster in all standard ways', problems: missing(faults) },
      ...verdicts.map(({ scenario, problems }) => ({ name: `fault ${scenario}`, problems })),
      {
        name: 'no false alarm',
        problems: alarms.map(({ subject, reasons }) => `${subject.kind} ${subject.name}: ${reasons}`),
      },
    ];
  }
}

export async function restarted(stack: Stack, service: string): Promise<string[]> {
  await stack.compose('restart', '--timeout', '30', service);
  console.log(`         all healthy again ${await stack.settled(180)} s after ${service} was back`);
  return [];
}

/** Each container is restarted later on, and needs the new ones then. */
export async function newPasswords(stack: Stack): Promise<string[]> {
  const said = await stack.compose('run', '--rm', '--no-deps', 'database', 'passwords');
  await stack.settled(60);
  return said.includes('a new password') ? [] : [said];
}

/** By the lines of docs/operations.md: a backup of the running stack, and it comes in place of what is there. */
export async function backedUp(stack: Stack, api: ApiClient): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-backup-'));
  const file = join(folder, 'aetherius.dump');
  const tool = ['run', '--rm', '--no-deps', '-T'];
  try {
    const before = await api.incidents();
    await stack.piped('>', file, ...tool, 'backup');
    await stack.compose('stop', ...central);
    const half = join(folder, 'half.dump');
    writeFileSync(half, readFileSync(file).subarray(0, -5_000));
    const tookHalf = await stack.piped('<', half, ...tool, 'restore', '--replace').then(
      () => ['half a backup was restored'],
      () => [],
    );
    const said = await stack.piped('<', file, ...tool, 'restore', '--replace');
    await stack.compose('start', ...central);
    await stack.settled(180);
    const after = new Set((await api.incidents()).map(({ id }) => id));
    return [
      ...tookHalf,
      ...central.map((name) => name.replaceAll('-', '_')).filter((name) => !said.includes(`belongs to ${name}`)),
      ...before.filter(({ id }) => !after.has(id)).map(({ id }) => `incident ${id} is gone`),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was changed is left alone for so long (the strategy of workloads), and a little more. */
const COOLDOWN_MS = 5 * 60_000 + 15_000;

/** The simulator's restart made a new, healthy cluster of the old one. */
export async function brokenAgain(stack: Stack, api: ApiClient): Promise<string[]> {
  const [fault] = (await faultsOf(stack)).filter(({ expected }) => expected.action === 'set_resources');
  if (fault === undefined) return ['the simulator offers no fault of memory'];
  const [former] = (await api.incidents()).filter(({ subject }) => subject.name === fault.expected.subject.name);
  const repairedAt = Date.parse(former?.closed_at ?? new Date().toISOString());
  console.log('         waiting until what was repaired before may be repaired again');
  await sleep(repairedAt + COOLDOWN_MS - Date.now());
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

export async function startedAgain(stack: Stack, api: ApiClient): Promise<string[]> {
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
