import { describe, expect, it } from '@jest/globals';
import { clusterLiveness, liveness } from './liveness.ts';
import { silenceEvents } from './silence.ts';

const now = new Date('2026-01-02T03:04:05.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

describe('liveness', () => {
  it('follows the last sign of life and what the agent says of itself', () => {
    expect(liveness({ last_seen_at: null, reported: null }, now)).toBe('never');
    expect(liveness({ last_seen_at: ago(61), reported: 'healthy' }, now)).toBe('offline');
    expect(liveness({ last_seen_at: ago(60), reported: 'degraded' }, now)).toBe('degraded');
    expect(liveness({ last_seen_at: ago(5), reported: 'standby' }, now)).toBe('online');
  });

  it('is for a cluster that of its best agent', () => {
    expect(clusterLiveness(['offline', 'online'])).toBe('online');
    expect(clusterLiveness(['offline', 'degraded', 'never'])).toBe('degraded');
    expect(clusterLiveness([])).toBe('never');
  });
});

describe('silence', () => {
  it('is told once when it begins and once when it ends', () => {
    const cluster = { cluster_id: 'eu-1', last_seen_at: ago(61), silent: false };
    const [fault, ...more] = silenceEvents([cluster], now);
    expect(more).toEqual([]);
    expect(fault).toMatchObject({
      type: 'gap',
      reason: 'AgentSilent',
      signal: 'fault',
      fingerprint: 'eu-1/_/Cluster/eu-1',
    });
    expect(silenceEvents([cluster], new Date(now.getTime() + 5_000))[0]?.id).toBe(fault?.id);
    expect(silenceEvents([{ ...cluster, silent: true }], now)).toEqual([]);
    expect(silenceEvents([{ ...cluster, last_seen_at: ago(2), silent: true }], now)).toMatchObject([
      { signal: 'clear' },
    ]);
  });
});
