import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { announcement, settled } from './announce.ts';
import {
  type Change,
  correlate,
  emptyTally,
  type Fact,
  type IncidentRow,
  isCleared,
  joinTallies,
  subjectOf,
  tallyOf,
} from './correlate.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 0, second)).toISOString();
const fact = (changes: Partial<Fact> = {}): Fact => ({
  cluster_id: 'eu-1',
  fingerprint: 'eu-1/shop/Deployment/cart',
  type: 'k8s_state',
  signal: 'fault',
  severity: 'critical',
  reason: 'CrashLoopBackOff',
  node: 'n1',
  timestamp: at(0),
  evidence: null,
  ...changes,
});
const newId = () => 'i-1';

const facts = fc.array(
  fc.record({
    cluster_id: fc.constant('eu-1'),
    fingerprint: fc.constantFrom('eu-1/shop/Deployment/cart', 'eu-1/_/Node/n1'),
    type: fc.constantFrom('k8s_state' as const, 'anomaly' as const, 'alert' as const),
    signal: fc.constantFrom('fault' as const, 'fault' as const, 'clear' as const, 'info' as const),
    severity: fc.constantFrom('critical' as const, 'high' as const, 'medium' as const, 'low' as const),
    reason: fc.constantFrom('BackOff', 'OOMKilled', 'Evicted', 'LimitForecast', '__proto__'),
    node: fc.constantFrom(null, 'n1', 'n2'),
    timestamp: fc.integer({ min: 0, max: 20 }).map(at),
    evidence: fc.option(
      fc.record({
        hash: fc.constantFrom('a', 'b', 'c'),
        weight: fc.integer({ min: 0, max: 3 }),
        at: fc.integer({ min: 0, max: 20 }).map(at),
      }),
    ),
  }),
  { maxLength: 12 },
);

/** Feeds facts in the given batches, as consumers do. */
function feed(batches: readonly (readonly Fact[])[], known: IncidentRow[] = []): IncidentRow[] {
  let rows = known;
  for (const batch of batches) {
    const changes = correlate(rows, batch, newId);
    const after = new Map(
      [...rows, ...changes.map((change) => change.after)].map((row) => [`${row.fingerprint}#${row.episode}`, row]),
    );
    rows = [...after.values()];
  }
  return rows
    .map((row) => ({ ...row, updated_at: '' }))
    .sort((a, b) => (`${a.fingerprint}#${a.episode}` < `${b.fingerprint}#${b.episode}` ? -1 : 1));
}

const only = (changes: Change[]): Change => {
  const [change] = changes;
  if (change === undefined || changes.length !== 1) throw new Error(`${changes.length} changes`);
  return change;
};

describe('correlation', () => {
  it('ends in the same incidents whatever the order and the batches', () => {
    fc.assert(
      fc.property(
        facts.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
            fc.integer({ min: 0, max: all.length }),
          ),
        ),
        ([all, shuffled, cut]) => {
          expect(feed([shuffled.slice(0, cut), shuffled.slice(cut)])).toEqual(feed([all]));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends in the same episodes also after one has closed', () => {
    const closedAt10 = feed([[fact()]]).map((row) => ({ ...row, closed_at: at(10), state: 'resolved' as const }));
    fc.assert(
      fc.property(
        facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(
            feed(
              shuffled.map((one) => [one]),
              closedAt10,
            ),
          ).toEqual(feed([all], closedAt10));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is a sum: grouping does not matter and nothing adds nothing', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const tallies = all.map(tallyOf);
        const left = tallies.reduce(joinTallies, emptyTally);
        const right = tallies.reduceRight((sum, tally) => joinTallies(tally, sum), emptyTally);
        expect(left).toEqual(right);
      }),
    );
  });

  it('opens by a high or critical fault and by nothing less', () => {
    const weak = only(correlate([], [fact({ severity: 'medium' })], newId));
    expect(weak.after.opened_at).toBeNull();
    expect(announcement(weak)).toBeUndefined();
    const strong = only(
      correlate([weak.after], [fact({ severity: 'high', timestamp: at(5), reason: 'OOMKilled' })], newId),
    );
    expect(strong.after).toMatchObject({
      opened_at: at(5),
      hits: 2,
      severity: 'high',
      reasons: ['OOMKilled', 'CrashLoopBackOff'],
    });
    expect(announcement(strong)).toBe('opened');
  });

  it('takes a clear only when it is later than the last fault', () => {
    const rows = feed([[fact({ timestamp: at(5) }), fact({ signal: 'clear', timestamp: at(4) })]]);
    expect(rows.map(isCleared)).toEqual([false]);
    expect(feed([[fact({ signal: 'clear', timestamp: at(6) })]], rows).map(isCleared)).toEqual([true]);
  });

  const forecast = (second: number, changes: Partial<Fact> = {}) =>
    fact({ type: 'anomaly', reason: 'LimitForecast', severity: 'high', timestamp: at(second), ...changes });

  it('opens by a limit that is foretold, and closes when it is taken back, whatever else is said of the object', () => {
    const rows = feed([[forecast(1)]]);
    expect(rows).toMatchObject([{ opened_at: at(1), last_seen_at: null, foreseen_at: at(1) }]);
    expect(feed([[fact({ signal: 'clear', timestamp: at(5) })]], rows).map(isCleared)).toEqual([false]);
    const strange = fact({ type: 'anomaly', reason: 'UnusualMetric', severity: 'medium', timestamp: at(9) });
    const alert = fact({ type: 'alert', reason: 'KubeVolumeFillingUp', severity: 'medium', timestamp: at(9) });
    expect(feed([[strange, alert, forecast(6, { signal: 'clear' })]], rows).map(isCleared)).toEqual([true]);
  });

  it('stays one incident when the fault comes, which then ends by its own clear and not by the forecast', () => {
    const rows = feed([[forecast(1), fact({ timestamp: at(3) })]]);
    expect(rows).toHaveLength(1);
    const averted = feed([[forecast(4, { signal: 'clear' })]], rows);
    expect(averted.map(isCleared)).toEqual([false]);
    expect(feed([[fact({ signal: 'clear', timestamp: at(5) })]], averted).map(isCleared)).toEqual([true]);
  });

  it('is not held open by a limit that is days away', () => {
    const rows = feed([[forecast(1), forecast(2, { severity: 'low' }), forecast(2, { signal: 'clear' })]]);
    expect(rows.map(isCleared)).toEqual([true]);
  });

  it('re-opens as the next episode under the same id; an old fault goes to the old one', () => {
    const closed = feed([[fact()]]).map((row) => ({ ...row, closed_at: at(10) }));
    const late = feed([[fact({ timestamp: at(9) })]], closed);
    expect(late.map((row) => [row.episode, row.hits])).toEqual([[1, 2]]);
    const again = feed([[fact({ timestamp: at(11) })]], closed);
    expect(again.map((row) => [row.id, row.episode, row.opened_at])).toEqual([
      ['i-1', 1, at(0)],
      ['i-1', 2, at(11)],
    ]);
  });

  it('keeps the richest evidence, the newest of equals', () => {
    const evidence = (hash: string, weight: number, second: number) =>
      fact({ evidence: { hash, weight, at: at(second) } });
    expect(
      feed([[evidence('a', 2, 1), evidence('b', 3, 2), evidence('c', 3, 5), evidence('d', 1, 9)]])[0]?.evidence?.hash,
    ).toBe('c');
  });
});

describe('announcements', () => {
  const opened = only(correlate([], [fact()], newId)).after;
  const next = (changes: Partial<Fact>) =>
    announcement(only(correlate([opened], [fact({ timestamp: at(3), ...changes })], newId)));

  it('tells new reasons, a higher severity and the first evidence, and no repetition', () => {
    expect(next({})).toBeUndefined();
    expect(next({ reason: 'OOMKilled' })).toBe('changed');
    expect(next({ evidence: { hash: 'a', weight: 1, at: at(3) } })).toBe('changed');
    const high = { ...opened, severity: 'high' as const };
    expect(announcement({ before: high, after: opened })).toBe('changed');
  });

  it('tells the first evidence of what has happened, where only a forecast was known', () => {
    const foretold = { ...opened, evidence: { hash: 'f', weight: -1, at: at(1) } };
    const seen = only(correlate([foretold], [fact({ evidence: { hash: 'a', weight: 0, at: at(0) } })], newId));
    expect([seen.after.evidence?.hash, announcement(seen)]).toEqual(['a', 'changed']);
  });

  it('tells of a new reason also after its run gave up, so that somebody can look again', () => {
    const escalated: IncidentRow = { ...opened, state: 'escalated' };
    const news = only(correlate([escalated], [fact({ timestamp: at(3), reason: 'FailedMount' })], newId));
    expect([announcement(news), news.after.state]).toEqual(['changed', 'escalated']);
  });

  it('says once that a clear has held, and closes only what nobody works on', () => {
    const cleared = { ...opened, last_clear_at: at(5), updated_at: at(5) };
    expect(settled(cleared, new Date(at(4)))).toBe(cleared);
    const closed = settled(cleared, new Date(at(20)));
    expect(closed).toMatchObject({ state: 'resolved', outcome: 'cleared', closed_at: at(5) });
    expect(announcement({ before: cleared, after: closed })).toBe('cleared');
    const explaining = { ...cleared, state: 'explaining' as const };
    const told = settled(explaining, new Date(at(20)));
    expect(told).toMatchObject({ state: 'explaining', closed_at: null, clear_told: true });
    expect(announcement({ before: explaining, after: told })).toBe('cleared');
    expect(settled({ ...cleared, state: 'verifying' }, new Date(at(20)))).toMatchObject({
      closed_at: null,
      clear_told: false,
    });
  });
});

describe('fingerprints', () => {
  it('name a subject of their own cluster only', () => {
    expect(subjectOf('eu-1/_/Node/n1', 'eu-1')).toEqual({ kind: 'Node', namespace: null, name: 'n1' });
    expect(subjectOf('eu-2/_/Node/n1', 'eu-1')).toBeUndefined();
    expect(subjectOf('eu-1/shop', 'eu-1')).toBeUndefined();
  });
});
