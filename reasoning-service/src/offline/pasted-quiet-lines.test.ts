import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const at = (minute: number, words: string) => `2026-11-20 09:${String(minute).padStart(2, '0')}:11.332 UTC ${words}`;
const minutes = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const found = (...lines: string[]) => pasted({ 'barn.log': `${lines.join('\n')}\n` });
const sure = (...lines: string[]) => {
  const { category, status } = found(...lines);
  return status === 'abstained' ? 'open' : category;
};

describe('a session that Postgres ends', () => {
  const work = minutes(20, 30).map((minute) => at(minute, '[27] LOG:  checkpoint complete: wrote 200 buffers'));
  const refused = (minute: number, words: string) => at(minute, `[44${minute}] FATAL:  ${words}`);

  it.each([
    'password authentication failed for user "cow"',
    'no pg_hba.conf entry for host "10.0.0.9", user "cow", database "milk", no encryption',
    'role "cow" does not exist',
    'database "milk" does not exist',
  ])('is the trouble of somebody else where the server works on: %s', (words) => {
    expect(sure(refused(3, words), ...work)).toBe('no_incident');
  });

  it.each([
    ['nothing follows', [at(1, '[27] LOG:  checkpoint starting: time'), refused(3, 'role "cow" does not exist')]],
    [
      'it is said often',
      [...minutes(2, 8).map((minute) => refused(minute, 'role "cow" does not exist')), ...work.slice(0, 3)],
    ],
    ['the server itself ends', [refused(3, 'could not write to file "pg_wal/1": Input/output error'), ...work]],
  ])('acquits nobody where %s', (_, lines) => expect(sure(...lines)).not.toBe('no_incident'));

  it('is a fault where it has no room for more', () => {
    const full = minutes(24, 29).map((minute) => refused(minute, 'remaining connection slots are reserved for roles'));
    expect(sure(...work.slice(0, 4), ...full)).toBe('log_error_signature');
  });
});

describe('a line of the finest level', () => {
  const work = minutes(20, 30).map((minute) => at(minute, 'INFO milked 20 cows, stored'));
  const played = (level: string, words: string) => minutes(20, 30).map((minute) => at(minute, `${level} ${words}`));

  it.each([
    ['DEBUG', '[drill] OOMKilled scenario disabled; connection refused injection=off'],
    ['TRACE', 'CrashLoopBackOff drill: disabled'],
    ['DEBUG', '[drill] simulated: cannot connect to barn-db:5432'],
  ])('leaves nothing open: %s %s', (level, words) =>
    expect(sure(...work, ...played(level, words), work[9] ?? '')).toBe('no_incident'),
  );

  it.each([
    ['INFO', 'barn-0 is OOMKilled'],
    ['WARN', '[drill] simulated: cannot connect to barn-db:5432'],
    ['DEBUG', 'dial tcp 10.0.0.7:5432: connect: connection refused'],
  ])('is another than what is meant: %s %s', (level, words) =>
    expect(sure(...work, ...played(level, words))).not.toBe('no_incident'),
  );
});

describe('a warning that is nearly all of a log', () => {
  const warned = (words: string, times = 30) => minutes(10, 10 + times).map((minute) => at(minute, `WARN ${words}`));

  it.each([
    'herd has no leader, still waiting for the others',
    'gate not discovered yet, looking at 10.0.0.4 and 10.0.0.5',
    'scale is not responding',
  ])('is its fault where it says that a thing does not work: %s', (words) =>
    expect(sure(...warned(words))).toBe('log_error_signature'),
  );

  it.each([
    ['says that a thing is old', warned('view.open-session is deprecated and will go away')],
    ['is said a few times', warned('scale is not responding', 6)],
    [
      'is over',
      [...warned('scale is not responding'), ...minutes(40, 58).map((minute) => at(minute, 'INFO weighed 7 cows'))],
    ],
  ])('is none where it %s', (_, lines) => expect(sure(...lines)).not.toBe('log_error_signature'));
});
