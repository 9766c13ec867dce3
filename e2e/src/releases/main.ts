import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFlags, publicBases } from '../../deploy/images.ts';
import { openHelm } from '../charts/helm.ts';
import { carryOutRelease } from './carry-out.ts';
import { type Release, readFlags, usage } from './flags.ts';
import { missingFor } from './missing.ts';
import { planOf, shownPlan } from './plan.ts';
import { prepareCharts } from './prepare-charts.ts';

const report = (line: string) => console.log(line);

async function released(release: Release): Promise<number> {
  const helm = await openHelm(report);
  const missing = await missingFor(release, { helm, env: process.env });
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-release-'));
  try {
    const flags = await buildFlags(publicBases(process.env), release.version);
    const plan = planOf(release, { buildFlags: flags, folder });
    if (release.dryRun) {
      for (const line of [...shownPlan(plan), ...missing.map((what) => `missing here: ${what}`)]) report(line);
      return 0;
    }
    if (helm === undefined || missing.length > 0) {
      for (const what of missing) console.error(`missing: ${what}`);
      console.error('Nothing was pushed.');
      return 1;
    }
    prepareCharts(folder, release.registry);
    await carryOutRelease(plan, { helm, folder, report });
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asked(): Release | undefined {
  try {
    return readFlags(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    return undefined;
  }
}

/** Exit code of the whole command. */
async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    report(usage);
    return 0;
  }
  const release = asked();
  return release === undefined ? 2 : await released(release);
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error('What was printed above lies in the registry; the same command does it all again.');
  return 1;
});
