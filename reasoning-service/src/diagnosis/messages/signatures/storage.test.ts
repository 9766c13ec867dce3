import { describe, expect, it } from '@jest/globals';
import { statementsOf } from '../log-line.ts';
import { firstCause } from '../log-signature.ts';

const categoryOf = (line: string) => firstCause(statementsOf([line]))?.category;

describe('how stores say that there is no space', () => {
  it.each([
    [
      '2026.11.20 10:14:02.118 [ 71 ] {} <Error> void DB::Eggs: Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)',
    ],
    ["ERROR 1114 (HY000): The table 'eggs' is full"],
    ['ORA-01653: unable to extend table MOOR.EGGS by 128 in tablespace USERS'],
    ['ORA-00257: archiver error. Connect internal only, until freed.'],
    ["Could not allocate space for object 'dbo.Eggs' in database 'moor' because the 'PRIMARY' filegroup is full."],
    ["The transaction log for database 'moor' is full due to 'LOG_BACKUP'."],
    [
      '{"s":"E","msg":"Failed","attr":{"error":"OutOfDiskSpace: available disk space of 12 bytes is less than required minimum of 500"}}',
    ],
    ['ERROR Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.'],
    ['ERROR [CompactionExecutor:3] Not enough space for compaction, estimated sstables = 1, expected write size = 1'],
    ['java.lang.RuntimeException: Insufficient disk space to flush 1 bytes'],
    ['ERROR not enough free disk space to write the nest'],
    ['[error] disk resource limit alarm set on node rabbit@hare-0.'],
    [
      'ERROR index [eggs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];',
    ],
    ['OSError: [Errno 122] Disk quota exceeded'],
  ])('%s', (line) => expect(categoryOf(line)).toBe('disk_full'));

  it.each([
    ['ERROR not enough space in the egg buffer'],
    ['INFO table eggs is fully loaded'],
    ['INFO disk resource limit alarm cleared on node rabbit@hare-0'],
    ['ERROR unable to extend the lease of the nest'],
    ['ERROR the name space is full of holes'],
  ])('and not: %s', (line) => expect(categoryOf(line)).toBeUndefined());
});
