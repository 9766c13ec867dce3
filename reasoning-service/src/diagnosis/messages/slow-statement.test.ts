import { describe, expect, it } from '@jest/globals';
import { secondsIn } from './slow-statement.ts';

describe('how long a database took', () => {
  it.each([
    ['2026-11-20 10:14:01.120 UTC [22] app@eggs LOG:  duration: 15233.115 ms  statement: SELECT 1', 15.233115],
    ['2026-11-20 10:14:01.120 UTC [22] LOG:  duration: 2500.000 ms  plan:', 2.5],
    ['2026-11-20 10:14:01.120 UTC [22] app@eggs LOG:  duration: 8.115 ms  execute <unnamed>: SELECT 1', 0.008115],
    ['# Query_time: 8.123456  Lock_time: 0.000100 Rows_sent: 1  Rows_examined: 1000000', 8.123456],
    ['{"s":"I","c":"COMMAND","msg":"Slow query","attr":{"ns":"moor.eggs","durationMillis":8001}}', 8.001],
    ['2026-11-20T10:14:01.120+0000 I COMMAND  [conn7] command moor.eggs command: find { nest: 1 } 8002ms', 8.002],
    ["WARN  [exec-3] org.hibernate.SQL_SLOW - SlowQuery: 6842 milliseconds. SQL: 'select 1'", 6.842],
    ['INFO org.hibernate.SQL_SLOW - Slow query took 6842 milliseconds [select 1]', 6.842],
    ['[2026-11-20T10:14:01,120][WARN ][i.s.s.query] [n] [eggs][0] took[8s], took_millis[8012], total_hits[1]', 8.012],
    ['ERROR [Druid] slow sql 8003 millis. select 1', 8.003],
    ['egg.go:12 SLOW SQL >= 200ms [5001.230ms] [rows:1] SELECT 1', 5.00123],
    ['WARN sqlx::query: slow statement: execution time exceeded alert threshold elapsed=8.1s slow_threshold=1s', 8.1],
    ['<SELECT * FROM moor.eggs>, time 8000 msec - slow timeout 500 msec', 8],
    ['info: Executed DbCommand (8,123ms) [Parameters=[], CommandType=Text]', 8.123],
  ])('%s', (line, seconds) => expect(secondsIn(line)).toBeCloseTo(seconds, 6));

  it.each([
    ['slow query log enabled'],
    ['slow query threshold is 500 ms'],
    ['log_min_duration_statement = 1000 ms'],
    ['INFO GET /slow 200 9000ms'],
    ['slow start for 30s'],
    ['SLOWLOG GET 10'],
  ])('is not told by: %s', (line) => expect(secondsIn(line)).toBeUndefined());
});
