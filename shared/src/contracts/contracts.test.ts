import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  agentSubject,
  channels,
  clusterOf,
  Duration,
  fingerprintOf,
  JsonObject,
  LeafStep,
  Strategy,
  seconds,
  Timestamp,
  WorkflowDefinition,
} from './index.ts';

const folder = new URL('./samples/', import.meta.url);
const samples = readdirSync(folder).filter((file) => file.endsWith('.json'));
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

describe('golden samples', () => {
  it('has one for every channel', () => {
    expect(samples.map((file) => file.replace(/\..*$/, '')).sort()).toEqual(Object.keys(channels).sort());
  });

  it.each(samples)('%s still parses, and to itself', (file) => {
    const name = file.replace(/\..*$/, '') as keyof typeof channels;
    expect(channels[name].body.parse(read(file))).toEqual(read(file));
  });

  it('ignores a field that a newer speaker added', () => {
    const sample = read('progress.json');
    expect(channels.progress.body.parse({ ...sample, added_later: true })).toEqual(sample);
  });
});

describe('fields', () => {
  it('takes nanoseconds and text as a duration and speaks text', () => {
    expect([Duration.parse(30_000_000_000), Duration.parse('5m')]).toEqual(['30s', '5m']);
    expect([seconds('250ms'), seconds('5m')]).toEqual([0.25, 300]);
    expect(Duration.safeParse('soon').success).toBe(false);
  });

  it.each([
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2026-01-01T00:00:00+16:00',
  ])('refuses %s, a time that no store keeps, with one reason', (at) =>
    expect(Timestamp.safeParse(at).error?.issues).toHaveLength(1),
  );

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-01-01T00:00:00+15:59'])('takes %s', (at) =>
    expect(Timestamp.parse(at)).toBe(at),
  );

  it('refuses a duration of more than 30 days wherever one is written', () => {
    expect([Duration.parse('30d'), Duration.safeParse(31 * 86_400e9).success]).toEqual(['30d', false]);
    expect(Duration.safeParse(`${'9'.repeat(400)}d`).success).toBe(false);
    const strategy = { name: 's', description: 'd', workflow: 'w', match: {}, autonomy: 'auto', cooldown: '721h' };
    const workflow = { name: 'w', description: 'd', steps: [{ id: 'a', kind: 'ai_analysis' }], timeout: '31d' };
    const wait = { id: 'a', kind: 'wait', duration: '999999999d' };
    const problems = [Strategy.safeParse(strategy), WorkflowDefinition.safeParse(workflow), LeafStep.safeParse(wait)];
    expect(problems.map(({ error }) => error?.issues.map(({ path, message }) => [path.join('.'), message]))).toEqual(
      ['cooldown', 'timeout', 'duration'].map((field) => [[field, 'a duration of at most 30 days']]),
    );
  });

  it('reads the cluster out of a subject', () => {
    expect(clusterOf(agentSubject('eu-1', 'event'))).toBe('eu-1');
    expect(clusterOf('internal.event.critical')).toBeUndefined();
  });

  it('names what is broken without a pod name', () => {
    expect(fingerprintOf('eu-1', { kind: 'Node', namespace: null, name: 'n1' })).toBe('eu-1/_/Node/n1');
  });

  it('refuses what is nested too deep to walk, and names it', () => {
    const deep = (depth: number) => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
    expect(JsonObject.safeParse({ spec: deep(200) }).success).toBe(true);
    expect(JsonObject.safeParse({ spec: deep(100_000) }).error?.issues).toMatchObject([
      { path: ['spec'], message: 'nested more than 200 deep' },
    ]);
  });

  it('refuses an unknown step kind by name', () => {
    const answer = WorkflowDefinition.safeParse({ name: 'x', description: 'y', steps: [{ id: 'a', kind: 'shell' }] });
    expect(answer.success).toBe(false);
  });
});
