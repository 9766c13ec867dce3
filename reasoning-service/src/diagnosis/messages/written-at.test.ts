import { describe, expect, it } from '@jest/globals';
import { writtenAt } from './written-at.ts';

const near = Date.parse('2026-11-21T10:00:00Z');
const minutes = (line: string): string[] =>
  writtenAt(line, near).map((at) => new Date(at).toISOString().slice(0, 16).replace('T', ' '));

describe('when a line was written', () => {
  it.each([
    '2024-01-01T10:00:00.123Z ERROR x',
    '[2024-01-01 10:00:00,123] ERROR x',
    '2024/01/01 10:00:00 [error] 7#7: x',
    'ERROR 2024-01-01 10:00:00 x',
    '[error] [2024-01-01 10:00:00] x',
    'E, [2024-01-01T10:00:00.1 #1] ERROR -- : x',
    '[pod/cart-1/app] 2024-01-01T10:00:00Z x',
    'db-1  | 2024-01-01 10:00:00 UTC [1] FATAL:  x',
    '1:M 01 Jan 2024 10:00:00.123 * x',
    '[Mon Jan 01 10:00:00.123456 2024] [core:error] x',
    'Jan 01, 2024 10:00:00 AM org.example x',
    '=ERROR REPORT==== 1-Jan-2024::10:00:00 ===',
    '<14>1 2024-01-01T10:00:00Z host app x',
    '10.0.0.1 - - [01/Jan/2024:10:00:00 +0000] "GET / HTTP/1.1" 502',
    'time="2024-01-01T10:00:00Z" level=error msg=x',
    'level=error ts=2024-01-01T10:00:00.1Z caller=x',
    '{"t":{"$date":"2024-01-01T10:00:00.000+00:00"},"s":"E"}',
    '{"level":"error","ts":1704103200.12,"msg":"x"}',
    '{"level":"error","ts":1.7041032e9,"msg":"x"}',
    '{"time":1704103200123,"msg":"x"}',
    '{"time":1704103200123456,"msg":"x"}',
    '{"time":1704103200123456789,"msg":"x"}',
    '{"instant":{"epochSecond":1704103200,"nanoOfSecond":1},"level":"ERROR"}',
    '1704103200.123 45 10.0.0.1 TCP_MISS',
  ])('is read from: %s', (line) => expect(new Set(minutes(line))).toEqual(new Set(['2024-01-01 10:00'])));

  it('is the day where a line tells no more', () =>
    expect(minutes('2024-01-01 ERROR x')).toEqual(['2024-01-01 00:00']));

  it.each([
    '10:00:00.123 [main] ERROR x',
    '[   12.345678] Out of memory',
    '{"ts":12.345,"msg":"x"}',
    '1970-01-01 00:00:12 x',
    'x509: certificate has expired: 2024-01-01T00:00:00Z',
    'ERROR the licence ended 2024-01-01 10:00:00',
    '{"msg":"x","expires":"2024-01-01T10:00:00Z"}',
    '1704103200 rows copied',
  ])('is not told by: %s', (line) => expect(minutes(line)).toEqual([]));

  it('may be that of any year where a line tells none', () => {
    expect(minutes('E0101 10:00:00.123456       1 foo.go:12] x')).toContain('2026-01-01 10:00');
    expect(minutes('Dec 30 10:00:00 host app: x')).toEqual([
      '2025-12-30 10:00',
      '2026-12-30 10:00',
      '2027-12-30 10:00',
    ]);
  });

  it('has two readings where the country says which number is the day', () =>
    expect(minutes('02/01/2024 10:00:00 x')).toEqual(['2024-02-01 10:00', '2024-01-02 10:00']));
});
