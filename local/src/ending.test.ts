import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { watchForEnd } from './ending.ts';

const sources = () => ({ process: new EventEmitter(), stdout: new EventEmitter(), stderr: new EventEmitter() });

describe('watchForEnd', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s is a wish, not a failure', (name) => {
    const from = sources();
    const ending = watchForEnd(from);
    expect(ending.signal.aborted).toBe(false);
    from.process.emit(name);
    expect([ending.signal.aborted, ending.failure()]).toEqual([true, undefined]);
  });

  it.each([
    ['stdout', 'error', new Error('write EPIPE'), 'write EPIPE'],
    ['stderr', 'error', new Error('write EIO'), 'write EIO'],
    ['process', 'uncaughtException', new Error('boom'), 'boom'],
    ['process', 'unhandledRejection', 'why', 'why'],
  ] as const)('%s %s is a failure that says why', (source, event, error, reason) => {
    const from = sources();
    const ending = watchForEnd(from);
    from[source].emit(event, error);
    expect(ending.signal.aborted).toBe(true);
    expect(ending.failure()).toContain(reason);
  });

  it('keeps the first reason: what breaks while stopping is not why it stopped', () => {
    const from = sources();
    const ending = watchForEnd(from);
    from.process.emit('SIGHUP');
    from.stderr.emit('error', new Error('write EIO'));
    expect(ending.failure()).toBeUndefined();
    const other = watchForEnd(sources());
    other.fail('first');
    other.fail('second');
    expect(other.failure()).toBe('first');
  });
});
