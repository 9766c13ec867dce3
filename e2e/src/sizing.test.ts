import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Recorded, Records } from './benchmark-report.ts';
import { root } from './run.ts';
import { sizing, withSizing } from './sizing.ts';

const recorded = (figures: Recorded['figures']): Recorded => ({
  commit: 'abc1234',
  at: '2026-01-02T03:04:05.000Z',
  machine: '2 cores (some processor), 8 GiB',
  versions: 'aetherius 0.1.0, node v24.0.0',
  figures,
});
const engine = recorded({ step_commits_per_s: 1234.5, takeover_s: 3.2, raw_commit_per_s: 900, more: true });

describe('sizing', () => {
  it('is written from the records, and says on what they were measured', () => {
    const text = sizing({ 'bench:engine': engine });
    expect(text).toContain(
      '| steps of runs | 1,235 a second (single commits of the store alone: 900) | `bench:engine`, 2 cores (some processor), 8 GiB |',
    );
    expect(text).toContain('Not measured so far: `npm run bench:fleet`, `npm run bench:api`, `npm run bench:agent`.');
  });

  it('leaves out what a bench could not measure instead of guessing', () => {
    const text = sizing({ 'bench:engine': recorded({ step_commits_per_s: null }) });
    expect(text).not.toContain('|');
    expect(text).toContain('`npm run bench:engine`');
  });

  it('stands in its place and nowhere else', () => {
    const page = 'before\n<!-- sizing -->\nold\n<!-- /sizing -->\nafter\n';
    const written = withSizing(page, { 'bench:engine': engine });
    expect(written).not.toContain('old');
    expect(written).toMatch(/^before\n<!-- sizing -->\n[\s\S]*<!-- \/sizing -->\nafter\n$/);
    expect(withSizing(written, { 'bench:engine': engine })).toBe(written);
    expect(() => withSizing('no place', {})).toThrow('no place for the sizing');
  });

  it('says what fleets need once the fleet and the API were measured, and what was assumed for that', () => {
    const records = Records.parse(JSON.parse(readFileSync(join(root, 'docs/benchmarks.json'), 'utf8')));
    const text = sizing(records);
    expect(text).toMatch(/^\| 50 clusters, 1,000 nodes, 20,000 pods \| 1,000 \| 2 × [\d.]+ cores, \d+ MiB \|/m);
    expect(text).toContain('Assumed, and not measured:');
    const { 'bench:api': _api, 'bench:detection': _detection, ...fewer } = records;
    expect(sizing(fewer)).not.toContain('Assumed');
    expect(sizing({ ...fewer, ...(_api === undefined ? {} : { 'bench:api': _api }) })).toContain(
      'What watched metrics cost is not measured so far',
    );
  });
});
