import { describe, expect, it } from '@jest/globals';
import { isComplaint, statementsOf } from './log-line.ts';
import { causeIn } from './log-signature.ts';

const causesOf = (...lines: string[]) => statementsOf(lines).flatMap((one) => causeIn(one)?.category ?? []);
const complaintsOf = (...lines: string[]) => statementsOf(lines).filter(isComplaint);

describe('a test that passed', () => {
  it.each([
    '✓ maps ENOSPC to DiskFull (1 ms)',
    '    ✔ fails with connection refused',
    'ok 2 - ECONNREFUSED is retried',
    'ok 14 permission denied is mapped to 403 # SKIP',
    '--- PASS: TestNoSpaceLeftOnDevice (0.00s)',
    'test disk::no_space_left_on_device ... ok',
    'tests/test_io.py::test_connection_refused PASSED [ 40%]',
    '[       OK ] Disk.ErrorNoSpaceLeft (3 ms)',
    'PASS src/connection-refused.test.ts',
  ])('complains of nothing: %s', (line) => {
    expect([causesOf(line), complaintsOf(line)]).toEqual([[], []]);
  });

  it('does not speak for the one below it', () => {
    expect(complaintsOf('PASS src/a.test.ts', 'Error: no space left on device')).toHaveLength(1);
    expect(causesOf('  parses', '    ✓ ENOSPC: no space left on device')).toEqual([]);
  });
});

it('is no cause in the name of a test that failed, and is no calm either', () => {
  const failed = [
    'not ok 3 - ECONNREFUSED is retried',
    '✕ maps ENOSPC: no space left on device (3 ms)',
    '--- FAIL: TestPermissionDenied (0.01s)',
  ];
  expect(causesOf(...failed)).toEqual([]);
  expect(statementsOf(failed).map(({ level }) => level === 'info')).toEqual([false, false, false]);
});

it('is a cause where a cross tells of a failure of its own', () => {
  expect(causesOf('✗ dial tcp 10.0.0.4:5432: connect: connection refused')).toEqual(['dependency_unreachable']);
});

describe('a run of tests without failures', () => {
  const quoted = '[ERROR] testFull(com.x.T) -- raised: java.io.IOException: No space left on device';
  it.each([
    '[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0',
    'Tests:       2 skipped, 212 passed, 214 total',
    '# fail 0',
    'test result: ok. 8 passed; 0 failed; 0 ignored',
    '======= 41 passed, 2 skipped in 3.20s =======',
    '12 examples, 0 failures',
    '  31 passing (2s)',
    '[  PASSED  ] 9 tests.',
    'ok  \texample.com/disk\t0.012s',
  ])('quotes what it tests above %s', (summary) => {
    expect([causesOf(quoted, summary), complaintsOf(quoted, summary)]).toEqual([[], []]);
  });

  it('speaks for nothing below it, nothing that was logged with a time, and not where another run failed', () => {
    const summary = 'Tests run: 3, Failures: 0, Errors: 0';
    expect(causesOf(summary, quoted)).toEqual(['disk_full']);
    expect(causesOf(`2026-11-20T03:00:00Z ${quoted}`, summary)).toEqual(['disk_full']);
    expect(causesOf(quoted, summary, 'Tests run: 4, Failures: 1, Errors: 0')).toEqual(['disk_full']);
  });

  it('is no other count', () => {
    expect(causesOf(quoted, 'Tests run: 3, Failures: 1, Errors: 0')).toEqual(['disk_full']);
    expect(causesOf(quoted, '12 orders, 0 failures')).toEqual(['disk_full']);
  });
});

it('takes no word of a sentence for a host', () => {
  const description = (line: string) => statementsOf([line]).map((one) => causeIn(one)?.description);
  for (const word of ['is', 'was', 'the', 'to', 'when', 'after'])
    expect(description(`Error: ECONNREFUSED ${word} what we got`)).toEqual(['a dependency does not answer']);
  expect(description('Error: connect ECONNREFUSED 10.0.0.4:5432')).toEqual(['10.0.0.4:5432 does not answer']);
});
