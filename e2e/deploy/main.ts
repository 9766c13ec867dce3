import { createApiClient } from '@aetherius/local';
import { createProgress } from '../src/progress.ts';
import {
  backedUp,
  brokenAgain,
  type Check,
  complete,
  gateway,
  hardened,
  locked,
  newPasswords,
  restarted,
  standardFaults,
  startedAgain,
} from './checks.ts';
import { findEngine } from './engine.ts';
import { buildAgain, buildImages, chooseBases } from './images.ts';
import { createStack, type Stack } from './stack.ts';
import { buildStandIns } from './stand-ins.ts';

const UP_WITHIN_SECONDS = 600;

const { report } = createProgress();

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
  // There are no stand-ins for what watches.
  const profiles = pulls ? ['demo', 'tls', 'monitoring'] : ['demo', 'tls'];
  if (!pulls) report('the profile monitoring is left out: its images cannot be pulled here');
  const stack = await createStack({
    env,
    bases,
    profiles,
    images: pulls ? {} : await buildStandIns({ env, report }),
  });
  const checks: Check[] = [{ name: `${images.length} images are built`, problems: [] }];
  const check = async (name: string, run: () => Promise<string[]>) => {
    const problems = await run().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    report(`${name}: ${problems.length === 0 ? 'as it should be' : problems.join('; ')}`);
    checks.push({ name, problems });
  };
  await check('the same source gives the same layers again', () => buildAgain(env, bases, 'collect-agent'));
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
  await check(
    'containers run without root, rights and more memory than they need, ours without a shell on a read-only root',
    () => hardened(stack),
  );
  await check('our images hold all that the services read', () => complete(stack));
  await check('nobody gets in without a token', () => locked(stack));
  await check("the gateway speaks TLS that the installation's authority vouches for", () => gateway(stack));
  for (const { name, problems } of await standardFaults(stack, api)) await check(name, async () => problems);
  await check('everybody gets a new password of the database', () => newPasswords(stack));
  for (const name of (await stack.containers()).filter(({ State }) => State === 'running').map((one) => one.Service))
    await check(`${name} comes back after a restart`, () => restarted(stack, name));
  await check('a backup comes in place of what is there, and half of one does not', () => backedUp(stack, api));
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
