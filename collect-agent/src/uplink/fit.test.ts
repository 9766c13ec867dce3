import { CommandResult } from '@aetherius/shared/contracts';
import { anEvent } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { fitEvent, fitResult } from './fit.ts';
import { createResultIds } from './result-ids.ts';

const result = (output: CommandResult['output'], changed: CommandResult['changed'] = null): CommandResult =>
  CommandResult.parse({
    command_id: 'c',
    cluster_id: 'eu-1',
    issuer: 'orchestrator',
    status: 'done',
    output,
    changed,
    started_at: '2026-01-02T03:04:05.000Z',
    duration: '1s',
  });

describe('what leaves the cluster', () => {
  it('has no secret in any text', () => {
    const event = fitEvent(anEvent({ message: 'login with password=hunter2 failed', labels: { a: 'token: abcdef' } }));
    expect(JSON.stringify(event)).not.toMatch(/hunter2|abcdef/);
    expect(fitResult(result({ lines: ['Authorization: Bearer abcdefghijkl'] })).output).toEqual({
      lines: ['Authorization: Bearer [redacted]'],
    });
  });

  it('keeps the last lines that fit and says how many are missing', () => {
    const lines = Array.from({ length: 4_000 }, (_, index) => `${index} ${'x'.repeat(100)}`);
    const { output } = fitResult(result({ lines, previous: false }));
    const kept = output?.['lines'] as string[];
    expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(256 * 1024);
    expect(kept.at(-1)).toBe(lines.at(-1));
    expect(output).toMatchObject({ previous: false, cut: `${4_000 - kept.length} of 4000 left out` });
  });

  it('marks an output or a change that is too large as a whole', () => {
    const big = { object: 'x'.repeat(300_000) };
    const fitted = fitResult(result(big, { before: big, after: {}, hash: 'h' }));
    expect(fitted.output).toMatchObject({ cut: 'too large' });
    expect(fitted.changed).toEqual({ before: { cut: 'too large' }, after: { cut: 'too large' }, hash: 'h' });
  });

  it('leaves a bundle out that the bus would not take', () => {
    const bundle = anEvent().bundle;
    const logs = [
      { id: 'l1', namespace: 'shop', pod: 'p', container: 'c', previous: false, lines: ['x'.repeat(900_000)] },
    ];
    const fitted = fitEvent(anEvent({ bundle: bundle && { ...bundle, logs } }));
    expect(fitted).toMatchObject({ bundle: null, labels: { bundle: 'left out: too large' } });
  });
});

describe('ids of results', () => {
  it('lets a later answer of the same command through, and an unknown never stand in its way', () => {
    const ids = createResultIds();
    const next = (status: CommandResult['status']) => ids.next({ command_id: 'run:act', status });
    expect([next('unknown'), next('done'), next('done')]).toEqual([
      'run:act:result:unknown',
      'run:act:result',
      'run:act:result:2',
    ]);
  });
});
