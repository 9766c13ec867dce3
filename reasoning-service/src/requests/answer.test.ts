import { aBundle, fakeClock, silentLogger } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { type Answering, answerTo } from './answer.ts';

const deployment = (readyReplicas: number) => ({
  ...{ id: 'd', kind: 'Deployment', namespace: 'shop', name: 'cart' },
  body: { spec: { replicas: 1 }, status: { replicas: 1, readyReplicas } },
});
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const bundle = aBundle({ subject, objects: [deployment(1)], events: [], logs: [], changes: [] });

/** Nothing that was learnt is asked for, where nothing is told for sure. */
const answering = { metricCauses: async () => null, clock: fakeClock(), log: silentLogger() } as unknown as Answering;

describe('an answer about what somebody saw', () => {
  it('acquits nobody where the evidence shows nothing: it is unknown, and read once more', async () => {
    const { diagnosis } = await answerTo({ bundle, reasons: ['CrashLoopBackOff'] }, answering);
    expect(diagnosis).toMatchObject({
      category: 'unknown',
      status: 'abstained',
      confidence: 0,
      root_cause: { description: expect.stringContaining('CrashLoopBackOff was seen') },
    });
    expect(diagnosis.missing_evidence[0]).toBe('what was seen: CrashLoopBackOff');
    expect(diagnosis.reads.map(({ action }) => action)).toContain('describe');
  });
});
