import { serviceNames } from '@aetherius/local';
import { sleep } from '@aetherius/shared/service';
import type { Fault } from './fault.ts';
import { type Broken, type Counts, type Row, rowOf } from './ledger.ts';
import { type Arena, closeStage, openStage, type Stage } from './stage.ts';
import { until } from './until.ts';

const WITHIN_SECONDS = 180;
const SHORT_SECONDS = 4;

/** Lets one fault happen, waits until all is normal again, and counts. */
export async function play(fault: Fault, arena: Arena): Promise<Row> {
  const stage = await openStage(arena, fault);
  try {
    await until(() => begun(stage), { seconds: 60 });
    stage.cluster.breakOne('before');
    await until(() => foundOne(stage), { seconds: 60 });
    await fault.inject(stage);
    stage.cluster.breakOne('during');
    await sleep(1_000 * (arena.full ? (fault.lasts?.full ?? SHORT_SECONDS) : (fault.lasts?.seconds ?? SHORT_SECONDS)));
    await fault.heal?.(stage);
    return await judged(fault, stage);
  } finally {
    await closeStage(stage);
    await fault.close?.(stage);
  }
}

const begun = async ({ accounts }: Stage): Promise<string[]> =>
  (await accounts.stored()).rows > 0 ? [] : ['no event has arrived'];

const foundOne = async ({ accounts }: Stage): Promise<string[]> =>
  (await accounts.incidents()).some(({ name }) => name === 'before') ? [] : ['the broken workload was not found'];

async function judged(fault: Fault, stage: Stage): Promise<Row> {
  const healed = performance.now();
  stage.cluster.breakOne('after');
  await sleep(2_000);
  stage.load.stop();
  const late = await until(() => abnormal(stage), { seconds: fault.within ?? WITHIN_SECONDS }).then(
    () => [],
    (error: Error) => [error.message],
  );
  const seconds = late.length === 0 ? Math.round((performance.now() - healed) / 100) / 10 : null;
  const problems = [...late, ...((await fault.problems?.(stage)) ?? [])];
  return rowOf(fault.name, await countsOf(stage), { seconds, problems });
}

async function countsOf({ accounts, cluster, load }: Stage): Promise<Counts> {
  const incidents = await accounts.incidents();
  const broken = cluster.broken().map((change): Broken => {
    const told = incidents.filter(({ name }) => name === change.name);
    return { ...change, found: told.length > 0, resolved: told.some(({ state }) => state === 'resolved') };
  });
  return { sent: load.sent(), ...(await accounts.stored()), broken, unfinished: await accounts.unfinished() };
}

/** What is not yet as it should be; empty when all is normal. */
async function abnormal(stage: Stage): Promise<string[]> {
  const { accounts, load, cluster } = stage;
  const [{ distinct, tallied, cut }, incidents] = [await accounts.stored(), await accounts.incidents()];
  const missing = load.sent() - cut - Math.min(distinct, tallied);
  const names = cluster.broken().map(({ name }) => name);
  const [unfinished, waiting] = [await accounts.unfinished(), await accounts.waiting()];
  return [
    ...(missing > 0 ? [`${missing} events have not arrived`] : []),
    ...names.flatMap((name) => notRepaired(name, incidents)),
    ...incidents
      .filter(({ name, kind }) => kind !== 'Cluster' && !names.includes(name))
      .map(({ kind, name }) => `false alarm about ${kind} ${name}`),
    ...incidents
      .filter(({ kind, state }) => kind === 'Cluster' && state === 'open')
      .map(() => 'the cluster counts as silent'),
    ...(unfinished > 0 ? [`${unfinished} runs are unfinished`] : []),
    ...(waiting > 0 ? [`${waiting} messages wait in outboxes`] : []),
    ...(await unready(stage)),
  ];
}

type Told = Awaited<ReturnType<Stage['accounts']['incidents']>>[number];

function notRepaired(name: string, incidents: readonly Told[]): string[] {
  const told = incidents.filter((incident) => incident.name === name);
  if (told.length === 0) return [`${name} was not found`];
  return told
    .filter(({ state, outcome }) => state !== 'resolved' || outcome !== 'verified')
    .map(({ state, outcome, action }) => `${name} is ${state} (${action ?? 'no action'}, ${outcome ?? 'no outcome'})`);
}

async function unready({ fleet }: Stage): Promise<string[]> {
  const central = serviceNames.filter((name) => name !== 'collect-agent');
  const answers = await Promise.all(
    central.map(async (name) => {
      const ready = await fetch(`${fleet.urls[name]}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      return ready ? [] : [`${name} is not ready`];
    }),
  );
  return answers.flat();
}
