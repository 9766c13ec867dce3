import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, judge, openHome, startFleet, strays, type Verdict } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import type { Scenario } from '@aetherius/simulator';
import { createProgress } from '../src/progress.ts';
import { ownPorts } from '../src/test-fleet.ts';
import { grantAgent, may } from './agent-access.ts';
import { BED_FOLDER, type Bed, missingParts, startBed } from './bed.ts';
import { chartsApplied } from './charts-applied.ts';
import type { Check } from './check.ts';
import { applyFault, clearFaults, leftOut, loadFaults, setUpFaults } from './faults.ts';
import { inPods } from './in-pods.ts';
import { repairedInCluster } from './repaired-in-cluster.ts';
import { playStandardFaults } from './standard-phase.ts';

const WITHIN_SECONDS = 420;
/** The agent has to see the healthy state before it is broken, as it would anywhere else. */
const HEALTHY_MS = 15_000;

/** Making the images costs minutes that not every run has. */
const NO_IMAGE = '--no-image';

const { seconds, report } = createProgress();

const wrong = process.argv.slice(2).filter((word) => word !== NO_IMAGE);
if (wrong.length > 0) {
  console.error(`unknown: ${wrong.join(' ')} (usage: npm run test:cluster [-- ${NO_IMAGE}])`);
  process.exit(2);
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error);
    return finish({ checks: [{ name: 'the test bed', problems: [String(error)] }], skipped: 0 });
  }),
);

async function main(): Promise<number> {
  const missing = await missingParts();
  if (missing !== undefined) {
    console.log(`skipped: the real cluster, because ${missing}`);
    return finish({ checks: [], skipped: 1 });
  }
  const bed = await startBed({ root: BED_FOLDER, report });
  const home = mkdtempSync(join(tmpdir(), 'aetherius-cluster-'));
  try {
    const { checks: piloted, missing: noPilot } = process.argv.includes(NO_IMAGE)
      ? { checks: [], missing: `${NO_IMAGE} was given` }
      : await inPods(bed, report);
    const checks = [...piloted, ...(await play(bed, home)), ...(await chartsApplied(bed, report))];
    const skipped = [...leftOut(), ...(noPilot === undefined ? [] : [{ name: 'the images in pods', why: noPilot }])];
    for (const { name, why } of skipped) console.log(`skipped: ${name}, because ${why}`);
    return finish({ checks, skipped: skipped.length });
  } finally {
    await bed.stop({ wipe: true });
    rmSync(home, { recursive: true, force: true });
  }
}

async function play(bed: Bed, home: string): Promise<Check[]> {
  const fleet = await startFleet({
    home: openHome(home),
    env: await ownPorts(),
    say: report,
    signal: new AbortController().signal,
  });
  try {
    const { kubeconfig } = await grantAgent(bed, home);
    return [
      await rightsOfAgent(bed, kubeconfig),
      ...(await playScenarios(bed, fleet, kubeconfig)),
      ...(await playStandardFaults({ bed, fleet, kubeconfig, report })),
    ];
  } finally {
    await fleet.stop();
  }
}

/** The simulator's scenarios, found and repaired; nothing of them is left afterwards. */
async function playScenarios(bed: Bed, fleet: Fleet, kubeconfig: string): Promise<Check[]> {
  const env = { KUBECONFIG: kubeconfig, ALLOW_CHANGES: 'true', LEADER: 'lease' };
  const { detach } = await fleet.attach({ id: 'real', name: 'Real cluster', env });
  const faults = loadFaults();
  await setUpFaults(bed, faults);
  report(`${faults.length} healthy states are in place`);
  await sleep(HEALTHY_MS);
  for (const fault of faults) await applyFault(bed, fault);
  report(`broken in ${faults.length} ways`);
  const verdicts = await watch(fleet, faults);
  const changes = await Promise.all(
    faults.map(async (fault) => ({
      name: `in the cluster: ${fault.name}`,
      problems: await repairedInCluster(bed, fault),
    })),
  );
  const alarms = await falseAlarms(fleet, faults);
  await detach();
  await clearFaults(bed, faults);
  report('the scenarios are cleared away');
  return [...verdicts.map(({ scenario, problems }) => ({ name: scenario, problems })), ...changes, alarms];
}

async function rightsOfAgent(bed: Bed, kubeconfig: string): Promise<Check> {
  const expected: [string[], boolean][] = [
    [['get', 'secrets', '--all-namespaces'], false],
    [['list', 'secrets', '--all-namespaces'], false],
    [['delete', 'deployments', '--all-namespaces'], false],
    [['create', 'pods', '--all-namespaces'], false],
    [['list', 'pods', '--all-namespaces'], true],
    [['patch', 'deployments', '--all-namespaces'], true],
    [['patch', 'nodes'], true],
  ];
  const answers = await Promise.all(
    expected.map(async ([words, wanted]) => ({ words, wanted, got: await may(bed, kubeconfig, words) })),
  );
  return {
    name: "the agent's rights",
    problems: answers
      .filter(({ wanted, got }) => wanted !== got)
      .map(({ words, got }) => `${words.join(' ')} is ${got ? 'allowed' : 'refused'}`),
  };
}

async function watch(fleet: Fleet, faults: readonly Scenario[]): Promise<Verdict[]> {
  const deadline = seconds() + WITHIN_SECONDS;
  const told = new Set<string>();
  for (;;) {
    const incidents = await fleet.api.incidents();
    const verdicts = faults.map(({ name, expected }) => judge(name, expected, incidents));
    tell(
      verdicts.filter(({ finished, scenario }) => finished && !told.has(scenario)),
      told,
    );
    if (verdicts.every(({ finished }) => finished) || seconds() > deadline) return verdicts;
    await sleep(1_000);
  }
}

function tell(verdicts: readonly Verdict[], told: Set<string>): void {
  for (const { scenario, problems } of verdicts) {
    told.add(scenario);
    report(`${scenario}: ${problems.length === 0 ? 'as it should be' : problems.join('; ')}`);
  }
}

async function falseAlarms(fleet: Fleet, faults: readonly Scenario[]): Promise<Check> {
  const found = strays(
    faults.map(({ expected }) => expected),
    await fleet.api.incidents(),
  );
  return {
    name: 'no false alarm',
    problems: found.map(
      ({ subject, reasons }) => `${subject.kind} ${subject.namespace}/${subject.name}: ${reasons.join(', ')}`,
    ),
  };
}

function finish({ checks, skipped }: { checks: readonly Check[]; skipped: number }): number {
  const failed = checks.filter(({ problems }) => problems.length > 0);
  console.log('');
  for (const { name, problems } of checks)
    console.log(
      `${problems.length === 0 ? 'passed' : 'FAILED'}  ${name}${problems.map((problem) => `\n        ${problem}`).join('')}`,
    );
  const result = {
    scenarios: checks.length,
    passed: checks.length - failed.length,
    failed: failed.length,
    skipped,
    seconds: seconds(),
  };
  console.log(`\n${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  console.log(JSON.stringify(result));
  return failed.length === 0 ? 0 : 1;
}
