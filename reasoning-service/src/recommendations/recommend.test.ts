import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Bundle, parametersOf, type Recommendation } from '@aetherius/shared/contracts';
import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asked, builtIncidents } from '../../test/built-incidents.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { bundleOf } from '../offline/findings.ts';
import { readSources } from '../offline/source-files.ts';
import { loadRemedies } from './load-remedies.ts';
import { expectedSuccess, scoreOf } from './rank.ts';
import { recommend } from './recommend.ts';
import { told } from './remedy.ts';

const catalogue = loadRemedies(new URL('../../recommendations/', import.meta.url));
const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const recorded = new URL('../../test/samples/faults/', import.meta.url);

const pod = (spec: object, status: object) => ({
  id: 'p1',
  kind: 'Pod',
  namespace: 'shop',
  name: 'cart-1',
  body: JSON.parse(
    JSON.stringify({
      metadata: { ownerReferences: [{ kind: 'Deployment', name: 'cart', controller: true }] },
      spec: { nodeName: 'n1', containers: [{ name: 'app', ...spec }] },
      status: { containerStatuses: [{ name: 'app', restartCount: 3, ...status }] },
    }),
  ),
});
const killed = (limit: string): Bundle =>
  aBundle({
    subject: cart,
    objects: [
      pod(
        { resources: { limits: { memory: limit } } },
        { lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
      ),
    ],
    changes: [],
  });
const of = (category: string, more: Partial<ReturnType<typeof aDiagnosis>> = {}) =>
  aDiagnosis({
    category,
    subject: cart,
    root_cause: { subject: cart, description: 'x' },
    confidence: 1,
    recommendations: [],
    ...more,
  });
const ask = (bundle: Bundle, category: string, more: Partial<Parameters<typeof recommend>[0]> = {}) =>
  recommend({ diagnosis: of(category), bundle, outcomes: new Map(), catalogue, ...more });

describe('recommendations', () => {
  it('names both ends of a way, or says that one is not known', () => {
    const titles = (cause: typeof cart) =>
      recommend({
        diagnosis: of('dependency_unreachable', { root_cause: { subject: cause, description: 'x' } }),
        bundle: aBundle({ subject: cart }),
        outcomes: new Map(),
        catalogue,
      }).advice.map(({ title }) => title);
    const db = { kind: 'Service', namespace: 'shop', name: 'db' };
    expect(titles(db)).toContain('Find where the path from Deployment shop/cart to Service shop/db breaks');
    expect(titles(cart)).toContain('Find where the path from Deployment shop/cart to its dependency breaks');
  });

  const texts = catalogue.flatMap((remedy) => [
    remedy.title,
    ...('reason' in remedy ? [remedy.reason] : []),
    ...(remedy.advice === undefined ? [] : [...remedy.advice.steps, remedy.advice.expect, remedy.advice.undo ?? '']),
  ]);
  it('reads as a sentence where nothing is known', () => {
    const said = texts.map((words) => told(words, () => undefined));
    const broken = /\b(\w+) \1\b|\b(?:an?|the|its) (?:an?|the|its|it|what)\b|\bof (?:is|are|was|has)\b|[{}]|\s\s/i;
    expect(said.filter((words) => broken.test(words))).toEqual([]);
  });

  it('offers no change of a pod that nothing makes anew, and says what can be done to it', () => {
    const bundle = killed('160Mi');
    const [bare] = bundle.objects;
    if (bare !== undefined) bare.body['metadata'] = {};
    const alone = { ...bundle, subject: { kind: 'Pod', namespace: 'shop', name: 'cart-1' } };
    const { recommendations, advice } = recommend({
      ...{ diagnosis: diagnose(alone), bundle: alone, outcomes: new Map(), catalogue },
    });
    expect(recommendations).toEqual([]);
    const steps = advice.find(({ name }) => name === 'resize_pod_in_place')?.steps.join('; ');
    expect(steps).toContain('raise the limit to 320Mi with kubectl edit pod cart-1 -n shop --subresource=resize');
    const owned = killed('160Mi');
    const made = recommend({ diagnosis: diagnose(owned), bundle: owned, outcomes: new Map(), catalogue });
    expect(made.recommendations.map(({ action }) => action)).toContain('set_resources');
    expect(made.advice.map(({ name }) => name)).not.toContain('resize_pod_in_place');
  });

  it('speaks of the program where no more than its log is known', () => {
    const log = { kind: 'Log', namespace: null, name: 'web.txt' };
    const diagnosis = of('dependency_unreachable', { subject: log, root_cause: { subject: log, description: 'x' } });
    const { advice } = recommend({ diagnosis, bundle: aBundle({}), outcomes: new Map(), catalogue });
    const titles = advice.map(({ title }) => title);
    expect(titles).toContain('Find where the path from the program that wrote web.txt to its dependency breaks');
    expect(titles.join()).not.toContain('Log ');
  });

  it.each([
    ['0/2 nodes are available: 2 node(s) had volume node affinity conflict.', false],
    ["0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.", true],
  ])('speaks of binding only where nothing is bound yet: %s', (quote, expected) => {
    const diagnosis = of('unschedulable_volume_affinity', { evidence: [{ id: 'e', quote }] });
    const names = recommend({ diagnosis, bundle: aBundle({}), outcomes: new Map(), catalogue }).advice.map(
      ({ name }) => name,
    );
    expect(names.includes('fix_pvc_binding')).toBe(expected);
    expect(names).toContain('place_near_volume');
  });

  const single = (kind: string, template: object | undefined) => ({
    id: 'w',
    kind,
    namespace: 'shop',
    name: 'cart',
    body: JSON.parse(JSON.stringify({ spec: { replicas: 1, template } })),
  });
  const plain = { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'app' }] } };
  const strict = {
    id: 'b',
    kind: 'PodDisruptionBudget',
    namespace: 'shop',
    name: 'cart',
    body: { spec: { selector: { matchLabels: { app: 'cart' } } }, status: { disruptionsAllowed: 0 } },
  };
  it.each([
    ['a Deployment', single('Deployment', plain), ['scale_workload']],
    ['a StatefulSet, whose pods each have a store of their own', single('StatefulSet', plain), []],
    ['a Deployment of whose volumes nothing is known', single('Deployment', undefined), []],
  ])('runs a second pod of %s', (_, workload, expected) => {
    const subject = { kind: strict.kind, namespace: 'shop', name: 'cart' };
    const scaled = ({ recommendations }: ReturnType<typeof recommend>) => recommendations.map(({ action }) => action);
    const diagnosis = of('pdb_blocks_eviction', { subject, root_cause: { subject, description: 'x' } });
    expect(scaled(ask(aBundle({ subject, objects: [strict, workload] }), 'unknown', { diagnosis }))).toEqual(expected);
    const { kind, namespace, name } = workload;
    const slow = of('latency_high', { subject: { kind, namespace, name } });
    const some = scaled(ask(aBundle({ objects: [workload] }), 'unknown', { diagnosis: slow }));
    expect(some.includes('scale_workload')).toBe(kind === 'Deployment');
  });
  it('computes the parameters from the bundle', () => {
    expect(ask(killed('256Mi'), 'oom_killed').recommendations).toEqual([
      expect.objectContaining({
        name: 'increase_memory_limit',
        score: 0.95,
        action: 'set_resources',
        target: cart,
        parameters: { container: 'app', limits: { memory: '512Mi' } },
        reason: expect.stringContaining('256Mi'),
      }),
    ]);
  });

  it.each([
    [
      'admission_podsecurity_rejected',
      'pods "cart-1" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
      'fit_limit_range',
    ],
    [
      'admission_podsecurity_rejected',
      'pods "cart-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      'adjust_pod_security',
    ],
    ['unschedulable_taint', '0/2 nodes are available: 2 node(s) were unschedulable.', 'open_cordoned_nodes'],
    ['unschedulable_taint', '0/2 nodes are available: 2 node(s) had untolerated taint {gpu: yes}.', 'tolerate_taint'],
  ])('advises by what the evidence for %s says: %s', (category, message, expected) => {
    const quote = category === 'unschedulable_taint' ? message : `Error creating: ${message}`;
    const diagnosis = of(category, { evidence: [{ id: 'e', quote }] });
    const { advice } = recommend({ diagnosis, bundle: aBundle({}), outcomes: new Map(), catalogue });
    expect(advice.map(({ name }) => name)).toEqual([expected]);
  });

  it('speaks of a limit that is not known without a figure', () => {
    const { advice } = ask(aBundle({ subject: cart, objects: [] }), 'oom_killed');
    expect(JSON.stringify(advice)).not.toMatch(/no limit|limit of the/);
  });

  it('offers nothing whose parameters the evidence does not give', () => {
    expect(ask(killed('8Gi'), 'oom_killed').recommendations).toEqual([]);
    expect(ask(killed('8Gi'), 'oom_killed').advice.map(({ name }) => name)).toContain('optimize_application');
  });

  it('is silent when the diagnosis abstained', () => {
    const diagnosis = of('oom_killed', { status: 'abstained' });
    expect(ask(killed('256Mi'), 'oom_killed', { diagnosis })).toEqual({ recommendations: [], advice: [] });
  });

  it('gives people the read-only command that shows what they need', () => {
    const [advice] = ask(killed('256Mi'), 'crash_loop_app_error').advice;
    expect(advice?.look).toMatchObject({ action: 'logs', target: { kind: 'Pod', name: 'cart-1' } });
  });

  it('starts what stands behind a Service and was scaled to nothing', () => {
    const service = {
      id: 's',
      kind: 'Service',
      namespace: 'shop',
      name: 'cart',
      body: { spec: { selector: { app: 'cart' } } },
    };
    const workload = {
      id: 'd',
      ...cart,
      body: { spec: { replicas: 0, template: { metadata: { labels: { app: 'cart' } }, spec: { containers: [] } } } },
    };
    const subject = { kind: 'Service', namespace: 'shop', name: 'cart' };
    const diagnosis = of('service_no_endpoints', { subject, root_cause: { subject, description: 'x' } });
    const bundle = aBundle({ subject, objects: [service, workload], changes: [] });
    expect(ask(bundle, 'unknown', { diagnosis }).recommendations).toEqual([
      expect.objectContaining({ action: 'scale_workload', target: cart, parameters: { replicas: 1 } }),
    ]);
  });
});

describe('ranking', () => {
  it('learns from ends: what fails falls behind', () => {
    const before = ask(killed('256Mi'), 'crash_loop_app_error').advice.map(({ name }) => name);
    const [first = ''] = before;
    const outcomes = new Map([[`crash_loop_app_error ${first}`, { worked: 0, failed: 10 }]]);
    const after = ask(killed('256Mi'), 'crash_loop_app_error', { outcomes }).advice.map(({ name }) => name);
    expect(after.at(-1)).toBe(first);
    expect(after.toSorted()).toEqual(before.toSorted());
  });

  it('is confidence × risk × past ends, of what agents and of what people can do alike', () => {
    const ends = new Map([
      ['service_no_endpoints scale_workload', { worked: 6, failed: 0 }],
      ['service_no_endpoints bring_endpoints_back', { worked: 0, failed: 2 }],
    ]);
    const built = builtIncidents.find(({ remedy }) => remedy === 'fix_service_port') as (typeof builtIncidents)[number];
    const { diagnosis, bundle } = asked({
      ...built,
      objects: built.objects.map((one) =>
        one.kind === 'Deployment'
          ? { ...one, body: { ...one.body, spec: { ...(one.body['spec'] as object), replicas: 0 } } }
          : one,
      ) as typeof built.objects,
    });
    const given = { diagnosis: { ...diagnosis, confidence: 0.9 }, bundle, catalogue };
    const ranks = (outcomes: typeof ends) => {
      const { recommendations, advice } = recommend({ ...given, outcomes });
      return [...recommendations, ...advice].map(({ name, score }) => [name, score]);
    };
    expect(Object.fromEntries(ranks(new Map()))).toEqual({
      // 0.9 × 0.85 × 1, 0.9 × 0.8 × 0.9 for a medium risk, 0.9 × 0.75 × 1
      fix_service_port: 0.77,
      start_stopped_workload: 0.65,
      bring_endpoints_back: 0.68,
    });
    expect(ranks(ends)).toEqual([
      ['fix_service_port', 0.77],
      // (6 + 0.8 × 4) / 10 and (0.75 × 4) / 6 in the place of what the catalogue expects
      ['start_stopped_workload', 0.75],
      ['bring_endpoints_back', 0.45],
    ]);
  });

  it.each(builtIncidents.map((one) => [one.remedy, one] as const))('puts first what promises most: %s', (_, one) => {
    const { recommendations, advice } = recommend({ ...asked(one), outcomes: new Map(), catalogue });
    for (const list of [recommendations, advice]) {
      const scores = list.map(({ score }) => score ?? 0);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }
  });

  it('finds the end of a run under its action', () => {
    const outcomes = new Map([['oom_killed set_resources', { worked: 0, failed: 4 }]]);
    expect(ask(killed('256Mi'), 'oom_killed', { outcomes }).recommendations[0]?.score).toBe(0.48);
  });

  it('lets similar cases order equals and nothing else', () => {
    const twin = (name: string) => ({
      ...(catalogue.find((one) => one.name === 'optimize_application') as (typeof catalogue)[number]),
      name,
    });
    const similar = [
      { case_id: 'c', summary: '', outcome: 'verified', remedy: 'second', similarity: 0.9, matched: [] },
    ];
    const names = (similar_cases: typeof similar) =>
      ask(killed('8Gi'), 'unknown', {
        catalogue: [twin('first'), twin('second')],
        diagnosis: of('oom_killed', { similar_cases }),
      }).advice.map(({ name }) => name);
    expect(names([])).toEqual(['first', 'second']);
    expect(names(similar)).toEqual(['second', 'first']);
  });

  it('never leaves 0 to 1 and rises with every success', () => {
    const count = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), count, count, (confidence, worked, failed) => {
        const now = expectedSuccess(confidence, { worked, failed });
        const more = expectedSuccess(confidence, { worked: worked + 1, failed });
        return (
          now >= 0 &&
          now <= 1 &&
          more >= now &&
          scoreOf({ diagnosis: 1, remedy: confidence, risk: 'high', record: { worked, failed } }) <= 0.7
        );
      }),
    );
  });
});

describe('recorded faults', () => {
  const plain = ({ action, target, parameters, risk, reason, success, rollback }: Recommendation) => ({
    action,
    target,
    parameters,
    risk,
    reason,
    success,
    rollback,
  });

  /** What the catalogue computes beyond the rules, by fault. */
  const added: Record<string, string[]> = {
    quota_exceeded: ['adjust_resource_quotas'],
    service_selector_mismatch: ['fix_service_selector'],
  };

  it.each(readdirSync(recorded))('%s keeps exactly what the rules recommend', (fault) => {
    const { bundle } = bundleOf(readSources(fileURLToPath(new URL(`${fault}/`, recorded))), '2026-01-02T03:04:05.000Z');
    if (bundle === undefined) throw new Error(`${fault} cannot be read`);
    const diagnosis = diagnose(bundle);
    const { recommendations, advice } = recommend({ diagnosis, bundle, outcomes: new Map(), catalogue });
    const ofRules = recommendations.filter(({ name }) => !added[fault]?.includes(name ?? ''));
    expect(ofRules.map(plain)).toEqual(diagnosis.recommendations.map(plain));
    expect(recommendations.length - ofRules.length).toBe(added[fault]?.length ?? 0);
    expect(advice.length).toBeGreaterThan(0);
    for (const { action, parameters } of recommendations)
      expect(parametersOf[action].safeParse(parameters).success).toBe(true);
  });
});
