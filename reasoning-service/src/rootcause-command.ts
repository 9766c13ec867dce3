import { readFileSync } from 'node:fs';
import { AetheriusError, errors } from '@aetherius/shared/errors';
import { runCommand } from '@aetherius/shared/service';
import { analyze } from './rootcause/analyze.ts';
import { type Options, readOptions, usage } from './rootcause/options.ts';
import { besideCalls, readCalls, readEdges, unknownOf } from './rootcause/read/calls-table.ts';
import { parseCsv, refused, type Table } from './rootcause/read/csv.ts';
import { readLogs } from './rootcause/read/logs-table.ts';
import { readSeries } from './rootcause/read/series-table.ts';
import { reportOf } from './rootcause/report.ts';
import { checkTarget } from './rootcause/target.ts';
import { toWire } from './rootcause/wire.ts';

function answer({ series: files, edges, logs, graph, target, onset, json }: Options): string {
  const { series, ignored: columns } = readSeries(files.map(readTable));
  const called = readEdges(edges.map(readTable));
  const graphs = graph === undefined ? [] : [readTable(graph)];
  const ignored = [...columns, ...unknownOf(called), ...graphs.flatMap(besideCalls)];
  const observations = {
    series,
    edges: called,
    logs: readLogs(logs.map(readTable)),
    calls: graphs.flatMap(readCalls),
  };
  const asked = target === undefined ? undefined : checkTarget(target, series);
  if (asked !== undefined && 'problem' in asked) throw errors.invalid_input({ '--target': asked.problem });
  const found = toWire(analyze(observations, { target: asked?.target, onset }), asked?.target ?? null);
  return json ? `${JSON.stringify({ ...found, ignored })}\n` : reportOf(found, ignored);
}

function readTable(file: string): Table {
  try {
    return parseCsv(file, readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof AetheriusError) throw error;
    throw refused(file, error instanceof Error ? error.message : String(error));
  }
}

process.exitCode = await runCommand(process.argv.slice(2), { usage, readOptions, answer });
