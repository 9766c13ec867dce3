import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costOf, crossed, judge, type Scope, type Spend, shareOf, stateOf } from './budget.ts';

const free = { tokens: null, cost: null };
const none: Spend = { tokens: 0, cost: 0 };
const limits = { incident: { tokens: 100, cost: null }, tenant: { tokens: null, cost: 5 }, day: free };

describe('the budget', () => {
  it('lets a call through up to the limit', () => {
    const spent = { incident: { tokens: 70, cost: 0 }, tenant: { tokens: 0, cost: 3.9 }, day: none };
    expect(judge({ spent, ask: { tokens: 30, cost: 0.5 }, limits })).toEqual({ may: 'call', spent });
  });

  it('says once where the warning line is passed', () => {
    const spent = { incident: { tokens: 70, cost: 0 }, tenant: { tokens: 0, cost: 3.9 }, day: none };
    expect(crossed(spent, { tokens: 10, cost: 0.1 }, limits)).toEqual(['incident', 'tenant']);
    expect(crossed(spent, { tokens: 5, cost: 0.1 }, limits)).toEqual(['tenant']);
    const later = { ...spent, tenant: { tokens: 0, cost: 4 } };
    expect(crossed(later, { tokens: 5, cost: 0.1 }, limits)).toEqual([]);
  });

  it('stops a call that would pass a limit, and names it', () => {
    const spent = { incident: { tokens: 71, cost: 0 }, tenant: none, day: none };
    expect(judge({ spent, ask: { tokens: 30, cost: 0 }, limits })).toEqual({
      may: 'not',
      scope: 'incident',
      measure: 'tokens',
      limit: 100,
      spent: 71,
    });
  });

  it('never lets the sum pass any limit, whatever is asked in whatever order', () => {
    const asks = fc.array(fc.record({ tokens: fc.nat(60), cost: fc.nat(3) }), { maxLength: 40 });
    fc.assert(
      fc.property(asks, fc.nat(200), fc.nat(10), (wanted, tokens, cost) => {
        const tight = { incident: { tokens, cost: null }, tenant: { tokens: null, cost }, day: { tokens, cost } };
        let spent: Record<Scope, Spend> = { incident: none, tenant: none, day: none };
        for (const ask of wanted) {
          if (judge({ spent, ask, limits: tight }).may === 'not') continue;
          const sum = { tokens: spent.day.tokens + ask.tokens, cost: spent.day.cost + ask.cost };
          spent = { incident: sum, tenant: sum, day: sum };
        }
        expect(spent.day.tokens).toBeLessThanOrEqual(tokens);
        expect(spent.day.cost).toBeLessThanOrEqual(cost);
      }),
    );
  });

  it('counts money only by a price that is known', () => {
    expect(costOf({ input: 3, output: 15 }, { input: 1_000_000, output: 100_000 })).toBe(4.5);
    expect(costOf(undefined, { input: 1_000_000, output: 0 })).toBeNull();
  });

  it('tells the state of a limit', () => {
    expect([0, 0.79, 0.8, 1].map(stateOf)).toEqual(['ok', 'ok', 'warning', 'exhausted']);
    expect(stateOf(shareOf(none, { tokens: 0, cost: null }))).toBe('exhausted');
    expect(shareOf({ tokens: 10, cost: 4 }, { tokens: 100, cost: 5 })).toBe(0.8);
  });
});
