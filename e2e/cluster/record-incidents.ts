import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BED_FOLDER, type Bed, startBed } from './bed.ts';
import { runCommand } from './command.ts';
import { HEALTHY_PLACE, type StandardFault, standardFaults } from './standard-faults.ts';
import { makeFaults } from './standard-phase.ts';

/** When each fault is recorded: as soon as it shows, and when its back-offs have grown long. */
const MOMENTS = { early: 25, late: 90 } as const;
/** Without a namespace of its own a fault cannot be recorded apart from the others. */
const faults = standardFaults.filter(({ made_by_hand }) => !made_by_hand);

const record = fileURLToPath(new URL('../../local/src/record.ts', import.meta.url));
const library = fileURLToPath(new URL('../../reasoning-service/incidents/', import.meta.url));
const source = (name: string) =>
  `recorded from a real control plane, kubelet and containerd with npm run record (e2e/cluster/faults/${name})`;

type Recorded = Pick<StandardFault, 'name' | 'category' | 'subject'>;

/** Adds what the library does not have yet; an incident that is there is left as it is. */
async function recordAll({ kubeconfig }: Bed, moment: string): Promise<void> {
  const all: Recorded[] = [...faults, { name: 'healthy', category: 'no_incident', subject: HEALTHY_PLACE }];
  for (const { name, category, subject } of all) {
    const out = `${library}real-${name}-${moment}.json`;
    if (existsSync(out)) continue;
    const place = subject.namespace ?? subject.name;
    const words = [subject.kind, subject.namespace, subject.name].filter((part) => part !== null).join('/');
    const where = ['--kubeconfig', kubeconfig, '--namespace', place, '--out', out, '--source', source(name)];
    const args = ['--conditions=source', record, ...where, '--category', category, '--subject', words];
    console.log((await runCommand(process.execPath, args)).trim());
  }
}

const bed = await startBed({ root: BED_FOLDER, report: console.log });
try {
  await makeFaults(bed);
  let passed = 0;
  for (const [moment, second] of Object.entries(MOMENTS)) {
    await wait((second - passed) * 1000);
    passed = second;
    await recordAll(bed, moment);
  }
} finally {
  await bed.stop({ wipe: true });
}
