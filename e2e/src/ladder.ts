import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTestBacking } from '@aetherius/local';
import { run } from './run.ts';

type Rung = 'unit' | 'it' | 'e2e' | 'chaos';
type Count = { passed: number; failed: number; skipped: string[] };

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
    assertionResults: { fullName: string; status: string }[];
  }[];
};

async function jest(rung: Rung, env: Record<string, string>): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-jest-'));
  const report = join(folder, 'report.json');
  // Service tests mostly wait for the servers that they start, so two at a time fit on two cores; a whole fleet has them to itself.
  const isFleet = rung === 'e2e' || rung === 'chaos';
  const workers = isFleet ? ['--runInBand'] : ['--maxWorkers=2'];
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
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function read(report: string): Count {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that cannot even be loaded has no assertions; it counts as one failure.
  const unloadable = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + unloadable.length,
    skipped: tests
      .filter(({ status }) => ['pending', 'skipped', 'todo'].includes(status))
      .map(({ fullName }) => fullName),
  };
}

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
      counts.push({ passed: 0, failed: 1, skipped: [] });
    });
  }
  return {
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.reduce((sum, count) => sum + count.failed, 0),
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
console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed === 0 ? 0 : 1);
