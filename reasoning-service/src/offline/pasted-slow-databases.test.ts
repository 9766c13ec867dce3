import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const row = `NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE
moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d
`;
const log = 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log';
const alone = (...lines: string[]) => pasted({ [log]: `${lines.join('\n')}\n` });
const beside = (...lines: string[]) => pasted({ 'pods.txt': row, [log]: `${lines.join('\n')}\n` });
const often = (times: number, line: (at: number) => string) => Array.from({ length: times }, (_, at) => line(at));
const time = (at: number) => `2026-11-20 10:14:${String(at).padStart(2, '0')}.120`;

const postgres = (milliseconds: number) => (at: number) =>
  `${time(at)} UTC [22${at}] app@eggs LOG:  duration: ${milliseconds + at}.115 ms  statement: SELECT count(*) FROM eggs`;
const mongo = (milliseconds: number) => (at: number) =>
  `{"t":{"$date":"2026-11-20T10:14:0${at}.000+00:00"},"s":"I","c":"COMMAND","id":51803,"ctx":"conn7","msg":"Slow query","attr":{"type":"command","ns":"moor.eggs","durationMillis":${milliseconds + at},"planSummary":"COLLSCAN"}}`;
const hibernate = (at: number) =>
  `${time(at)} WARN  [exec-${at}] org.hibernate.SQL_SLOW - SlowQuery: ${6_842 + at} milliseconds. SQL: 'select 1'`;
const served = (at: number) => `${time(at)} INFO  [exec-${at}] a.b.Eggs - GET /eggs took 12 ms`;
const mysql = Array.from({ length: 3 }, (_, at) => [
  `# Time: 2026-11-20T10:14:0${at}.120000Z`,
  '# User@Host: app[app] @  [10.0.0.8]  Id:    12',
  `# Query_time: ${8 + at}.123456  Lock_time: 0.000100 Rows_sent: 1  Rows_examined: 1000000`,
  'SET timestamp=1763633640;',
  'SELECT count(*) FROM eggs;',
]).flat();

describe('a log of statements that took seconds', () => {
  it.each([
    ['of Postgres', often(3, postgres(15_000))],
    ['of MongoDB', often(6, mongo(8_000))],
    ['of MySQL', mysql],
    ['of Hibernate', [served(1), hibernate(2), hibernate(3), served(4), hibernate(5), served(6)]],
  ])('%s tells of a slow database, be its pod ready or not', (_, lines) => {
    expect([alone(...lines), beside(...lines)].map(inShort)).toEqual(
      Array.from({ length: 2 }, () => 'slow_dependency_db Deployment moor/grouse'),
    );
  });

  it.each([
    ['that took no seconds', often(12, postgres(210))],
    ['of which few took seconds', [...often(40, postgres(210)), ...often(2, postgres(1_500))]],
    ['that was slow only before', [...often(4, mongo(8_000)), ...often(9, mongo(105))]],
  ])('%s is an ordinary one', (_, lines) => {
    const found = beside(...lines);
    expect([found.category, found.confidence > 0.95]).toEqual(['no_incident', true]);
  });
});
