import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Category, Subject } from '@aetherius/shared/contracts';
import { systemClock as clock } from '@aetherius/shared/service';
import { createKubeClient } from '../../collect-agent/src/kube/client.ts';
import { kubeconfigConnection } from '../../collect-agent/src/kube/kubeconfig.ts';
import { takeSnapshot } from '../../collect-agent/src/snapshot/take-snapshot.ts';
import type { StoredIncident } from '../../reasoning-service/bench/incident-library.ts';
import { incidentText } from '../../reasoning-service/bench/incident-text.ts';
import { type Named, pastedIncident, recordedIncident } from '../../reasoning-service/bench/record-incident.ts';
import { createProgress } from '../src/progress.ts';
import { BED_FOLDER, type Bed, startBed } from './bed.ts';
import { buildBinaries, KUBERNETES as VERSION } from './binaries.ts';
import type { Tools } from './complete-object.ts';
import { type LibraryFault, libraryGroups, readGroup } from './library-faults.ts';
import { type Recorder, recordBatch } from './record-library.ts';
import { kubernetesService, openServices } from './service-network.ts';
import { HEALTHY_PLACE, type StandardFault, standardFaults } from './standard-faults.ts';
import { makeFaults } from './standard-phase.ts';

const usage = `usage: node --conditions=source e2e/cluster/record-incidents.ts [GROUP…]

Brings up the real cluster of the tests, makes faults on it and records each for the incident library; what is there already stays.
Groups: standard, ${libraryGroups().join(', ')}; all of them unless some are named.
`;

/** When each standard fault is recorded: as soon as it shows, and when its back-offs have grown long. */
const MOMENTS = { early: 25, late: 90 } as const;
const STANDARD = 'standard';
const NODES = 'nodes';
const PRESSED = 'pressed';
const AT_ONCE = 70;

const library = fileURLToPath(new URL('../../reasoning-service/incidents/', import.meta.url));
const place = 'recorded from a real control plane, kubelet and containerd';

type Known = { category: Category; subject: Subject };
type Recording = { file: string; source: string; known: Known; looksLike?: Category | null };

/** Adds what the library does not have yet; an incident that is there has been judged and is left as it is. */
async function addIncident(recording: Recording, look: (named: Named) => Promise<StoredIncident>): Promise<void> {
  const { file: name, source, known, looksLike = null } = recording;
  const out = join(library, `${name}.json`);
  if (existsSync(out)) return;
  writeFileSync(out, incidentText(await look({ name, source, known, looksLike, help: false })));
}

/** What one namespace of the bed shows, as `npm run record` reads and cuts it. */
async function ofNamespace(bed: Bed, namespace: string, named: Named): Promise<StoredIncident> {
  const client = createKubeClient(await kubeconfigConnection({ file: bed.kubeconfig }));
  try {
    return recordedIncident(await takeSnapshot({ client, clock, cluster: 'bed', namespace }), named);
  } finally {
    client.stop();
  }
}

const recordStandard = async (bed: Bed, moment: string): Promise<void> => {
  type Recorded = Pick<StandardFault, 'name'> & Known;
  const healthy: Recorded = { name: 'healthy', category: 'no_incident', subject: HEALTHY_PLACE };
  // Without a namespace of its own a fault cannot be recorded apart from the others.
  const all: Recorded[] = [...standardFaults.filter(({ made_by_hand }) => !made_by_hand), healthy];
  for (const { name, ...known } of all) {
    const source = `${place} (e2e/cluster/faults/${name})`;
    const recording = { file: `real-${name}-${moment}`, source, known };
    await addIncident(recording, (named) => ofNamespace(bed, known.subject.namespace ?? known.subject.name, named));
  }
};

async function standard(bed: Bed): Promise<void> {
  await makeFaults(bed);
  let passed = 0;
  for (const [moment, second] of Object.entries(MOMENTS)) {
    await wait((second - passed) * 1000);
    passed = second;
    await recordStandard(bed, moment);
  }
}

const recorderOn =
  (bed: Bed): Recorder =>
  async ({ name, group, namespace, category, subject, looks_like: looksLike }, pasted) => {
    const fault = `e2e/cluster/library/${group}.yaml, ${name}`;
    const answer = { known: { category, subject }, looksLike };
    if (pasted === undefined) {
      const recording = { file: `real-${name}`, source: `${place} (${fault})`, ...answer };
      return addIncident(recording, (named) => ofNamespace(bed, namespace, named));
    }
    const { form, texts } = pasted;
    const source = `${place} as kubectl ${VERSION} shows it, ${form} (${fault})`;
    const recording = { file: `pasted-${name}-${form}`, source, ...answer };
    return addIncident(recording, async (named) => pastedIncident(texts, new Date().toISOString(), named));
  };

/** As many faults at once as the pods of one node allow; those that change nodes apart from all others, and each alone that changes the real one. */
function batchesOf(groups: readonly string[]): LibraryFault[][] {
  const shared = groups.filter((group) => ![NODES, PRESSED].includes(group)).flatMap(readGroup);
  const batches = Array.from({ length: Math.ceil(shared.length / AT_ONCE) }, (_, index) =>
    shared.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const nodes = groups.includes(NODES) ? [readGroup(NODES)] : [];
  const pressed = groups.includes(PRESSED) ? readGroup(PRESSED).map((fault) => [fault]) : [];
  return [...batches, ...nodes, ...pressed];
}

const toolsOf = (binaries: string): Tools => ({
  machine: { '/usr': '/usr', '/lib': '/usr/lib', '/lib64': '/usr/lib64' },
  kubernetes: { '/opt/kube': binaries },
});

async function main(wanted: readonly string[]): Promise<void> {
  const { report } = createProgress();
  const bed = await startBed({ root: BED_FOLDER, report });
  const services = await openServices([kubernetesService(bed)]);
  try {
    const tools = toolsOf(await buildBinaries(report));
    const record = recorderOn(bed);
    for (const batch of batchesOf(wanted.filter((one) => one !== STANDARD)))
      await recordBatch({ bed, tools, record, report }, batch);
    if (wanted.includes(STANDARD)) await standard(bed);
  } finally {
    await services.stop();
    await bed.stop({ wipe: true });
  }
}

const groups = [...libraryGroups(), STANDARD];
const words = process.argv.slice(2);
const unknown = words.filter((word) => !groups.includes(word));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(' ')}\n${usage}`);
  process.exit(2);
}
await main(words.length === 0 ? groups : words);
