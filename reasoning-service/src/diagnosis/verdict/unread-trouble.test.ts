import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { troubleInUnread, unreadTrouble } from './unread-trouble.ts';

describe('a part that could not be read', () => {
  it.each([
    ['a client that gave up', 'waiting\nerror: timed out waiting for the condition', 'error: timed out waiting'],
    ['a status of HTTP alone', '$ curl -w "%{http_code}" http://x\n502\n', '502'],
    ['a status line', 'HTTP/2 503\nserver: envoy', 'HTTP/2 503'],
    [
      'what follows a remark',
      'Warning: policy/v1beta1 PodSecurityPolicy is deprecated in v1.21+\nerror: failed to create owl',
      'error: failed to create owl',
    ],
    ['another warning', 'Warning: the backup failed', 'the backup failed'],
    ['a release that hangs', 'mail   mail   7   pending-upgrade   mail-1.2', 'pending-upgrade'],
  ])('speaks of trouble by %s', (_, text, told) => expect(troubleInUnread(text)).toContain(told));

  it.each([
    ['a status that is well', '200'],
    ['a figure that only looks like a status', 'took 503 ms'],
    ['a count of none', 'done: 0 errors, failed: 0'],
    ['a command', '$ kubectl get pods --field-selector status.phase=Failed'],
    ['a name that was mistyped', 'Error from server (NotFound): pods "x" not found'],
    [
      'a remark on a manifest that is taken',
      'Warning: batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob\ncronjob.batch/owl created',
    ],
    ['a right that the asker lacks', 'Error from server (Forbidden): pods is forbidden'],
  ])('does not by %s', (_, text) => expect(troubleInUnread(text)).toBe(''));

  it('is found again among what was left out', () => {
    const told = `a.txt: a part${troubleInUnread('fatal: boom')}`;
    expect(unreadTrouble(aBundle({ cut: ['b.txt: 3 rows', told] }))).toBe(told);
    expect(unreadTrouble(aBundle({ cut: ['b.txt: 3 rows'] }))).toBeUndefined();
  });
});
