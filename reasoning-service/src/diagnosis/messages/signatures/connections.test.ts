import { expect, it } from '@jest/globals';
import { statementsOf } from '../log-line.ts';
import { firstCause } from '../log-signature.ts';

it.each([
  ['java.net.SocketTimeoutException: connect timed out to events-0:9092', 'events-0:9092'],
  ['SocketException (111): Connection refused [::ffff:10.9.1.4]:1433', '10.9.1.4:1433'],
  ['Connection refused - connect(2) for "ledger" port 3306', 'ledger:3306'],
  ['connection to server at "pg" (10.0.0.7), port 5432 failed: Connection refused', 'pg:5432'],
  ['PDOException: SQLSTATE[HY000] [2002] Connection refused in /srv/app.php:2', ''],
  ['ORA-12541: TNS:no listener', ''],
])('names host and port where the program does: %s', (line, target) => {
  expect(firstCause(statementsOf([line]))).toMatchObject({ category: 'dependency_unreachable', target });
});

it.each([
  ['E1122 12:00:00.100000 7 rater.cc:88] connection refused by backend', ''],
  ['ERROR could not reach foo.go:12 timed out', ''],
  ['ERROR connect ECONNREFUSED x.rs:71', ''],
  ['ERROR connection to main.py:33 refused', ''],
  ['ERROR conn.hpp:88: could not connect to db-1.core:5432: refused', 'db-1.core:5432'],
  ['ERROR could not reach rates.cc:443 timed out', 'rates.cc:443'],
  ['ERROR could not reach api.rates.cc:8443 timed out', 'api.rates.cc:8443'],
])('takes no line of its source for a host and a port: %s', (line, target) => {
  const cause = firstCause(statementsOf([line]));
  expect(cause).toMatchObject({ category: 'dependency_unreachable', target });
  expect(cause?.description).toBe(`${target === '' ? 'a dependency' : target} does not answer`);
});
