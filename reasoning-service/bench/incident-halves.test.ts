import { describe, expect, it } from '@jest/globals';
import { faultOf, halvesOf } from './incident-halves.ts';
import { readIncidents } from './incident-library.ts';

const place = 'recorded from a real control plane, kubelet and containerd';
const subject = { kind: 'Pod', namespace: 'a', name: 'b' };
const drawn = (name: string, source: string, category = 'oom_killed') => ({
  ...{ name, source, looks_like: null },
  expected: { category, subject, evidence: [] },
});

describe('the fault of an incident', () => {
  it.each([
    [`${place} (e2e/cluster/library/programs.yaml, python-refused); Kubernetes v1.35.4`, 'python-refused'],
    [
      `${place} as kubectl v1.35.4 shows it, tables (e2e/cluster/library/programs.yaml, python-refused)`,
      'python-refused',
    ],
    [`${place} (e2e/cluster/faults/memory-kill); Kubernetes v1.35.4`, 'memory-kill'],
    [`${place} with npm run record (the fault memory-kill of e2e/cluster/faults); Kubernetes v1.35.4`, 'memory-kill'],
    ['recorded from the simulator with npm run record (its scenario oom_killed); Kubernetes v1.35.4', 'oom-killed'],
    ['written for this project after the messages of the real components', 'an-incident'],
  ])('of %s is %s', (source, fault) => expect(faultOf({ name: 'an-incident', source })).toBe(fault));
});

describe('the halves of the library', () => {
  const incidents = readIncidents();
  const halves = halvesOf(incidents);

  it('are about as large as each other', () => {
    const tests = [...halves.values()].filter((half) => half === 'test').length;
    expect(tests / incidents.length).toBeGreaterThan(0.4);
    expect(tests / incidents.length).toBeLessThan(0.6);
  });

  it('share no fault', () => {
    const apart = Map.groupBy(incidents, faultOf);
    for (const [fault, own] of apart)
      expect([fault, new Set(own.map(({ name }) => halves.get(name))).size]).toEqual([fault, 1]);
    expect(apart.size).toBeLessThan(incidents.length);
  });

  it('have both something of every category', () => {
    for (const [category, own] of Map.groupBy(incidents, ({ expected }) => expected.category))
      expect([category, new Set(own.map(({ name }) => halves.get(name))).size]).toEqual([category, 2]);
  });

  it('keep what they had when a category gains a fault between its others', () => {
    const some = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => drawn(name, 'written'));
    const before = halvesOf(some);
    const after = halvesOf([...some, drawn('i', 'written', 'dns_failure')]);
    for (const { name } of some) expect(after.get(name)).toBe(before.get(name));
  });

  it('take a category of a single fault to one half', () => {
    expect(new Set(halvesOf([drawn('only', 'written')]).values()).size).toBe(1);
    expect(new Set(halvesOf([drawn('one', 'written'), drawn('two', 'written')]).values())).toEqual(
      new Set(['tune', 'test']),
    );
  });
});
