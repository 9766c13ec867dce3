import { describe, expect, it } from '@jest/globals';
import { lateAnswers, statusIn } from './answered-requests.ts';
import { statementsOf } from './log-line.ts';

describe('the status with which a request was answered', () => {
  it.each([
    ['10.0.0.8 - - [12/Jun/2025:08:15:00 +0000] "GET /cart HTTP/1.1" 502 157 "-" "Mozilla/5.0"', 502],
    ['2025-06-12T08:15:00Z INFO GET /nests 200 9000ms', 200],
    ['POST /eggs HTTP/2 503 12 ms', 503],
    ['INFO:     10.0.0.8:5123 - "GET /nests HTTP/1.1" 500 Internal Server Error', 500],
    ['[GIN] 2025/06/12 - 08:15:00 | 504 |  1.2ms |  10.0.0.8 | GET      "/nests"', 504],
    ['Completed 500 Internal Server Error in 12ms', 500],
    ['{"level":"info","msg":"request","path":"/nests?status=500","status":204,"duration_ms":12}', 204],
    ['{"req":{"method":"GET","url":"/nests"},"res":{"statusCode":503}}', 503],
    ['level=info method=GET path="/nests?status=500" status=201 took=3ms', 201],
  ])('%s', (line, status) => expect(statusIn(line)).toBe(status));

  it.each([
    ['{"level":"info","msg":"batch done","status":500}'],
    ['level=info msg="read 502 eggs" path=/var/nests'],
    ['GET /errors/500 was asked for'],
    ['INFO listening on :500'],
    ['worker took 503 ms for GET'],
  ])('is not told by: %s', (line) => expect(statusIn(line)).toBeUndefined());
});

describe('the later requests of a log', () => {
  const got = (path: string, status: number) => `10.0.0.8 - - [x] "GET ${path} HTTP/1.1" ${status} 1 "-" "-"`;
  const late = (...lines: string[]) => {
    const { failed, count } = lateAnswers(statementsOf(lines));
    return [failed.length, count];
  };

  it('are counted without those that ask whether it lives', () => {
    expect(late(got('/a', 200), got('/healthz', 200), got('/healthz', 200), got('/a', 502))).toEqual([1, 1]);
  });
  it('count where the program tells such an asker that it does not', () => {
    expect(late(got('/healthz', 503), got('/healthz', 503))).toEqual([1, 1]);
  });
  it('are not those that failed before it got well', () => {
    expect(late(got('/a', 500), got('/a', 500), got('/a', 200), got('/a', 200))).toEqual([0, 2]);
  });
});
