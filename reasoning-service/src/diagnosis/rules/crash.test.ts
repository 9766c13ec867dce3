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

const gone = 'unable to retrieve container logs for containerd://1d4ea43418b9';
const end = { exitCode: 1, startedAt: '2026-01-05T11:59:57Z', finishedAt: '2026-01-05T11:59:58Z' };
/** A pod a few seconds old whose container lies ended, with what each of its logs says. */
const young = (
  restarts: number,
  logs: Record<'current' | 'previous', string[]> | undefined,
  at = '2026-01-05T12:00:00Z',
) => {
  const metadata = { uid: 'u', creationTimestamp: '2026-01-05T11:59:50Z' };
  const status = {
    ...{ name: 'main', ready: false, restartCount: restarts, state: { terminated: end } },
    lastState: restarts === 0 ? {} : { terminated: end },
  };
  const conditions = [{ type: 'Ready', status: 'False' }];
  const body = { metadata, status: { phase: 'Running', conditions, containerStatuses: [status] } };
  const source = { namespace: 'film', pod: 'cutter', container: 'main' };
  const read = Object.entries(logs ?? {}).map(([id, lines]) => ({ id, ...source, previous: id === 'previous', lines }));
  const objects = [{ id: 'pod', ...subject, body }];
  return diagnose(aBundle({ at, subject, objects, logs: read, events: [], changes: [] }));
};

describe('a young pod that lies ended with a failure', () => {
  it.each([0, 1])('is not told to be on its way after %i restarts', (restarts) => {
    const { category, missing_evidence } = young(restarts, undefined);
    expect(category).toBe('unknown');
    expect(missing_evidence.join()).toContain('kubectl logs cutter -n film');
  });
  it('has ended once, or keeps ending', () => {
    const silent = { current: [], previous: [] };
    expect(young(0, silent).root_cause.description).toContain('has ended with exit code 1; its log says nothing');
    expect(young(1, silent).root_cause.description).toContain('keeps ending with exit code 1; its log says nothing');
  });
  it('has not been heard where the kubelet had no log any more', () => {
    expect(young(1, { current: [gone], previous: [gone] }).category).toBe('unknown');
    expect(young(1, { current: [], previous: [gone] }).category).toBe('crash_loop_app_error');
  });
});
