import { describe, expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { causeIn, firstCause, firstComplaint } from './log-signature.ts';
import { systemLimitIn, withLimit } from './system-limit.ts';

const causeOf = (...lines: string[]) => firstCause(statementsOf(lines))?.category;

describe('a table of the kernel that is full', () => {
  it.each([
    ['ERROR failed to watch /etc/conf: inotify_add_watch: no space left on device', 'max_user_watches'],
    ["Error: ENOSPC: System limit for number of file watchers reached, watch '/srv/src'", 'max_user_watches'],
    ['error: upper limit on inotify watches reached!', 'max_user_watches'],
    ['panic: fsnotify: could not create watcher: too many open files', 'max_user_instances'],
    ['inotify_init() failed: Too many open files', 'max_user_instances'],
    ['FATAL config reload: NewWatcher: no space left on device', 'inotify'],
    ['DETAIL:  Failed system call was semget(5432001, 17, 03600): No space left on device', 'kernel.sem'],
    ['ORA-27154: post/wait create failed; semget: No space left on device', 'kernel.sem'],
    ['shmget(key=1, size=56, 03600) failed: No space left on device', 'kernel.shmmni'],
    ['mkdir /sys/fs/cgroup/memory/kubepods/burstable/pod1/ab: no space left on device', 'control groups'],
    ['failed to write "12" to "/sys/fs/cgroup/pids/x/cgroup.procs": no space left on device', 'control groups'],
    ['runc create failed: unable to join session keyring: unable to create session key: disk quota exceeded', 'keys'],
  ])('is no full disk: %s', (said, limit) => {
    expect(systemLimitIn(said)).toContain(limit);
    expect(withLimit(said, said)).toMatch(/^.*; that is .*limit/);
    expect(causeOf(said)).toBeUndefined();
  });

  it.each([
    'write /data/x: no space left on device',
    'could not resize shared memory segment "/PostgreSQL.271" to 8388608 bytes: No space left on device',
    'mkdir /var/lib/app/spool: disk quota exceeded',
    'Error: ENOSPC: no space left on device, write',
    'fsnotify: reload of rules: write /data/rules.tmp: no space left on device',
    'io_uring write to /data/wal failed: No space left on device',
    'failed to write watcher state to /data/watch.json: no space left on device',
  ])('is not meant by %s', (said) => {
    expect(systemLimitIn(said)).toBeUndefined();
    expect(causeOf(said)).toBe('disk_full');
  });

  it.each([
    'accept: too many open files',
    'open /sys/fs/cgroup/cpu.stat: too many open files',
    'the memory limit in /sys/fs/cgroup/memory.max is reached',
    'listening on /sys/fs/cgroup, no limit is set',
    'fsnotify watcher started',
    'quota exceeded for tenant 4 of the mail service',
  ])('is not read into %s', (said) => expect(systemLimitIn(said)).toBeUndefined());

  it('is told by the complaint that names it, and not by what came before', () => {
    const told = statementsOf([
      'ERROR cannot start the config loader',
      'ERROR fsnotify watcher: no space left on device',
    ]);
    expect(firstComplaint(told)?.text).toContain('fsnotify');
  });

  it('is what Postgres means that says itself that no disk is full', () => {
    const lines = [
      '2026-04-01 09:12:44.101 UTC [1] FATAL:  could not create semaphores: No space left on device',
      '2026-04-01 09:12:44.101 UTC [1] DETAIL:  Failed system call was semget(1, 17, 03600).',
      '2026-04-01 09:12:44.101 UTC [1] HINT:  This error does *not* mean that you have run out of disk space.',
    ];
    expect(statementsOf(lines).map(causeIn)).toEqual([undefined, undefined, undefined]);
  });
});
