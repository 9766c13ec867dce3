import { describe, expect, it } from '@jest/globals';
import { daysAround, eventTime } from './event-time.ts';

const received = new Date('2026-01-02T03:04:05.000Z');

describe('the time of an event', () => {
  it('is its own, in UTC', () => {
    expect(eventTime('2026-01-02T01:00:00+02:00', received)).toEqual({
      day: '2026-01-01',
      at: '2026-01-01T23:00:00.000Z',
    });
  });

  it.each(['0001-01-01T00:00:00Z', '2025-11-01T00:00:00Z', '2026-01-04T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'is ours when it says %s',
    (timestamp) => {
      expect(eventTime(timestamp, received)).toEqual({ day: '1970-01-01', at: received.toISOString() });
      expect(eventTime(timestamp, new Date(received.getTime() + 60_000)).day).toBe('1970-01-01');
    },
  );

  it('needs the days of a spool behind and three ahead', () => {
    const days = daysAround(received);
    expect([days[0], days.at(-1), days.length]).toEqual(['2025-12-26', '2026-01-05', 11]);
  });
});
