import { describe, expect, it } from '@jest/globals';
import { correlate, type Fact, type IncidentRow } from './correlate.ts';
import { mergedInto } from './merge.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 0, second)).toISOString();

function incident(fingerprint: string, facts: Partial<Fact>[], changes: Partial<IncidentRow> = {}): IncidentRow {
  const whole = facts.map(
    (fact): Fact => ({
      cluster_id: 'eu-1',
      fingerprint,
      type: 'k8s_state',
      signal: 'fault',
      severity: 'high',
      reason: 'Evicted',
      node: 'n1',
      timestamp: at(30),
      evidence: null,
      ...fact,
    }),
  );
  const [change] = correlate([], whole, () => `id of ${fingerprint}`);
  if (change === undefined) throw new Error('no fact');
  return { ...change.after, ...changes };
}

const node = incident('eu-1/_/Node/n1', [{ reason: 'NodeNotReady', timestamp: at(20) }]);
const workload = (facts: Partial<Fact>[], changes?: Partial<IncidentRow>) =>
  incident('eu-1/shop/Deployment/cart', facts, changes);

describe('what belongs to a sick node', () => {
  it('takes in a workload whose faults lie on that node alone', () => {
    expect(mergedInto(workload([{}, { timestamp: at(40), node: null }]), node)).toBe('id of eu-1/_/Node/n1');
  });

  it('leaves one that fails elsewhere too, or without a word of any node', () => {
    expect(mergedInto(workload([{}, { node: 'n2' }]), node)).toBeNull();
    expect(mergedInto(workload([{ node: null }]), node)).toBeNull();
  });

  it('leaves one that gives a reason of its own', () => {
    expect(mergedInto(workload([{}, { reason: 'CrashLoopBackOff' }]), node)).toBeNull();
  });

  it('leaves one that was broken long before the node', () => {
    expect(
      mergedInto(workload([{ timestamp: new Date(Date.parse(at(20)) - 121_000).toISOString() }]), node),
    ).toBeNull();
  });

  it('lets go of one that stays broken when the node is well again', () => {
    const well = { ...node, closed_at: at(50) };
    expect(mergedInto(workload([{}]), well)).toBeNull();
    expect(mergedInto(workload([{}, { signal: 'clear', timestamp: at(45) }]), well)).toBe(node.id);
  });

  it('leaves one alone whose node is only foretold to fail', () => {
    const foretold = incident('eu-1/_/Node/n1', [
      { type: 'anomaly', reason: 'LimitForecast', severity: 'high', timestamp: at(20) },
    ]);
    expect(foretold.opened_at).toBe(at(20));
    expect(mergedInto(workload([{}]), foretold)).toBeNull();
  });

  it('does not stop a repair under way, and never merges a node', () => {
    expect(mergedInto(workload([{}], { state: 'repairing' }), node)).toBeNull();
    expect(mergedInto(node, node)).toBeNull();
  });
});
