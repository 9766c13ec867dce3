import { describe, expect, it } from '@jest/globals';
import { clockOf, takenAt, timestamp } from './moment.ts';

const now = '2026-11-20T10:15:00.000Z';
const pod = 'status:\n  startTime: "2026-11-04T08:00:00Z"\n';

it.each(['Mon, 01 Jan 0001 00:00:00 +0000', '0001-01-01T00:00:00Z', '<unknown>'])('takes %s for no time', (text) => {
  expect(timestamp(text)).toBeUndefined();
  expect(takenAt([`LastProbeTime: ${text}\n  lastTransitionTime: "${text}"`], now)).toEqual({ at: now });
});

describe('when evidence was taken', () => {
  it.each([
    [
      'states alone tell no more than a beginning, so the clock does',
      [pod],
      { at: now, since: '2026-11-04T08:00:00.000Z' },
    ],
    [
      'a heartbeat tells the present',
      [pod, 'renewTime: "2026-11-04T09:00:00.000000Z"'],
      { at: '2026-11-04T09:00:00.000Z' },
    ],
    [
      'a line of a log tells the present',
      [pod, '2026-11-04 09:00:00,250Z INFO up'],
      { at: '2026-11-04T09:00:00.250Z' },
    ],
    [
      'what was kept for long was taken at its own time or later',
      ['startTime: "2025-03-01T08:00:00Z"'],
      { at: '2025-03-01T08:00:00.000Z', until: now },
    ],
    [
      'a line of a log without a zone is later than what began',
      ['startTime: "2025-05-01T00:00:00Z"', '2025-05-02 10:00:05.440 ERROR no answer'],
      { at: '2025-05-02T10:00:05.440Z', until: now },
    ],
    [
      'an alert was seen when it was last told of',
      ['"endsAt": "2025-06-18T12:34:00Z", "startsAt": "2025-06-18T12:05:30Z", "updatedAt": "2025-06-18T12:30:00Z"'],
      { at: '2025-06-18T12:30:00.000Z', until: now },
    ],
    [
      'a local time ahead of the clock counts for nothing',
      ['startTime: "2026-11-20T09:00:00Z"', '2026-11-20 18:00:00 ERROR no answer'],
      { at: now, since: '2026-11-20T09:00:00.000Z' },
    ],
    [
      'a description tells when a container started, and how long before it was printed',
      [
        [
          'Name:             loom-0',
          'Start Time:       Tue, 04 Mar 2025 09:12:44 +0000',
          '    State:          Running',
          '      Started:      Tue, 04 Mar 2025 10:02:31 +0000',
          '  Normal   Started    3m2s (x5 over 52m)     kubelet  Started container loom',
        ].join('\n'),
      ],
      { at: '2025-03-04T10:05:33.000Z' },
    ],
    ['what lies ahead counts for nothing', ['notAfterTime: "2027-01-01T00:00:00Z"'], { at: now }],
  ])('%s', (_, texts, expected) => {
    expect(takenAt(texts, now)).toEqual(expected);
  });

  it('is the date of the file where states alone tell no more than a beginning', () => {
    const saved = '2026-11-06T12:00:00.000Z';
    expect(takenAt([pod], now, saved)).toEqual({ at: saved, since: '2026-11-04T08:00:00.000Z' });
    expect(takenAt([pod], now, '2026-11-01T00:00:00.000Z')).toEqual({ at: '2026-11-04T08:00:00.000Z' });
  });

  it('goes by the newest file and never by one from the future', () => {
    expect(clockOf(['2026-11-06T12:00:00.000Z', undefined, '2026-11-07T12:00:00.000Z'], now)).toBe(
      '2026-11-07T12:00:00.000Z',
    );
    expect(clockOf(['2027-01-01T00:00:00.000Z'], now)).toBe(now);
  });
});
