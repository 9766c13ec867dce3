import { describe, expect, it } from '@jest/globals';
import { isSchedule, longestPause } from './schedule.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a schedule', () => {
  it.each([
    '* * * * *',
    '*/5 8-18 * * MON-FRI',
    '0 0 1,15 * *',
    '@hourly',
    '@every 1h30m',
    '5/15 0 * JAN ?',
    '0 0 * * 7',
    'TZ=Europe/Berlin 0 6 * * *',
  ])('%s can be read', (text) => expect(isSchedule(text)).toBe(true));

  it.each([
    '',
    '* * * *',
    '61 * * * *',
    '* 24 * * *',
    '@often',
    'every day',
    '* * * * * *',
    '1,,2 * * * *',
    '0 0 0 * *',
    '9-5 * * * *',
    '*/0 * * * *',
    '0 0 * FOO *',
    'constructor',
  ])('%s cannot', (text) => expect(isSchedule(text)).toBe(false));
});

describe('the longest pause of a schedule', () => {
  it.each([
    ['*/10 * * * *', 10 * MINUTE],
    ['*/7 * * * *', 7 * MINUTE],
    ['0 * * * *', HOUR],
    ['15 */6 * * *', 6 * HOUR],
    ['0 2 * * *', DAY],
    ['@daily', DAY],
    ['30 8,20 * * *', 12 * HOUR],
    ['0 9-17 * * *', 16 * HOUR],
    ['0 6 * * 1-5', 3 * DAY],
    ['0 6 * * SUN', 7 * DAY],
    ['0 0 1 * *', 31 * DAY],
    ['0 0 1 1 *', 366 * DAY],
    ['0 0 13 * 5', 7 * DAY],
    ['0 0 29 2 *', 1461 * DAY],
  ])('%s is that of its rarest run', (text, seconds) => expect(longestPause(text)).toBe(seconds));

  it.each(['0 0 31 2 *', '@every 5m', 'often'])('%s has none', (text) => expect(longestPause(text)).toBeUndefined());
});
