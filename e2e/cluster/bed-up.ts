import { createProgress } from '../src/progress.ts';
import { BED_FOLDER, missingParts, startBed } from './bed.ts';

const missing = await missingParts();
if (missing !== undefined) {
  console.error(`no real cluster here: ${missing}`);
  process.exit(1);
}
const { report } = createProgress();
const { kubeconfig, node, fakeNodes } = await startBed({ root: BED_FOLDER, report });
console.log(`up: ${node} and ${fakeNodes.names.length} fake nodes\nexport KUBECONFIG=${kubeconfig}`);
// The programs of the bed are children of this process and stay when it ends.
process.exit(0);
