import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createProgress } from '../src/progress.ts';
import { BED_FOLDER, startBed } from './bed.ts';
import { applyFault, loadFaults, setUpFaults } from './faults.ts';
import { recordingOf, watchCluster } from './record.ts';

/** Long enough for the third back-off of a crash loop and for the eviction of a lost node's pods. */
const SECONDS = 100;

const { report } = createProgress();
const bed = await startBed({ root: BED_FOLDER, report });
try {
  const { history, stop } = watchCluster(bed);
  const faults = loadFaults();
  await setUpFaults(bed, faults);
  report(`${faults.length} healthy states in place`);
  for (const fault of faults) await applyFault(bed, fault);
  report('broken');
  await wait(SECONDS * 1000);
  stop();
  for (const fault of faults) {
    const file = new URL(`recorded/${fault.name}.json`, import.meta.url);
    writeFileSync(file, `${JSON.stringify(recordingOf(fault, history), null, 2)}\n`);
  }
  report(`recorded ${history.events.length} events and ${history.objects.length} states`);
} finally {
  await bed.stop({ wipe: !process.argv.includes('--keep') });
}
