import { describe, expect, it } from '@jest/globals';
import { wrongMoment, wrongToken } from './refusal.ts';

const now = new Date('2026-05-01T12:00:00Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

describe('the moment of a statement', () => {
  it.each([0, 300, -300])('may be off by %i seconds', (off) => {
    expect(wrongMoment(after(off), now)).toBeUndefined();
  });

  it('says by how much it is off', () => {
    expect(wrongMoment(after(301), now)).toBe('is 301 s ahead of our clock; more than 300 s are not taken');
    expect(wrongMoment(after(-4_000), now)).toContain('4000 s behind');
  });
});

describe('a token that lets nobody in', () => {
  const request = { cluster_id: 'east' } as Parameters<typeof wrongToken>[1];
  const token = { cluster_id: 'east', expires_at: after(60), used_at: null, shut_out: false };

  it.each([
    ['is not known', undefined],
    ['is for another cluster', { ...token, cluster_id: 'west' }],
    ['was used already', { ...token, used_at: after(-1) }],
    ['its cluster was shut out since', { ...token, used_at: after(-1), shut_out: true }],
    ['has expired', { ...token, expires_at: after(0) }],
    ['was used by another agent', token],
  ])('%s', (reason, row) => {
    expect(wrongToken(row, request, now)).toContain(reason);
  });
});
