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
