import { createRandom } from '@aetherius/simulator';
import { describe, expect, it } from '@jest/globals';
import { type Saying, type SayingKind, writeScript } from './event-script.ts';

const script = (minutes = 1): Saying[] =>
  writeScript({ agents: 20, perMinute: 6_000, minutes, random: createRandom(1) });
const share = (sayings: Saying[], kind: SayingKind) =>
  sayings.filter((saying) => saying.kind === kind).length / sayings.length;

describe('what a fleet says', () => {
  it('comes in order, at the rate that was asked for, and the same each time', () => {
    const sayings = script();
    expect(sayings).toHaveLength(6_000);
    expect(sayings.every(({ at }, index) => at >= (sayings[index - 1]?.at ?? 0) && at < 60_000)).toBe(true);
    expect(script()).toEqual(sayings);
  });

  it('has every kind of saying, by every agent', () => {
    const sayings = script();
    expect(new Set(sayings.map(({ agent }) => agent)).size).toBe(20);
    expect(share(sayings, 'again')).toBeGreaterThan(0.5);
    for (const kind of ['breaks', 'clears', 'repeat', 'noise'] as const)
      expect(share(sayings, kind)).toBeGreaterThan(0.004);
  });

  it('speaks of a fault only after it broke, and never of what is over', () => {
    const life = Map.groupBy(
      script().filter(({ kind }) => kind !== 'repeat' && kind !== 'noise'),
      ({ agent, thing }) => `${agent}/${thing}`,
    );
    for (const sayings of life.values()) expect(sayings.map(({ kind }) => kind[0]).join('')).toMatch(/^ba*c?$/);
  });

  it('repeats what was said before and is no repeat itself', () => {
    const sayings = script();
    const repeats = sayings.flatMap((saying, at) => (saying.of === null ? [] : [{ saying, at, of: saying.of }]));
    expect(repeats.some(({ saying }) => saying.sameMessage)).toBe(true);
    for (const { saying, at, of } of repeats) {
      expect(of).toBeLessThan(at);
      expect(sayings[of]).toMatchObject({ of: null, agent: saying.agent, thing: saying.thing });
    }
  });

  it('storms about one thing, five times as fast as the rest', () => {
    const storm = script().filter(({ at }) => at >= 9_000 && at < 9_200);
    expect(storm).toHaveLength(100);
    expect(new Set(storm.map(({ agent, thing }) => `${agent}/${thing}`)).size).toBe(1);
  });
});
