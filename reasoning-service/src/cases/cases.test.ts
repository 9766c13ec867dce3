import { Action } from '@aetherius/shared/contracts';
import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { weightAt } from '../learning/decay.ts';
import type { Given } from '../learning/measured.ts';
import { loadRemedies } from '../recommendations/load-remedies.ts';
import { caseOf, endsOf, type KeptCase } from './case.ts';
import { loadCases, readCases } from './load-cases.ts';
import { mostSimilar } from './similarity.ts';
import { structureOf } from './structure.ts';

const library = loadCases(new URL('../../cases/', import.meta.url));
const now = new Date('2026-03-01T00:00:00.000Z');
const kept = (overrides: Partial<KeptCase> = {}): KeptCase => ({
  ...(library[0] as KeptCase),
  ends: [],
  ...overrides,
});
const present = { category: 'oom_killed', symptoms: ['ended/OOMKilled', 'exit/137'], object_kinds: ['Pod'], edges: [] };
const ask = (candidates: readonly KeptCase[]) => mostSimilar(present, candidates, { most: 3, now });

describe('the library', () => {
  it('has at least thirty cases, each with a remedy that exists', () => {
    const known = new Set([
      ...loadRemedies(new URL('../../recommendations/', import.meta.url)).map(({ name }) => name),
      ...Action.options,
    ]);
    expect(library.length).toBeGreaterThanOrEqual(30);
    expect(library.filter(({ action }) => action === null || !known.has(action))).toEqual([]);
    expect(new Set(library.map(({ id }) => id)).size).toBe(library.length);
  });

  it.each([
    ['- id: a\n  title: b\n', /a\.yaml, entry: a/],
    ['a: b', /not a list/],
    ['[', /a\.yaml/],
  ])('refuses %j by file and entry', (text, message) => expect(() => readCases('a.yaml', text)).toThrow(message));
});

describe('likeness', () => {
  const twin = kept({ id: 'twin', ...present });

  it('is 1 for the same structure and names what matched', () => {
    expect(ask([twin])).toEqual([
      expect.objectContaining({ case_id: 'twin', similarity: 1, matched: present.symptoms }),
    ]);
  });

  it('lets a rare symptom say more than a common one', () => {
    const common = ['a', 'b', 'c', 'd'].map((id) => kept({ id, ...present, symptoms: ['exit/137'] }));
    const rare = kept({ id: 'rare', ...present, symptoms: ['ended/OOMKilled'] });
    expect(ask([...common, rare])[0]?.case_id).toBe('rare');
  });

  it('prefers what helped among equals', () => {
    const helped = kept({ ...twin, id: 'z', ends: [{ worked: true, at: now.toISOString() }] });
    expect(ask([twin, helped])[0]?.case_id).toBe('z');
  });

  it('leaves out what has little in common, and what was called wrong', () => {
    expect(ask([kept({ ...twin, category: 'dns_failure', symptoms: ['x'], object_kinds: ['Node'] })])).toEqual([]);
    expect(ask([kept({ ...twin, outcome: 'wrong' })])).toEqual([]);
  });

  it('stays within 0 and 1 whatever is compared', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
    fc.assert(
      fc.property(words, words, words, words, (symptoms, edges, theirs, kinds) => {
        const all = mostSimilar({ ...present, symptoms, edges }, [kept({ symptoms: theirs, object_kinds: kinds })], {
          most: 1,
          now,
        });
        return all.every(({ similarity }) => similarity !== null && similarity >= 0 && similarity <= 1);
      }),
    );
  });
});

describe('what an incident looked like', () => {
  it('has states, kinds and edges, and no names', () => {
    const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
    const body = {
      metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-abc' }] },
      spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'PodScheduled', status: 'True' },
        ],
        containerStatuses: [
          {
            name: 'app',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'Error', exitCode: 1 } },
          },
        ],
      },
    };
    const logs = [
      {
        id: 'l',
        namespace: 'shop',
        pod: 'cart-1',
        container: 'app',
        previous: true,
        lines: ['dial tcp 10.0.0.1:5432: connection refused'],
      },
    ];
    const found = structureOf(
      aBundle({
        subject,
        objects: [{ id: 'p', kind: 'Pod', namespace: 'shop', name: 'cart-1', body }],
        events: [],
        logs,
        changes: [],
      }),
    );
    expect(found).toEqual({
      symptoms: [
        'condition/Pod/Ready=False',
        'ended/Error',
        'exit/1',
        'log/connection_refused',
        'phase/Pod=Pending',
        'waiting/CrashLoopBackOff',
      ],
      object_kinds: ['Pod'],
      edges: ['Pod owner ReplicaSet', 'Pod runs_on Node'],
    });
  });
});

describe('what an end becomes', () => {
  const seen = { symptoms: ['exit/1'], object_kinds: [], edges: [] };
  const given = (overrides: Partial<Given>): Given => ({
    id: 'f',
    incident_id: 'i',
    source: 'person',
    actor: 'ada',
    category: null,
    action: null,
    outcome: 'confirmed',
    comment: null,
    diagnosis: aDiagnosis({ category: 'oom_killed' }),
    at: now.toISOString(),
    actual_category: null,
    ...overrides,
  });

  it('is a case of what it really was, when a person said so', () => {
    const made = caseOf(given({ outcome: 'wrong', actual_category: 'disk_full', comment: 'the disk was full' }), seen);
    expect(made).toMatchObject({
      category: 'disk_full',
      outcome: 'corrected',
      summary: 'the disk was full',
      symptoms: ['exit/1'],
    });
  });

  it('is nothing when nothing was diagnosed', () => {
    expect(caseOf(given({ diagnosis: null }), seen)).toBeUndefined();
    expect(caseOf(given({ diagnosis: aDiagnosis({ status: 'abstained' }) }), seen)).toBeUndefined();
  });

  it('counts for the cases that had used the same remedy', () => {
    const similar = (case_id: string, remedy: string) => ({
      case_id,
      summary: '',
      outcome: 'verified',
      remedy,
      similarity: 1,
      matched: [],
    });
    const diagnosis = aDiagnosis({ similar_cases: [similar('same', 'set_resources'), similar('other', 'delete_pod')] });
    const ends = endsOf(given({ source: 'run', action: 'set_resources', outcome: 'rolled_back', diagnosis }));
    expect(ends.map(({ case_id, worked }) => [case_id, worked])).toEqual([
      ['incident-i', false],
      ['same', false],
    ]);
    const told = endsOf(given({ source: 'person', action: 'set_resources', outcome: 'rolled_back', diagnosis }));
    expect(told.map(({ case_id }) => case_id)).toEqual(['incident-i']);
  });

  it('says nothing about a remedy that was not used', () => {
    expect(endsOf(given({ outcome: 'cancelled', action: 'set_resources' }))).toEqual([]);
    expect(endsOf(given({ outcome: 'verified' }))).toEqual([]);
  });

  it('fades by half in ninety days', () => {
    expect(weightAt(now.toISOString(), new Date(now.getTime() + 90 * 86_400_000))).toBeCloseTo(0.5);
  });
});
