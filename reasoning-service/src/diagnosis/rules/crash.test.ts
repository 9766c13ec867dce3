import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const subject = { kind: 'Pod', namespace: 'film', name: 'cutter' };
const found = (...lines: string[]) => {
  const status = {
    name: 'main',
    ready: false,
    restartCount: 8,
    state: { waiting: { reason: 'CrashLoopBackOff', message: '' } },
    lastState: { terminated: { exitCode: 2 } },
  };
  const body = { metadata: { uid: 'u' }, status: { phase: 'Running', containerStatuses: [status] } };
  const log = { id: 'log', namespace: 'film', pod: 'cutter', container: 'main', previous: true, lines };
  return diagnose(
    aBundle({ subject, objects: [{ id: 'pod', ...subject, body }], logs: [log], events: [], changes: [] }),
  );
};
const quotedBy = (...lines: string[]): string[] =>
  found(...lines).evidence.flatMap(({ id, quote }) => (id === 'log' ? [quote] : []));

describe('a program that keeps ending', () => {
  it('is quoted with its first complaint and with what it ends of', () => {
    const lines = ['INFO reels loaded', 'ERROR reel 4 has no label', 'panic: unlabelled reel'];
    expect(quotedBy(...lines)).toEqual(lines.slice(1));
  });
  it('is quoted once where both are one', () => {
    expect(quotedBy('INFO reels loaded', 'panic: unlabelled reel')).toEqual(['panic: unlabelled reel']);
  });
  it('is quoted with what it said before it told how it is to be called', () => {
    expect(quotedBy('reel count out of bounds: -4', 'Usage of cutter:', '  -reels int')).toEqual([
      'reel count out of bounds: -4',
    ]);
  });
  it('is no full disk where the kernel refuses it a watch', () => {
    expect(found('FATAL fsnotify: no space left on device')).toMatchObject({
      category: 'crash_loop_app_error',
      root_cause: { description: expect.stringContaining('fs.inotify.max_user_watches') },
    });
    expect(found('FATAL write /reels/4: no space left on device').category).toBe('disk_full');
  });
});
