import type { Bundle, BundleChange, Diagnosis } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { readFacts } from '../src/diagnosis/facts.ts';
import { advised } from '../src/offline/advise.ts';
import { loadRemedies } from '../src/recommendations/load-remedies.ts';
import { createRunbookIndex } from '../src/runbooks/find-runbooks.ts';
import { readHalf } from './incident-library.ts';

const incidents = new Map(readHalf('tune').map((one) => [one.name, one]));
const shelf = {
  remedies: loadRemedies(new URL('../recommendations/', import.meta.url)),
  runbooks: createRunbookIndex([]),
};

const answerToBundle = (bundle: Bundle) => advised(diagnose(bundle), readFacts(bundle), shelf);

function recorded(name: string): Bundle {
  const incident = incidents.get(name);
  if (incident === undefined) throw new Error(`no incident ${name} in the tune half`);
  return incident.bundle;
}
const answerTo = (name: string) => answerToBundle(recorded(name));

/** A rollout that was noted when the container had been killed for a while. */
function rolledOutAfterTheFirstSign(): Bundle {
  const bundle = recorded('revision-cut-the-memory-limit');
  const path = 'spec.template.spec.containers[app].env[MODE].value';
  const rollout: BundleChange = {
    ...{ id: 'change:Deployment/shop/api/7', at: '2026-02-10T09:58:00.000Z', change: 'rollout' },
    ...{ kind: 'Deployment', namespace: 'shop', name: 'api', from_revision: '6', to_revision: '7' },
    fields: [{ path, before: 'slow', after: 'fast' }],
  };
  return { ...bundle, changes: [rollout] };
}

/** The command that is not in the image, where the pods that are well run from the same template. */
function sameTemplate(): Bundle {
  const bundle = recorded('peers-of-another-revision-prove-nothing');
  const text = JSON.stringify({ ...bundle, changes: [] });
  return JSON.parse(text.replaceAll('6c4d', '7d5f').replaceAll('api:1.6', 'api:1.7')) as Bundle;
}

const told = (name: string, beside: Diagnosis['comparisons'][number]['with']) =>
  answerTo(name).comparisons.find((one) => one.with === beside);

describe('the revision before', () => {
  it.each([
    [
      'revision-new-image-panics',
      'for',
      /revision 7 .* changed .*image: .*1\.6 -> .*1\.7; 2 pods of revision 6 are healthy/,
    ],
    ['revision-before-panics-as-well', 'against', /pods of revision 6 fail as well/],
    ['revision-cut-the-memory-limit', 'for', /memory: 512Mi -> 128Mi; the first sign came 6 min after/],
  ])('%s speaks %s it', (name, speaks, says) => {
    expect(told(name, 'revision_before')).toMatchObject({ speaks, says: expect.stringMatching(says) });
    expect(told(name, 'revision_before')?.evidence.length).toBeGreaterThan(0);
  });

  it('speaks against it where the first sign came before it', () => {
    const { comparisons } = answerToBundle(rolledOutAfterTheFirstSign());
    const says = expect.stringMatching(/the first sign came 22 min before that revision/);
    expect(comparisons).toContainEqual(expect.objectContaining({ with: 'revision_before', speaks: 'against', says }));
  });

  it('is gone back to only where it did not fail as well', () => {
    const actionsFor = (bundle: Bundle) => answerToBundle(bundle).recommendations.map(({ action }) => action);
    const actions = (name: string) => actionsFor(recorded(name));
    expect(actions('revision-new-image-panics')).toContain('rollback_workload');
    expect(actions('revision-before-panics-as-well')).not.toContain('rollback_workload');
    expect(actionsFor(rolledOutAfterTheFirstSign())).not.toContain('rollback_workload');
  });
});

describe('healthy peers', () => {
  it('tell what sets the one apart that fails', () => {
    expect(told('peers-all-well-but-on-one-node', 'peers')).toMatchObject({
      says: '8 of 9 pods of the same revision of Deployment shop/api are healthy; what fails differs in node worker-3',
      evidence: [expect.anything(), { id: 'object:Pod/shop/api-6c4d-8', quote: 'spec.nodeName: worker-3' }],
    });
    expect(told('peers-other-nodes-are-ready', 'peers')).toMatchObject({
      speaks: 'for',
      says: '2 of 3 nodes are healthy; what fails differs in kubelet v1.29.1',
    });
  });

  it('of another revision prove nothing', () => {
    expect(told('peers-of-another-revision-prove-nothing', 'peers')).toBeUndefined();
  });

  it('that run from the same template speak against a fault in it, and lower the confidence', () => {
    const doubted = answerToBundle(sameTemplate());
    expect(doubted.comparisons[0]).toMatchObject({ with: 'peers', speaks: 'against' });
    expect(doubted.confidence).toBeLessThan(answerTo('peers-of-another-revision-prove-nothing').confidence);
    expect(doubted.status).toBe('answered');
  });
});
