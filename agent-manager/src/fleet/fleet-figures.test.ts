import { describe, expect, it } from '@jest/globals';
import { agesOf, versionsOf } from './fleet-figures.ts';
import { memoryIn } from './redis-liveness-cache.ts';

const agents = (...versions: (string | null)[]) => versions.map((version) => ({ version }));

describe('the versions of a fleet', () => {
  it('are counted by name, the most common first', () => {
    expect(versionsOf(agents('0.1.0', '0.2.0', '0.2.0', null))).toEqual([
      ['0.2.0', 2],
      ['0.1.0', 1],
      ['unknown', 1],
    ]);
  });

  it('never make more series than a few, whatever agents call themselves', () => {
    const strange = agents('a"} 1\n', 'latest', '1.2.3-rc.1');
    expect(versionsOf(strange)).toEqual([
      ['other', 2],
      ['1.2.3-rc.1', 1],
    ]);
    const many = versionsOf([...strange, ...agents(...Array.from({ length: 50 }, (_, at) => `0.${at}.0`))]);
    expect(many).toHaveLength(10);
    expect(many.at(-1)).toEqual(['other', 44]);
    expect(many.reduce((sum, [, count]) => sum + count, 0)).toBe(53);
  });
});

describe('the silence of a fleet', () => {
  it('is counted by age, each agent once', () => {
    const now = new Date('2026-01-02T00:00:00Z');
    const seen = (last_seen_at: string | null) => ({ last_seen_at });
    const heard = ['2026-01-01T23:59:50Z', '2026-01-01T23:56:00Z', '2025-12-01T00:00:00Z', null].map(seen);
    expect(agesOf([...heard, seen('2026-01-02T00:00:05Z')], now)).toEqual([
      ['30s', 2],
      ['5m', 1],
      ['1h', 0],
      ['1d', 0],
      ['older', 1],
      ['never', 1],
    ]);
  });
});

describe('the memory of Redis', () => {
  const info = (limit: number) =>
    `# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nused_memory_rss:9\r\nmaxmemory:${limit}\r\nmaxmemory_human:0B\r\n`;
  it('is what the server says, without a limit where it has none', () => {
    expect(memoryIn(info(2_097_152))).toEqual({ used: 1_048_576, limit: 2_097_152 });
    expect(memoryIn(info(0))).toEqual({ used: 1_048_576, limit: null });
    expect(memoryIn('')).toEqual({ used: null, limit: null });
  });
});
