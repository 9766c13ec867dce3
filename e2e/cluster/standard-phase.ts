import type { Fleet } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import type { Bed } from './bed.ts';
import type { Check } from './check.ts';
import { diagnoseLive } from './live-diagnosis.ts';
import {
  allManifests,
  fullDisk,
  LOST_NODE,
  type StandardFault,
  standardFaults,
  UNKNOWN_IMAGE,
} from './standard-faults.ts';
import {
  type Answer,
  type Answerer,
  type Answers,
  checksOf,
  isComplete,
  isNamed,
  type Look,
  oncePerFault,
  promiseOf,
  type Round,
  silenceOf,
  tableOf,
} from './standard-table.ts';

const WITHIN_SECONDS = 180;
/** Once more after all was right, so that what comes late is seen as well. */
const SETTLED_MS = 5_000;
/** Looks of the snapshot with nobody else asking, where none was as quick as promised. */
const MORE_LOOKS = 3;

type Playing = { bed: Bed; fleet: Fleet; kubeconfig: string; report: (line: string) => void };

/** Makes all standard faults at once and has them diagnosed from a snapshot and from what a running agent collects; nothing is repaired. */
export async function playStandardFaults({ bed, fleet, kubeconfig, report }: Playing): Promise<Check[]> {
  const env = { KUBECONFIG: kubeconfig, ALLOW_CHANGES: 'false', LEADER: 'lease' };
  const { detach } = await fleet.attach({ id: 'standard', name: 'Real cluster, read only', env });
  try {
    await bed.fakeNodes.lose(LOST_NODE);
    await makeFaults(bed);
    report(`${standardFaults.length} standard faults made, and something healthy`);
    const looks: Look[] = [];
    const ask: Asking = {
      snapshot: async () => {
        const { said, seconds } = await diagnoseLive(bed.kubeconfig);
        const pods = await podsOf(bed);
        looks.push({ pods, seconds });
        report(`npm run diagnose: ${said.length} findings among ${pods} pods in ${seconds.toFixed(1)} s`);
        return said;
      },
      agent: () => agentSays(fleet),
    };
    const standard = await watchAnswers(standardFaults, ask);
    for (let more = 0; more < MORE_LOOKS && promiseOf(standard, looks).problems.length > 0; more += 1)
      await ask.snapshot();
    const promise = promiseOf(standard, looks);
    console.log(`\n${tableOf(standard)}\n`);
    await bed.press('nodefs.available');
    report(`the disk of ${bed.node} is too full`);
    const disk = await watchAnswers([fullDisk], ask);
    console.log(`\n${tableOf(disk)}\n`);
    return [...checksOf(standard), ...silenceOf(standard), oncePerFault(standard), promise, ...checksOf(disk)];
  } finally {
    await detach();
  }
}

const podsOf = async ({ kubectl }: Bed): Promise<number> =>
  (await kubectl.run(['get', 'pods', '--all-namespaces', '-o', 'name'])).trim().split('\n').length;

/** Makes every standard fault that has a manifest, all at once, and what is healthy beside them. */
export async function makeFaults({ kubectl, loseImage }: Bed): Promise<void> {
  loseImage(UNKNOWN_IMAGE);
  // What is created is not read first, as it would be for being applied: half the requests.
  await kubectl.run(['create', '-f', '-'], allManifests());
}

/** What the services made of each thing that the agent reported, the latest episode of each. */
async function agentSays({ api }: Fleet): Promise<Answer[]> {
  const incidents = (await api.incidents()).filter(({ cluster_id }) => cluster_id === 'standard');
  const latest = new Map(
    incidents.sort((a, b) => a.episode - b.episode).map((one) => [JSON.stringify(one.subject), one]),
  );
  // What came right before anybody had looked at it was no fault that lasts: a claim that was bound late.
  const told = [...latest.values()].filter(({ state, diagnosis }) => state !== 'resolved' || diagnosis !== null);
  const answers = told.map(({ subject, diagnosis, reasons }) => ({
    category: diagnosis?.category ?? 'not diagnosed yet',
    subject: diagnosis?.subject ?? subject,
    reasons,
  }));
  // Each pod that a node puts out is reported, and each report names the node.
  return [...new Map(answers.map((one) => [JSON.stringify([one.category, one.subject]), one])).values()];
}

type Asking = Record<Answerer, () => Promise<Answer[]>>;

/** Asks again and again until every fault is named by everybody, or the time is over. */
async function watchAnswers(faults: readonly StandardFault[], ask: Asking): Promise<Round> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const answers: Answers = {
    snapshot: { said: [], right_at: new Map() },
    agent: { said: [], right_at: new Map() },
  };
  const look = async (who: Answerer) => {
    const answer = answers[who];
    answer.said = await ask[who]();
    for (const { name } of faults.filter((fault) => !answer.right_at.has(fault.name) && isNamed(fault, answer.said)))
      answer.right_at.set(name, seconds());
  };
  for (;;) {
    await Promise.all([look('snapshot'), look('agent')]);
    if (isComplete({ faults, answers })) break;
    if (seconds() > WITHIN_SECONDS) return { faults, answers };
    await sleep(1_000);
  }
  await sleep(SETTLED_MS);
  await Promise.all([look('snapshot'), look('agent')]);
  return { faults, answers };
}
