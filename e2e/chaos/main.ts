import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeFolder, openHome, startFleet } from '@aetherius/local';
import { openPool } from '@aetherius/shared/postgres';
import { createProgress } from '../src/progress.ts';
import { run } from '../src/run.ts';
import { ownPorts } from '../src/test-fleet.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/index.ts';
import { type ChaosFlags, readFlags, usage } from './flags.ts';
import { isGood, notPlayed, type Row, tableOf } from './ledger.ts';
import { play } from './play.ts';
import type { Arena } from './stage.ts';

const { report } = createProgress();
/** Most of a fault is waiting, so a few agents may have their troubles at the same time. */
const AT_ONCE = 3;

type Skipped = { name: string; skipped: string };
type Line = Row | Skipped;

function flagsOrExit(): ChaosFlags {
  try {
    return readFlags(
      process.argv.slice(2),
      faults.map(({ name }) => name),
    );
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
}

async function main(flags: ChaosFlags): Promise<number> {
  if (flags.list) {
    for (const { name } of faults) console.log(name);
    return 0;
  }
  const isWhole = flags.only.length === 0;
  const restored = isWhole
    ? (await run('node', ['--conditions=source', 'e2e/src/ladder.ts', 'chaos'])).code === 0
    : true;
  const wanted = faults.filter(({ name }) => isWhole || flags.only.includes(name));
  const home = mkdtempSync(join(tmpdir(), 'aetherius-chaos-'));
  // The database's own user has to walk through.
  chmodSync(home, 0o755);
  const lines = await playIn(home, { full: flags.full, wanted });
  const rows = lines.filter((line): line is Row => !('skipped' in line));
  console.log(`\n${tableOf(rows)}`);
  for (const line of lines) tellTrouble(line);
  const isClean = rows.every(isGood);
  if (isClean) rmSync(home, { recursive: true, force: true });
  else console.log(`what the services said is in ${home}/*/data/logs`);
  console.log(JSON.stringify({ faults: lines }));
  return restored && isClean ? 0 : 1;
}

function tellTrouble(line: Line): void {
  if ('skipped' in line) console.log(`skipped: ${line.name}, because ${line.skipped}`);
  else for (const problem of line.problems) console.log(`${line.name}: ${problem}`);
}

type Wanted = { full: boolean; wanted: readonly Fault[] };

/** What needs the graph gets a fleet of its own: the others shall not wait for Neo4j, nor fail with it. */
async function playIn(home: string, { full, wanted }: Wanted): Promise<Line[]> {
  const [graph, plain] = [
    wanted.filter(({ needs }) => needs === 'neo4j'),
    wanted.filter(({ needs }) => needs !== 'neo4j'),
  ];
  const lines = plain.length === 0 ? [] : await inArena(join(home, 'plain'), { full, wanted: plain });
  if (graph.length === 0) return lines;
  const more = await inArena(join(home, 'graph'), { full, wanted: graph }).catch((error: unknown) =>
    graph.map(({ name }) => notPlayed(name, error)),
  );
  return [...lines, ...more];
}

/** Plays in a fleet with a home of its own; what was fetched once for this machine is used. */
async function inArena(home: string, { full, wanted }: Wanted): Promise<Line[]> {
  const opened = { ...openHome(home), cache: openHome(homeFolder(process.env)).cache };
  const withGraph = wanted.some(({ needs }) => needs === 'neo4j');
  const fleet = await startFleet({
    home: opened,
    env: { ...(await ownPorts()), ...(withGraph ? { AETHERIUS_NEO4J: '1' } : {}) },
    say: report,
    signal: new AbortController().signal,
  });
  try {
    const db = await openPool({ url: fleet.backing.postgres.adminUrl, schema: 'public', max: 6 });
    try {
      return await playAll(wanted, { fleet, home, run: opened.run, db, full });
    } finally {
      await db.stop();
    }
  } finally {
    await fleet.stop();
  }
}

async function playAll(wanted: readonly Fault[], arena: Arena): Promise<Line[]> {
  const done = new Map<string, Line>();
  const one = async (fault: Fault) => {
    done.set(fault.name, await playOne(fault, arena));
  };
  const together = wanted.filter(({ alone }) => !alone);
  const lane = async () => {
    for (let fault = together.shift(); fault !== undefined; fault = together.shift()) await one(fault);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  for (const fault of wanted.filter(({ alone }) => alone)) await one(fault);
  return wanted.flatMap(({ name }) => done.get(name) ?? []);
}

/** A fault that could not even be brought about is a line with nothing but the reason. */
async function playOne(fault: Fault, arena: Arena): Promise<Line> {
  const skipped = missingFor(fault, arena);
  if (skipped !== undefined) return { name: fault.name, skipped };
  report(`${fault.name} begins`);
  const row = await play(fault, arena).catch((error: unknown) => notPlayed(fault.name, error));
  report(`${fault.name} is over: ${JSON.stringify(row)}`);
  return row;
}

function missingFor({ needs, missing }: Fault, { fleet }: Arena): string | undefined {
  const part = needs === undefined ? undefined : fleet.backing[needs];
  return part !== undefined && part.url === undefined ? part.reason : missing?.();
}

const flags = flagsOrExit();
process.exit(
  await main(flags).catch((error: unknown) => {
    console.error(error);
    return 1;
  }),
);
