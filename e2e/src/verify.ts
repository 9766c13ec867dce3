import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeComplaints } from '../deploy/compose-config.ts';
import type { GeneratedDocument } from './charts/generated-document.ts';
import { openHelm } from './charts/helm.ts';
import { plainManifests } from './charts/manifests.ts';
import { generatedDocuments } from './generated.ts';
import { root, run } from './run.ts';
import { oversized } from './size-limits.ts';

/** A check that this machine cannot make says why. */
type Outcome = boolean | { skipped: string };
type Check = { name: string; passes: () => Promise<Outcome> };

const command = (name: string, ...words: string[]): Check => ({
  name,
  passes: async () => {
    const [program = '', ...args] = words;
    return (await run(program, args)).code === 0;
  },
});

const sources = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)));

const sizes: Check = {
  name: 'size limits',
  passes: async () => {
    const found = sources().flatMap((file) => oversized(file, readFileSync(join(root, file), 'utf8')));
    for (const { file, line, what } of found) console.error(`${file}:${line}: ${what}`);
    return found.length === 0;
  },
};

const drift: Check = {
  name: 'generated documents',
  passes: async () => asGenerated(await generatedDocuments()),
};

function asGenerated(documents: readonly GeneratedDocument[]): boolean {
  const changed = documents.filter(
    ({ file, text }) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text,
  );
  for (const { file } of changed)
    console.error(`${file} is not what the code says now: run "npm run generate" and review the difference`);
  return changed.length === 0;
}

const manifests: Check = {
  name: 'plain manifests (helm)',
  passes: async () => {
    const helm = await openHelm(console.log);
    return helm === undefined
      ? { skipped: 'Helm is built with Go, which is not here' }
      : asGenerated(await plainManifests(helm));
  },
};

const compose: Check = {
  name: 'compose files (docker compose config)',
  passes: async () => {
    const said = await composeComplaints();
    if (!Array.isArray(said)) return said;
    for (const line of said) console.error(line);
    return said.length === 0;
  },
};

const checks: readonly Check[] = [
  command('format and lint (biome)', 'biome', 'ci', '.'),
  command('build (tsc -b)', 'tsc', '-b'),
  command('types of the tests', 'tsc', '-p', 'tsconfig.tests.json'),
  command(
    'imports (dependency-cruiser)',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'shared',
    'collect-agent',
    'agent-manager',
    'orchestrator-service',
    'reasoning-service',
    'simulator',
    'local',
    'e2e',
  ),
  command('unused files, exports and dependencies (knip)', 'knip'),
  sizes,
  drift,
  manifests,
  compose,
];

const failed: string[] = [];
const skipped: string[] = [];
for (const check of checks) {
  console.log(`\n== ${check.name}`);
  const outcome = await check.passes();
  if (typeof outcome === 'object') skipped.push(`${check.name}: ${outcome.skipped}`);
  else if (!outcome) failed.push(check.name);
}
for (const name of failed) console.log(`FAILED  ${name}`);
for (const name of skipped) console.log(`skipped: ${name}`);
const passed = checks.length - failed.length - skipped.length;
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;
