import { describe, expect, it } from '@jest/globals';
import { isSchedule } from './workload-objects.ts';

describe('a schedule', () => {
  it.each([
    '* * * * *',
    '*/5 8-18 * * MON-FRI',
    '0 0 1,15 * *',
    '@hourly',
    '@every 1h30m',
    '5/15 0 * JAN ?',
    '0 0 * * 7',
  ])('%s can be read', (text) => expect(isSchedule(text)).toBe(true));

  it.each(['', '* * * *', '61 * * * *', '* 24 * * *', '@often', 'every day', '* * * * * *', '1,,2 * * * *'])(
    '%s cannot',
    (text) => expect(isSchedule(text)).toBe(false),
  );
});
