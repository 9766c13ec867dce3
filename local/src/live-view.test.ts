import { Incident } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { header, incidentLines, painter, screen, stagesOf } from './live-view.ts';

const at = '2026-01-02T03:04:05.000Z';
const incident = (parts: Partial<Incident> = {}): Incident =>
  Incident.parse({
    id: 'i-1',
    cluster_id: 'eu-1',
    fingerprint: 'f',
    severity: 'high',
    state: 'open',
    reasons: ['OOMKilled'],
    subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
    opened_at: at,
    last_seen_at: at,
    episode: 1,
    hits: 1,
    events: 1,
    ...parts,
  });

describe('live view', () => {
  it('moves through the five stages', () => {
    const diagnosis = aDiagnosis();
    const ways = [
      {},
      { diagnosis },
      { diagnosis, state: 'repairing' as const, action: 'x' },
      { diagnosis, state: 'verifying' as const, action: 'x' },
      { diagnosis, state: 'resolved' as const, action: 'x', outcome: 'verified' },
    ];
    const reached = (parts: Partial<Incident>) =>
      stagesOf(incident(parts))
        .filter((stage) => stage.reached)
        .map(({ name }) => name);
    expect(ways.map((parts) => reached(parts).length)).toEqual([1, 2, 3, 4, 5]);
    const cordoned = { diagnosis, state: 'escalated' as const, action: 'cordon_node', outcome: 'contained' };
    expect(reached(cordoned)).toEqual(['detected', 'explained', 'decided', 'contained']);
    const unclear = { diagnosis: aDiagnosis({ status: 'abstained' }), state: 'escalated' as const };
    expect(reached(unclear)).toEqual(['detected', 'decided']);
  });

  it('says why, how sure, and how it ended, within the width', () => {
    const lines = incidentLines(
      incident({ diagnosis: aDiagnosis(), state: 'resolved', action: 'rollback_workload', outcome: 'verified' }),
      60,
      painter(false),
    );
    expect(lines[0]).toContain('Deployment shop/cart');
    expect(lines[0]).toContain('resolved by rollback_workload');
    expect(lines[1]).toContain('crash_loop_app_error (90 %)');
    expect(lines[1]?.length).toBeLessThanOrEqual(60);
  });

  it('fits the terminal: what is over and older gives way, and is counted', () => {
    const named = (name: string, parts: Partial<Incident>) =>
      incident({ id: name, subject: { kind: 'Deployment', namespace: 'shop', name }, ...parts });
    const incidents = [
      named('first', { opened_at: '2026-01-02T03:00:00.000Z', state: 'resolved' }),
      named('second', { opened_at: '2026-01-02T03:01:00.000Z' }),
      named('third', { opened_at: '2026-01-02T03:02:00.000Z', state: 'resolved' }),
    ];
    const text = screen({ incidents, header: ['x'.repeat(150)], width: 100, height: 10, paint: painter(false) });
    expect(text.split('\n').length + 1).toBeLessThanOrEqual(10);
    expect(text).toContain('and 1 more');
    expect(['first', 'second', 'third'].filter((name) => text.includes(`/${name}`))).toEqual(['second', 'third']);
  });

  it('says at the top what is wrong with Aetherius itself', () => {
    const lines = (troubles: (string | undefined)[]) =>
      header({ url: 'http://x', token: 't', troubles, paint: painter(false) });
    expect(lines([undefined, undefined])).toHaveLength(2);
    expect(header({ url: 'http://x', token: 't', kubeconfig: '/k', troubles: [], paint: painter(false) }).at(-1)).toBe(
      'kubectl --kubeconfig /k get pods -A',
    );
    expect(lines(['agent-manager does not answer', undefined]).at(-1)).toBe('agent-manager does not answer');
  });
});
