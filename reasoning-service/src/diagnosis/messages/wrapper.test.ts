import { describe, expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { firstCause, firstComplaint } from './log-signature.ts';
import { isWrapper } from './wrapper.ts';

const read = (line: string) => statementsOf([line]).map(isWrapper);

describe('heads of reports that tell no reason', () => {
  it.each([
    '2026-11-22 06:13:11.402 ERROR 1 --- [           main] o.s.boot.SpringApplication               : Application run failed',
    '*** APPLICATION FAILED TO START',
    'org.springframework.context.ApplicationContextException: Failed to start bean "listeners"',
    "Caused by: org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'cart'",
    'fail: Microsoft.Extensions.Hosting.Internal.Host[11] Hosting failed to start',
    'FATAL Host terminated unexpectedly',
    'ERROR Failed to start application (with profile [prod])',
    'npm ERR! code ELIFECYCLE',
    'error: command failed with exit code 1',
    '{"level":"fatal","msg":"failed to initialize server"}',
    'Unable to start the ServletWebServerApplicationContext.',
  ])('%s', (line) => expect(read(line)).toEqual([true]));

  it.each([
    'ERROR failed to start server: listen tcp :8080: bind: address already in use',
    'Exception in thread "main" java.lang.IllegalStateException: schema version 12 is newer than this release',
    'panic: runtime error: index out of range [3] with length 3',
    'FATAL cannot start: migration on host db failed',
    'ERROR cannot load rules: rule 7 has no condition',
  ])('%s is none', (line) => expect(read(line)).toEqual([false]));

  it('are sought in time that does not double with each word', () => {
    expect(read(`unable to run${' appapp'.repeat(60)} at all`)).toEqual([false]);
  });
});

const head = 'ERROR o.s.boot.SpringApplication : Application run failed';
const warning = 'WARN c.n.Client : Request failed: Connect to http://registry:8761 failed: Connection refused';

describe('a warning before the head of a report', () => {
  const cause = (...lines: string[]) => firstCause(statementsOf(lines))?.category;

  it('is the cause where the report tells none', () => {
    expect(cause(warning, head)).toBe('dependency_unreachable');
    expect(cause(warning, head, "BeanCreationException: Error creating bean with name 'cart'")).toBe(
      'dependency_unreachable',
    );
  });

  it('is none where the report tells of something else', () => {
    expect(cause(warning, head, 'Caused by: java.lang.IllegalStateException: two handlers for /cart')).toBeUndefined();
  });
});

it('a report is told by what stands below its head', () => {
  const nested = 'Caused by: java.lang.IllegalStateException: two handlers for /cart';
  expect(firstComplaint(statementsOf([head, nested]))?.line).toBe(nested);
  expect(firstComplaint(statementsOf([head]))?.line).toBe(head);
});
