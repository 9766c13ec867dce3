import type { JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { writerOf } from '../unplaced-log.ts';

const subject = { kind: 'Pod', namespace: 'film', name: 'cutter' };
const found = (end: JsonObject | undefined, ...lines: string[]) => {
  const status: JsonObject = {
    name: 'main',
    ready: false,
    restartCount: 8,
    state: { waiting: { reason: 'CrashLoopBackOff', message: '' } },
    ...(end === undefined ? {} : { lastState: { terminated: end } }),
  };
  const body = { metadata: { uid: 'u' }, status: { phase: 'Running', containerStatuses: [status] } };
  const log = { id: 'log', namespace: 'film', pod: 'cutter', container: 'main', previous: true, lines };
  const objects = [{ id: 'pod', ...subject, body }];
  return diagnose(aBundle({ subject, objects, logs: [log], events: [], changes: [] })).category;
};
const bad = 'container_start_error_bad_command';

describe('a crash loop of which no exit code is told', () => {
  it.each([
    ['the loader', 'standard_init_linux.go:211: exec user process caused: no such file or directory'],
    ['the kernel', 'exec /opt/cutter: no such file or directory'],
    ['an entry script that hands over', 'INFO preparing', '/entry.sh: 12: exec: cutter: not found'],
    ['tini', '[FATAL tini (7)] exec cutter failed: No such file or directory'],
    ['env', "/usr/bin/env: 'python3': No such file or directory"],
    ['the shell', '/bin/sh: 1: ./cutter: not found'],
    ['another shell', 'bash: line 1: cutter: command not found'],
  ])('has nothing to run according to %s', (_, ...lines) => expect(found(undefined, ...lines)).toBe(bad));

  it.each([
    ['a program that calls a command', 'INFO cutting reel 4', 'sh: 1: ffmpeg: not found'],
    ['a script that goes on', 'exec /opt/hook: no such file or directory', 'ERROR reel 4 is empty'],
    ['an interpreter without a module', "ModuleNotFoundError: No module named 'cutter'"],
  ])('is the fault of %s', (_, ...lines) => expect(found(undefined, ...lines)).toBe('crash_loop_app_error'));
});

describe('a log of which nothing else is known', () => {
  const alone = (...lines: string[]) => {
    const log = { id: 'log', namespace: null, pod: writerOf('cutter.log'), container: '', previous: false, lines };
    return diagnose(aBundle({ subject, objects: [], logs: [log], events: [], changes: [] })).category;
  };
  it.each([
    ['exec /opt/cutter: exec format error'],
    ['standard_init_linux.go:228: exec user process caused: exec format error'],
    ['exec /opt/cutter: no such file or directory'],
    ['exec /opt/cutter: permission denied'],
    ['/entry.sh: 12: exec: cutter: not found'],
  ])('has nothing to run: %s', (line) => expect(alone(line)).toBe(bad));

  it.each([
    ['sh: 1: ffmpeg: not found'],
    ['exec /opt/hook: no such file or directory', 'INFO cutting reel 5'],
    ['sh: 1: /opt/hook: permission denied'],
  ])('is of a program that went on: %s', (...lines) => expect(alone('INFO cutting reel 4', ...lines)).not.toBe(bad));
});

describe('an exit code of any program', () => {
  const end = { reason: 'Error', exitCode: 1 };
  it('is that of a loader which says so', () =>
    expect(found(end, 'exec user process caused: no such file or directory')).toBe(bad));
  it('is not that of a shell', () => expect(found(end, 'sh: 1: ffmpeg: not found')).toBe('crash_loop_app_error'));
});
