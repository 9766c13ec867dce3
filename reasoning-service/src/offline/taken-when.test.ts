import { describe, expect, it } from '@jest/globals';
import { loadRemedies } from '../recommendations/load-remedies.ts';
import { createRunbookIndex } from '../runbooks/find-runbooks.ts';
import { bundleOf, findingsIn } from './findings.ts';
import { reportOf } from './report.ts';

const remedies = loadRemedies(new URL('../../recommendations/', import.meta.url));
const shelf = { remedies, runbooks: createRunbookIndex([]) };
const found = (text: string, now: string, told?: string) => {
  const { bundle, ...read } = bundleOf([{ name: 'pod.txt', text }], now, told);
  if (bundle === undefined) throw new Error('nothing of it was read');
  return findingsIn({ bundle, ...read, shelf });
};
const killed = 'Tue, 10 Mar 2026 04:20:07 +0000';
const describeKilled = (events: string): string =>
  [
    'Name:             kiln-5c9d7b8f6-mm4tz',
    'Namespace:        glaze',
    'Start Time:       Mon, 02 Mar 2026 07:00:00 +0000',
    'Status:           Running',
    'Controlled By:    ReplicaSet/kiln-5c9d7b8f6',
    'Containers:',
    '  kiln:',
    '    Image:          registry.example.com/kiln:3',
    '    State:          Running',
    '      Started:      Tue, 10 Mar 2026 04:20:09 +0000',
    '    Last State:     Terminated',
    '      Reason:       OOMKilled',
    '      Exit Code:    137',
    '      Started:      Mon, 02 Mar 2026 07:00:04 +0000',
    `      Finished:     ${killed}`,
    '    Ready:          True',
    '    Restart Count:  1',
    '    Limits:',
    '      memory:  768Mi',
    'Conditions:',
    '  Type              Status',
    '  Ready             True',
    `Events:             ${events}`,
    '',
  ].join('\n');

describe('a kill of a container that has been ready since', () => {
  const text = describeKilled('<none>');

  it('is nothing to act on where it may be long past', () => {
    const answer = found(text, '2026-05-02T09:00:00.000Z');
    expect(answer).toMatchObject({ category: 'unknown', status: 'abstained', recommendations: [], advice: [] });
    expect(answer.subject).toEqual({ kind: 'Deployment', namespace: 'glaze', name: 'kiln' });
    expect(answer.confidence).toBeLessThan(0.6);
    expect(answer.root_cause.description).toContain('when this was taken is not told');
    expect(answer.root_cause.description).toContain('oom_killed');
    expect(answer.missing_evidence.join('\n')).toMatch(/--at TIME.*\n.*kubectl /);
    expect(reportOf(answer)).toContain('or at any time until 2026-05-02T09:00:00.000Z');
  });

  it('is over or not by the time that somebody tells', () => {
    expect(found(text, '2026-05-02T09:00:00.000Z', '2026-05-02T09:00:00.000Z').category).toBe('no_incident');
    const now = found(text, '2026-05-02T09:00:00.000Z', '2026-03-10T04:40:00.000Z');
    expect([now.category, now.status]).toEqual(['oom_killed', 'answered']);
  });

  it('is over where the clock can be believed', () => {
    expect(found(text, '2026-03-20T09:00:00.000Z').category).toBe('no_incident');
    expect(found(text, '2026-03-10T04:50:00.000Z').category).toBe('oom_killed');
  });
});

it('is sure of what is broken at whatever time it was taken', () => {
  const text = describeKilled('<none>')
    .replace('    State:          Running', '    State:          Waiting\n      Reason:       CrashLoopBackOff')
    .replace('      Started:      Tue, 10 Mar 2026 04:20:09 +0000\n', '')
    .replaceAll(/Ready: {12}True|Ready {13}True/g, (ready) => ready.replace('True', 'False'))
    .replace('Restart Count:  1', 'Restart Count:  8');
  const answer = found(text, '2026-05-02T09:00:00.000Z');
  expect([answer.category, answer.status]).toEqual(['oom_killed', 'answered']);
});
