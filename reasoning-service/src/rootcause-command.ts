import { readFileSync } from 'node:fs';
import { AetheriusError } from '@aetherius/shared/errors';
import { analyze } from './rootcause/analyze.ts';
import { type Options, readOptions, usage } from './rootcause/options.ts';
import { readCalls, readEdges } from './rootcause/read/calls-table.ts';
import { parseCsv, refused, type Table } from './rootcause/read/csv.ts';
import { readLogs } from './rootcause/read/logs-table.ts';
import { readSeries } from './rootcause/read/series-table.ts';
import { reportOf } from './rootcause/report.ts';
import { checkTarget } from './rootcause/target.ts';
import { toWire } from './rootcause/wire.ts';

const UNUSABLE = 2;

/** Runs the command; the exit code is 0 when there is an answer, also an empty one, 2 when the input does not allow one. */
function main(args: readonly string[]): number {
  const read = readOptions(args);
  if ('problem' in read) return refuse(`${read.problem}\n\n${usage}`);
  if (read.options.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    return answer(read.options);
  } catch (error) {
    if (!(error instanceof AetheriusError)) throw error;
    return refuse(`${error.message}\n`);
  }
}

function answer({ series: files, edges, logs, graph, target, onset, json }: Options): number {
  const { series, ignored } = readSeries(files.map(readTable));
  const observations = {
    series,
    edges: readEdges(edges.map(readTable)),
    logs: readLogs(logs.map(readTable)),
    calls: graph === undefined ? [] : readCalls(readTable(graph)),
  };
  const asked = target === undefined ? undefined : checkTarget(target, series);
  if (asked !== undefined && 'problem' in asked) return refuse(`--target: ${asked.problem}\n`);
  const found = toWire(analyze(observations, { target: asked?.target, onset }), asked?.target ?? null);
  process.stdout.write(json ? `${JSON.stringify({ ...found, ignored })}\n` : reportOf(found, ignored));
  return 0;
}

function readTable(file: string): Table {
  try {
    return parseCsv(file, readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof AetheriusError) throw error;
    throw refused(file, error instanceof Error ? error.message : String(error));
  }
}

function refuse(words: string): number {
  process.stderr.write(words);
  return UNUSABLE;
}

process.exitCode = main(process.argv.slice(2));
