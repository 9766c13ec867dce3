import { expect, it } from '@jest/globals';
import { planted } from '../../test/planted-fault.ts';
import { analyze } from './analyze.ts';
import { reportOf } from './report.ts';
import { toWire } from './wire.ts';

const { observations, onset } = planted({ fault: 'cpu', at: 'store', seed: 1, step: 60, before: 45, after: 5 });

it('shows onset, confidence, the ranked entities and what was not used', () => {
  const report = reportOf(toWire(analyze(observations, { onset }), null), ['in.csv: colour']);
  expect(report).toContain(`onset ${new Date(onset).toISOString()}`);
  expect(report).toMatch(/confidence 0\.95 \(strong\) by causes/);
  expect(report).toMatch(/ 1 {2}store .* cpu_usage/);
  expect(report).toContain('1 not used: in.csv: colour');
});

it('says why there is no answer', () => {
  const empty = analyze({ series: [], edges: [], logs: [], calls: [] });
  expect(reportOf(toWire(empty, null), [])).toContain('no root cause: no series changes its level');
});

it('shows the numbers of what won under its own name', () => {
  const answer = toWire(analyze(observations, { onset }), null);
  const named = { ...answer, ranked: answer.ranked.slice(0, 1).map((one) => ({ ...one, metric: 'memory' })) };
  expect(reportOf(named, [])).toMatch(/ 1 {2}store .* memory +resource cpu_usage [\d.]+ scales/);
});
