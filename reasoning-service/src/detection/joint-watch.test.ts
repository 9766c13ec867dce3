import { describe, expect, it } from '@jest/globals';
import { aegisops, createJointWatch } from './joint-watch.ts';
import { seeded } from './random.ts';

/** A service under a daily rhythm, a sample each minute: requests per second, p95 in seconds, memory in bytes. */
function traffic(samples: number, random: () => number): number[][] {
  const noise = () => random() + random() + random() - 1.5;
  return Array.from({ length: samples }, (_, minute) => {
    const load = 100 + 60 * Math.sin((2 * Math.PI * minute) / 1440) + 8 * noise();
    return [load, 0.2 + 0.0005 * load + 0.02 * noise(), 5e8 + 1e6 * load + 1e7 * noise()];
  });
}

const findingsOf = (samples: readonly (readonly (number | null)[])[]) => {
  const watch = createJointWatch(aegisops, 1);
  return samples.flatMap((sample, at) => watch.observe(at, sample));
};

describe('joint watch', () => {
  it.each([1, 2])('raises no alarm in days of normal traffic (seed %d)', (seed) => {
    expect(findingsOf(traffic(4000, seeded(seed)))).toEqual([]);
  });

  it('names the value that left its range, once, in the third sample', () => {
    const samples = traffic(2000, seeded(4)).map((sample, at) =>
      at < 1900 ? sample : [sample[0] ?? 0, 5, sample[2] ?? 0],
    );
    const findings = findingsOf(samples);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'joint', at: 1902, feature: 'p95_seconds', value: 5 });
    expect(findings[0]?.expected?.high).toBeLessThan(1);
  });

  it('is silent about two strange samples, and tells missing ones as such, once', () => {
    const calm = traffic(2000, seeded(5));
    const twice = calm.map((sample, at) => (at === 1500 || at === 1501 ? [0, 9, 0] : sample));
    const gaps = calm.map((sample, at) => (at > 1500 && at < 1600 ? [null, null, null] : sample));
    expect(findingsOf(twice)).toEqual([]);
    expect(findingsOf(gaps)).toEqual([expect.objectContaining({ kind: 'missing', at: 1503, value: null })]);
  });

  it('tells a fault that lasts once, though single samples of it are ordinary, and the next one after calm', () => {
    const broken = (at: number) => (at >= 1500 && at < 1600) || (at >= 1850 && at < 1860);
    const random = seeded(9);
    const samples = traffic(1900, seeded(8)).map(([load = 0, slow = 0, memory = 0], at) => [
      load,
      broken(at) && random() < 0.9 ? 2 : slow,
      memory,
    ]);
    expect(findingsOf(samples).map(({ at }) => at >= 1850)).toEqual([false, true]);
  });

  it('takes a lasting change as the new normal', () => {
    const samples = traffic(3000, seeded(6)).map((sample, at) =>
      at < 1500 ? sample : sample.map((value) => 5 * value),
    );
    expect(findingsOf(samples)).toHaveLength(1);
  });

  it('continues from its state, by the same forest', () => {
    const samples = traffic(2200, seeded(7)).map((sample, at) =>
      at % 500 < 490 ? sample : sample.map((one) => 4 * one),
    );
    const stops = [1, 59, 60, 333, 1000];
    const one = createJointWatch(aegisops, 1);
    let other = createJointWatch(aegisops, 1);
    const found = samples.map((sample, at) => {
      if (stops.includes(at)) other = createJointWatch(aegisops, 1, structuredClone(other.state()));
      return [one.observe(at, sample), other.observe(at, sample)];
    });
    expect(found.map(([, second]) => second)).toEqual(found.map(([first]) => first));
    expect(found.filter(([first = []]) => first.length > 0)).toHaveLength(4);
    expect(other.state().window.length).toBeLessThanOrEqual(840);
  });
});
