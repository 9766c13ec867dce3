import type { Incident } from '@aetherius/shared/contracts';
import { sleep } from '@aetherius/shared/service';
import type { SimulatedCluster } from '@aetherius/simulator';
import type { Fleet } from './fleet.ts';
import { judge, openedSince, strays, summary, type Verdict } from './judge.ts';
import { incidentLines, painter } from './live-view.ts';
import { createPoll } from './poll.ts';

const GIVE_UP_SECONDS = 300;
/** Long enough for a false alarm, or for a wrong end of the last incident, to show. */
const SETTLE_MS = 3_000;
const POLL_MS = 500;

type Once = {
  fleet: Fleet;
  cluster: SimulatedCluster;
  signal: AbortSignal;
  seconds: () => number;
  /** When this start began: a database that was given may still hold what earlier ones left. */
  since: Date;
  say: (line: string) => void;
  json: boolean;
};

/** Breaks the simulated cluster in every way that it knows, waits for the end of each, and says how it went. */
export async function runOnce({ fleet, cluster, signal, seconds, since, say, json }: Once): Promise<number> {
  say(`Breaking the cluster in ${cluster.faults.length} ways.`);
  for (const fault of cluster.faults) fault.inject();
  const { incidents, verdicts, firstVerified } = await watch({ fleet, cluster, signal, seconds, since });
  const stray = strays(
    cluster.faults.map(({ expected }) => expected),
    incidents,
  );
  const result = summary(verdicts, stray, { first_verified: firstVerified, total: Math.round(seconds()) });
  for (const incident of incidents)
    for (const line of incidentLines(incident, 160, painter(!json && process.stdout.isTTY))) say(line);
  for (const problem of result.problems) say(`wrong: ${problem}`);
  console.log(JSON.stringify(result));
  return result.wrong === 0 && !signal.aborted ? 0 : 1;
}

type Seen = { incidents: Incident[]; verdicts: Verdict[]; firstVerified: number | null };

async function watch({ fleet, cluster, signal, seconds, since }: Omit<Once, 'say' | 'json'>): Promise<Seen> {
  const deadline = seconds() + GIVE_UP_SECONDS;
  let firstVerified: number | null = null;
  let settled = false;
  const poll = createPoll(fleet.api);
  for (;;) {
    const incidents = openedSince(since, (await poll()).incidents);
    const verdicts = cluster.faults.map(({ name, expected }) => judge(name, expected, incidents));
    if (firstVerified === null && verdicts.some(({ verified }) => verified)) firstVerified = Math.round(seconds());
    const finished = verdicts.every((verdict) => verdict.finished);
    if (signal.aborted || seconds() > deadline || (finished && settled)) return { incidents, verdicts, firstVerified };
    settled = finished;
    await sleep(finished ? SETTLE_MS : POLL_MS, signal);
  }
}
