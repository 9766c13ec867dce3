import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { RootCauses } from '../src/rootcause/wire.ts';
import { planted } from './planted-fault.ts';

const entry = fileURLToPath(new URL('../src/rootcause-command.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rootcause-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { code: number; out: string; err: string };

function run(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--conditions=source', entry, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};

const { observations, onset } = planted({
  fault: 'network_delay',
  at: 'payment',
  seed: 2,
  step: 60,
  before: 45,
  after: 5,
});
const cell = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? '' : String(value));
const times = observations.series[0]?.times ?? [];
const wide = file('series.csv', [
  `time,${observations.series.map(({ entity, metric }) => `${entity}_${metric}`).join(',')}`,
  ...times.map((time, at) => [time / 1000, ...observations.series.map(({ values }) => cell(values[at]))].join(',')),
]);
const edges = file('edges.csv', [
  'time,caller,callee,metric,value',
  ...observations.edges.flatMap(({ caller, callee, metric, values }) =>
    times.map((time, at) => [new Date(time).toISOString(), caller, callee, metric, cell(values[at])].join(',')),
  ),
]);
const logs = file('logs.csv', [
  'time,entity,level,message',
  ...observations.logs.map(({ time, entity, level, template }) =>
    [time, entity, level, template.replaceAll('<*>', '17')].join(','),
  ),
]);
const graph = file('graph.csv', [
  'caller,callee',
  ...observations.calls.map(({ caller, callee }) => `${caller},${callee}`),
]);

describe('npm run rootcause', () => {
  it('names the fault from files, the onset found', async () => {
    const { code, out, err } = await run(
      '--series',
      wide,
      '--edges',
      edges,
      '--logs',
      logs,
      '--graph',
      graph,
      '--json',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const answer = RootCauses.parse(JSON.parse(out));
    expect(answer).toMatchObject({ onset: new Date(onset).toISOString(), onset_found: true });
    expect(answer.ranked[0]?.entity).toBe('payment');
  });

  it('prints a short table for people', async () => {
    const { out } = await run('--series', wide, '--edges', edges, '--onset', String(onset));
    expect(out).toMatch(/rank {2}entity/);
    expect(out).toMatch(/ 1 {2}payment .*network/);
  });

  it('takes logs alone', async () => {
    const { code, out } = await run('--logs', logs);
    expect(code).toBe(0);
    expect(out).toMatch(/no root cause: .*give the onset if it is known|no root cause: no series changes/);
  });

  it.each([
    [['--series', join(folder, 'absent.csv')], /absent\.csv/],
    [['--series', file('bad.csv', ['time,a/cpu', '1,x'])], /bad\.csv, line: 2, column: a\/cpu/],
    [['--series', wide, '--target', 'nobody:latency'], /--target: no series of an entity "nobody"/],
    [
      ['--edges', edges, '--target', 'front:latency'],
      /--target: the alert must be a metric of a series, and no series are given/,
    ],
    [['--series', wide, '--onset', 'noon'], /--onset "noon"/],
  ])('refuses %j', async (args, words) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });
});
