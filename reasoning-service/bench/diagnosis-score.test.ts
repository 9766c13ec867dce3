import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { citesProof } from './cited-evidence.ts';
import { type Judged, scores } from './diagnosis-score.ts';
import { type Incident, readHalf } from './incident-library.ts';

const judged = readHalf('tune').map((incident): Judged => ({ incident, diagnosis: diagnose(incident.bundle) }));
const answeredWith = (evidence: (of: Judged) => Judged['diagnosis']['evidence']): Judged[] =>
  judged.map((one) => ({ ...one, diagnosis: { ...one.diagnosis, evidence: evidence(one) } }));

describe('cited evidence', () => {
  it('is counted where there is something to prove', () => {
    const { evidence_cases, evidence_cited } = scores(judged);
    const { evidence_cases: none } = scores(judged.filter(({ incident }) => incident.expected.evidence.length === 0));
    expect([evidence_cases > 300, evidence_cited > 0, none]).toEqual([true, true, 0]);
  });

  it('is none where nonsense is cited, or nothing', () => {
    expect(scores(answeredWith(() => [{ id: 'nonsense', quote: 'nothing at all' }])).evidence_cited).toBe(0);
    expect(scores(answeredWith(() => [])).evidence_cited).toBe(0);
  });

  it('is none where proof stands beside an id or a quote that was made up', () => {
    const withId = answeredWith(({ diagnosis }) => [...diagnosis.evidence, { id: 'nonsense', quote: '' }]);
    const withQuote = answeredWith(({ diagnosis: { evidence } }) =>
      evidence.concat(evidence.slice(0, 1).map(({ id }) => ({ id, quote: 'nothing at all' }))),
    );
    expect([scores(withId).evidence_cited, scores(withQuote).evidence_cited]).toEqual([0, 0]);
  });

  const events = ['cart-0', 'ledger-0'].map((name) => ({
    ...{ id: `event:${name}`, type: 'Warning', reason: 'Failed', message: 'secret "login" not found', component: null },
    ...{ count: 1, kind: 'Pod', namespace: 'shop', name, first_timestamp: null },
    last_timestamp: '2026-01-01T00:00:00.000Z',
  }));
  const subject = { kind: 'Pod', namespace: 'shop', name: 'cart-0' };
  const incident: Incident = {
    ...{ name: 'one', source: 'from a test', looks_like: null },
    expected: { category: 'missing_secret', subject, evidence: [{ of: 'Pod/cart-0', says: 'secret "login"' }] },
    bundle: aBundle({ subject, objects: [], events, logs: [] }),
  };

  it.each([
    ['event:cart-0', 'secret "login" not found', true],
    ['event:cart-0', 'not found', false],
    ['event:ledger-0', 'secret "login" not found', false],
  ])('%s: %s', (id, quote, isProof) => expect(citesProof(incident, { evidence: [{ id, quote }] })).toBe(isProof));
});

describe('the cause', () => {
  it('is counted where it lies with something else than the subject', () => {
    const { cause_cases, cause_at_1 } = scores(judged);
    const bySubject = judged.map(({ incident, diagnosis }) => ({
      incident,
      diagnosis: { ...diagnosis, root_cause: { ...diagnosis.root_cause, subject: diagnosis.subject } },
    }));
    expect([cause_cases > 50, cause_at_1 > 0.5, scores(bySubject).cause_at_1]).toEqual([true, true, 0]);
  });
});
