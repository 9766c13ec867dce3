import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { fingerprintOf, makePrompt } from './prompt.ts';
import { createVeil } from './veil.ts';

const templates = { system: 'Explain.', user: '{{language}} {{open_hypotheses}}\n{{finding}}\n{{evidence}}' };
const size = { input_tokens: 100_000, output_tokens: 500 };

/** The question about a fault whose event has come so often, and whose container was restarted as often. */
function asked(count: number, message = 'Back-off restarting failed container') {
  const [event] = aBundle().events;
  if (event === undefined) throw new Error('the example bundle has an event');
  const bundle = aBundle({ events: [{ ...event, count, message }] });
  const diagnosis = aDiagnosis({
    evidence: [{ id: 'o1', quote: `status.containerStatuses[0].restartCount: ${count}` }],
  });
  const question = { bundle, diagnosis, close: [], language: 'en' as const };
  return makePrompt(question, { veil: createVeil(bundle, diagnosis), templates, size }).prompt;
}

describe('a prompt', () => {
  it('is the same while a fault goes on, so that the answer is paid for once', () => {
    expect(asked(3).user).toContain('several times');
    expect(fingerprintOf('m', asked(4))).toBe(fingerprintOf('m', asked(3)));
  });

  it('shows no log of another time than the fault', () => {
    const log = { id: 'l1', namespace: 'shop', pod: 'checkout-1', container: 'app', previous: false };
    const bundle = aBundle({
      at: '2026-11-21T10:00:00.000Z',
      logs: [
        { ...log, lines: ['2026-11-21T09:59:00Z ERROR cannot parse'] },
        { ...log, id: 'l2', pod: 'checkout-2', lines: ['2019-03-01T00:00:00Z ERROR disk full'] },
      ],
    });
    const diagnosis = aDiagnosis();
    const question = { bundle, diagnosis, close: [], language: 'en' as const };
    const { user } = makePrompt(question, { veil: createVeil(bundle, diagnosis), templates, size }).prompt;
    expect(user).toContain('cannot parse');
    expect(user).not.toContain('disk full');
  });

  it('is another one for what came once, and for other words', () => {
    expect(fingerprintOf('m', asked(1))).not.toBe(fingerprintOf('m', asked(3)));
    expect(fingerprintOf('m', asked(3, 'OOMKilled'))).not.toBe(fingerprintOf('m', asked(3)));
  });
});
