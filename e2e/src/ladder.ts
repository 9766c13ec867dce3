import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { withTestBacking } from '@aetherius/local';
import { root, run } from './run.ts';

type Rung = 'unit' | 'it' | 'e2e' | 'chaos';
type Count = { passed: number; failed: string[]; skipped: string[] };

const patterns: Record<Rung, string> = {
  unit: '**/*.test.ts',
  it: '**/test/*.it.ts',
  e2e: '**/test/*.e2e.ts',
  chaos: '**/test/*.chaos.ts',
};

/** What jest writes with --json, as far as we count it. */
type JestReport = {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

async function jest(rung: Rung, env: Record<string, string>): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-jest-'));
  const report = join(folder, 'report.json');
  // Tests of services and fleets mostly wait for what they start, so two at a time fit on two cores; faults have them to themselves.
  const isFleet = rung === 'e2e' || rung === 'chaos';
  const workers = rung === 'chaos' ? ['--runInBand'] : ['--maxWorkers=2'];
  const timeout = isFleet ? ['--testTimeout=300000'] : ['--testTimeout=30000'];
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    `--testMatch=${patterns[rung]}`,
    '--json',
    `--outputFile=${report}`,
    ...workers,
    ...timeout,
  ];
  const { code } = await run('node', args, env);
  const count = read(report);
  rmSync(folder, { recursive: true, force: true });
  return code !== 0 && count.failed.length === 0 ? { ...count, failed: [`jest ended with ${code}`] } : count;
}

function read(report: string): Count {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: testResults.flatMap(failures),
    skipped: tests
      .filter(({ status }) => ['pending', 'skipped', 'todo'].includes(status))
      .map(({ fullName }) => fullName),
  };
}

/** The failures of one file, each by name with what it said; a file that cannot even be loaded has no tests and is one failure. */
function failures({ name, status, message, assertionResults }: JestReport['testResults'][number]): string[] {
  const file = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && failed.length === 0) return [told(file, message)];
  return failed.map(({ fullName, failureMessages }) => told(`${file}: ${fullName}`, failureMessages.join('\n')));
}

/** As the other commands tell a failure, so that CI can gather them: the name, then what it said, indented and cut short. */
const told = (name: string, message: string): string =>
  [name, ...stripVTControlCharacters(message).split('\n').slice(0, 12)].join('\n        ');

const isRung = (word: string): word is Rung => word in patterns;

async function climb(rungs: readonly Rung[]): Promise<Count> {
  const counts: Count[] = [];
  if (rungs.includes('unit')) counts.push(await jest('unit', {}));
  const others = rungs.filter((rung) => rung !== 'unit');
  if (others.length > 0) {
    await withTestBacking(async (env) => {
      for (const rung of others) counts.push(await jest(rung, env));
    }).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      counts.push({ passed: 0, failed: ['the services that tests need'], skipped: [] });
    });
  }
  return {
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.flatMap((count) => count.failed),
    skipped: counts.flatMap((count) => count.skipped),
  };
}

const wrong = process.argv.slice(2).filter((word) => !isRung(word));
if (wrong.length > 0) {
  console.error(`unknown: ${wrong.join(' ')} (usage: ladder.ts unit it e2e chaos, any of them)`);
  process.exit(2);
}
const { passed, failed, skipped } = await climb(process.argv.slice(2).filter(isRung));
if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
for (const failure of failed) console.log(`FAILED  ${failure}`);
console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exit(failed.length === 0 ? 0 : 1);
