import { describe, expect, it } from '@jest/globals';
import { departed } from './departed.ts';
import type { Liveness } from './liveness.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const agent = (id: string, began: number | null, status: Liveness, cluster_id = 'eu-4') => ({
  id,
  cluster_id,
  status,
  started_at: began === null ? null : at(began),
  last_seen_at: at(50),
});
const names = (agents: ReturnType<typeof agent>[], revoked: string[] = []) =>
  departed(agents, new Set(revoked)).map(({ id }) => id);

describe('agents that departed', () => {
  it('are those in whose place a later one of the same cluster is heard', () => {
    expect(names([agent('old', 1, 'offline'), agent('new', 2, 'online')])).toEqual(['old']);
    expect(names([agent('old', 1, 'offline'), agent('new', 2, 'degraded')])).toEqual(['old']);
  });

  it('are not those that are missed: nobody later is heard, or only elsewhere', () => {
    expect(names([agent('old', 1, 'offline'), agent('new', 2, 'offline')])).toEqual([]);
    expect(names([agent('first', 1, 'online'), agent('second', 2, 'offline')])).toEqual([]);
    expect(names([agent('old', 1, 'offline'), agent('new', 2, 'online', 'us-1')])).toEqual([]);
  });

  it('are not those that are heard, however many stand by', () => {
    expect(names([agent('first', 1, 'online'), agent('second', 2, 'online')])).toEqual([]);
  });

  it('may have no known beginning', () => {
    expect(names([agent('old', null, 'offline'), agent('new', 51, 'online')])).toEqual(['old']);
    expect(names([agent('old', 1, 'offline'), agent('new', null, 'online')])).toEqual(['old']);
    expect(names([agent('old', null, 'offline'), agent('new', 1, 'online')])).toEqual([]);
  });

  it('are all of a cluster that was shut out', () => {
    expect(names([agent('a', 1, 'offline'), agent('b', 2, 'online')], ['eu-4'])).toEqual(['a', 'b']);
  });
});
