import type { JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { wantedLogs } from './wanted-logs.ts';

const pod = (name: string, owner: string, ...containerStatuses: JsonObject[]): JsonObject => ({
  metadata: { namespace: 'shop', name, uid: name, ownerReferences: [{ uid: owner }] },
  status: { phase: 'Running', containerStatuses },
});
const fine: JsonObject = { name: 'app', ready: true, restartCount: 0, state: { running: {} } };
const crashed: JsonObject = {
  name: 'app',
  ready: false,
  restartCount: 3,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1 } },
};
const names = (pods: JsonObject[], most = 100) =>
  wantedLogs(pods, most).map(({ pod: of, container, previous }) => `${of}/${container}${previous ? '/previous' : ''}`);

describe('the logs that a snapshot reads', () => {
  it('are the run before and the present one of two pods in trouble', () => {
    expect(names([pod('a', '1', crashed), pod('b', '1', crashed), pod('c', '1', crashed)])).toEqual([
      'a/app/previous',
      'a/app',
      'b/app/previous',
      'b/app',
    ]);
  });

  it('are those of one healthy pod per controller, after those in trouble', () => {
    expect(names([pod('a', '1', fine), pod('b', '1', fine), pod('c', '2', crashed)])).toEqual([
      'c/app/previous',
      'c/app',
      'a/app',
    ]);
  });

  it('leave out healthy pods of a controller in trouble, and containers that never ran', () => {
    const pulling: JsonObject = { name: 'app', ready: false, state: { waiting: { reason: 'ImagePullBackOff' } } };
    expect(names([pod('a', '1', crashed), pod('b', '1', fine), pod('c', '2', pulling)])).toEqual([
      'a/app/previous',
      'a/app',
    ]);
  });

  it('leave out what ended well', () => {
    expect(names([pod('a', '1', { name: 'app', ready: false, state: { terminated: { exitCode: 0 } } })])).toEqual([]);
  });

  it('are bounded', () => {
    expect(names([pod('a', '1', fine), pod('c', '2', crashed)], 1)).toEqual(['c/app/previous']);
  });
});
