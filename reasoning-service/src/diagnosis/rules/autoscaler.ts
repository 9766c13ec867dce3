import type { BundleObject, Category, JsonObject, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectAt, objectsAt, textAt } from '../json-path.ts';
import { parseScaler, type ScalerProblem } from '../messages/autoscaler.ts';
import { finding, groupBy, type Said, saidByConditions, saidByEvents } from '../said.ts';

/** Whether an APIService registers resource, custom or external metrics. */
export const isMetricsApi = ({ name }: BundleObject): boolean => name.endsWith('metrics.k8s.io');

const KIND = 'HorizontalPodAutoscaler';
const categories: Record<ScalerProblem['why'], Category> = {
  requests: 'hpa_missing_requests',
  metrics: 'hpa_no_metrics',
  target: 'autoscaler_misconfiguration',
  selector: 'autoscaler_misconfiguration',
  bounds: 'autoscaler_misconfiguration',
};
const orderOf: ScalerProblem['why'][] = ['target', 'selector', 'requests', 'metrics', 'bounds'];

function told(facts: Facts): { said: Said; problem: ScalerProblem }[] {
  const conditions = saidByConditions(facts, KIND).filter(({ about }) => {
    const object = facts.graph.find(about);
    return object === undefined || facts.health(object).state === 'broken';
  });
  return [...conditions, ...saidByEvents(facts, { kind: KIND })].flatMap((said) => {
    const problem = parseScaler(said.message);
    return problem === undefined ? [] : [{ said, problem }];
  });
}

/** The registration of a metrics API behind which nobody answers. */
const deadMetrics = (facts: Facts): BundleObject | undefined =>
  facts.of('APIService').find((one) => isMetricsApi(one) && facts.health(one).state === 'broken');

/** What serves the figures of containers in nearly every cluster. */
const METRICS_SERVER = 'metrics-server';
const ofContainers = /resource metrics|(?<!custom\.|external\.)\bmetrics\.k8s\.io|\b(?:cpu|memory)\b/;

/** Where no registration was read: the metrics server, of which no pod fares well. */
function deadServer(facts: Facts, words: string): BundleObject | undefined {
  if (!ofContainers.test(words) || facts.of('APIService').some(isMetricsApi)) return undefined;
  const pods = facts.of('Pod').filter((pod) => facts.top(subjectOf(pod)).name === METRICS_SERVER);
  const workloads = facts.of('Deployment').filter(({ name }) => name === METRICS_SERVER);
  const all = pods.length > 0 ? pods : workloads;
  return all.every((one) => facts.health(one).state === 'broken') ? all[0] : undefined;
}

type Source = { cause: Subject; evidence: Evidence[] };

/** Why there are no figures, as far as the bundle shows: their API is dead, or who serves it. */
function deadSource(facts: Facts, words: string): Source | undefined {
  const api = deadMetrics(facts);
  if (api !== undefined) return { cause: subjectOf(api), evidence: citeObject(api, 'status: False') };
  const server = deadServer(facts, words);
  return server && { cause: facts.top(subjectOf(server)), evidence: citeObject(server, facts.health(server).line) };
}

const byWords = (facts: Facts): Hypothesis[] =>
  groupBy(told(facts), ({ said }) => keyOf(said.about)).flatMap((group) => {
    const [first] = [...group].sort((a, b) => orderOf.indexOf(a.problem.why) - orderOf.indexOf(b.problem.why));
    if (first === undefined) return [];
    const source = first.problem.why === 'metrics' ? deadSource(facts, first.said.message) : undefined;
    return finding({
      category: categories[first.problem.why],
      subject: first.said.about,
      ...(source === undefined ? {} : { cause: source.cause }),
      description: `the autoscaler cannot work: ${first.problem.words}`,
      weight: 0.95,
      evidence: [...[first, ...group].flatMap(({ said }) => said.evidence).slice(0, 4), ...(source?.evidence ?? [])],
    });
  });

type Setting = {
  category: Category;
  words: string;
  evidence: Evidence[];
  weight: number;
  cause?: Subject;
  isByDesign?: true;
};

/** Container resource requests that a utilisation target divides by. */
function withoutRequests(facts: Facts, hpa: BundleObject): Setting[] {
  const target = facts.graph.out(subjectOf(hpa), 'scales')[0]?.to;
  const workload = target === undefined ? undefined : facts.graph.find(target);
  const shape = workload === undefined ? undefined : podShapeOf(workload);
  if (shape === undefined || workload === undefined) return [];
  // A figure is there only where the requests are: what shows none of them did not list them.
  const measured = new Set(objectsAt(hpa.body, 'status.currentMetrics').map((one) => textAt(one, 'resource.name')));
  const wanted = objectsAt(hpa.body, 'spec.metrics')
    .filter((metric) => !measured.has(textAt(metric, 'resource.name')))
    .filter((metric) => numberAt(metric, 'resource.target.averageUtilization') !== undefined)
    .flatMap((metric) => textAt(metric, 'resource.name') ?? []);
  if (numberAt(hpa.body, 'spec.targetCPUUtilizationPercentage') !== undefined) wanted.push('cpu');
  return objectsAt(shape.spec, 'containers').flatMap((container) => {
    const stated = { ...objectAt(container, 'resources.limits'), ...objectAt(container, 'resources.requests') };
    const lacking = wanted.find((name) => stated[name] === undefined);
    if (lacking === undefined) return [];
    const words = `container ${textAt(container, 'name')} of ${workload.kind} ${workload.name} states no request for ${lacking}`;
    return [
      {
        category: 'hpa_missing_requests',
        isByDesign: true,
        words,
        evidence: citeObject(hpa, `: ${workload.name}`),
        weight: 0.85,
        cause: subjectOf(workload),
      },
    ];
  });
}

function wrongSettings(facts: Facts, hpa: BundleObject): Setting[] {
  const target = facts.graph.out(subjectOf(hpa), 'scales')[0]?.to;
  const found: Setting[] = [];
  const isAbsent =
    target !== undefined &&
    facts.graph.find(target) === undefined &&
    facts.graph.isWhole(target.kind, target.namespace);
  if (isAbsent)
    found.push({
      category: 'autoscaler_misconfiguration',
      isByDesign: true,
      words: `its target ${target.kind} ${target.name} does not exist`,
      evidence: citeObject(hpa, `: ${target.name}`),
      weight: 0.93,
    });
  const least = numberAt(hpa.body, 'spec.minReplicas') ?? 1;
  const most = numberAt(hpa.body, 'spec.maxReplicas');
  if (most !== undefined && least > most)
    found.push({
      category: 'autoscaler_misconfiguration',
      isByDesign: true,
      words: `minReplicas ${least} is above maxReplicas ${most}`,
      evidence: citeObject(hpa, 'spec.minReplicas'),
      weight: 0.93,
    });
  return [
    ...found,
    ...(textAt(conditionOf(hpa, 'ScalingActive'), 'status') === 'True' ? [] : withoutRequests(facts, hpa)),
    ...(lacksPods(facts, hpa) ? [] : [...atMaximum(hpa), ...unmeasured(facts, hpa)]),
  ];
}

/** A row says that there are no figures, and not why. */
function unmeasured(facts: Facts, hpa: BundleObject): Setting[] {
  const targets = textAt(hpa.body, 'status.targets') ?? '';
  if (facts.health(hpa).state !== 'broken' || !targets.includes('<unknown>')) return [];
  const source = deadSource(facts, targets);
  return [
    {
      category: 'hpa_no_metrics',
      words: `it gets no figures: ${targets.slice(0, 200)}`,
      evidence: [...citeObject(hpa, 'status.targets'), ...(source?.evidence ?? [])],
      weight: objectsAt(hpa.body, 'status.currentMetrics').length === 0 ? 0.85 : 0.7,
      ...(source === undefined ? {} : { cause: source.cause }),
    },
  ];
}

/** A workload whose pods are missing is overloaded for that; a higher bound would not bring them. */
function lacksPods(facts: Facts, hpa: BundleObject): boolean {
  const target = facts.graph.out(subjectOf(hpa), 'scales')[0]?.to;
  const workload = target === undefined ? undefined : facts.graph.find(target);
  return workload !== undefined && facts.health(workload).state === 'broken';
}

/** Within a tenth of the target the controller leaves the count as it is. */
const TOLERANCE = 1.1;

/** How many times its target the load of a resource is. */
function loadOf(hpa: BundleObject, current: JsonObject): number | undefined {
  const name = textAt(current, 'resource.name');
  const now = numberAt(current, 'resource.current.averageUtilization');
  const goal = objectsAt(hpa.body, 'spec.metrics').find((metric) => textAt(metric, 'resource.name') === name);
  const wanted = numberAt(goal, 'resource.target.averageUtilization');
  return now === undefined || wanted === undefined || wanted === 0 ? undefined : now / wanted;
}

/** What of the object shows that it may not grow: its own word, else (a row has no conditions) the count beside the bound. */
function bound(hpa: BundleObject, load: number): string | undefined {
  const limited = conditionOf(hpa, 'ScalingLimited');
  if (limited !== undefined)
    return textAt(limited, 'status') === 'True' && textAt(limited, 'reason') === 'TooManyReplicas'
      ? 'TooManyReplicas'
      : undefined;
  const now = numberAt(hpa.body, 'status.currentReplicas') ?? 0;
  const most = numberAt(hpa.body, 'spec.maxReplicas') ?? Number.POSITIVE_INFINITY;
  return now >= most && load > TOLERANCE ? 'status.currentReplicas' : undefined;
}

/** Capped while the load is still above the target: the bound is what is wrong. */
function atMaximum(hpa: BundleObject): Setting[] {
  const loads = objectsAt(hpa.body, 'status.currentMetrics').map((current) => loadOf(hpa, current) ?? 0);
  const load = Math.max(0, ...loads);
  const shownBy = load > 1 ? bound(hpa, load) : undefined;
  return shownBy === undefined
    ? []
    : [
        {
          category: 'autoscaler_misconfiguration',
          words: 'it is at maxReplicas while the load is above its target',
          evidence: citeObject(hpa, shownBy),
          weight: 0.86,
        },
      ];
}

const bySettings = (facts: Facts): Hypothesis[] =>
  facts.of(KIND).flatMap((hpa) =>
    wrongSettings(facts, hpa)
      .slice(0, 1)
      .map(({ words, ...setting }) =>
        finding({ ...setting, subject: subjectOf(hpa), description: `the autoscaler cannot work: ${words}` }),
      ),
  );

/** Autoscalers that have no metrics, divide by requests that are not stated, or are set wrongly. */
export const brokenScaler: Rule = (facts) => {
  const words = byWords(facts);
  const known = new Set(words.map(({ subject }) => keyOf(subject)));
  return [...words, ...bySettings(facts).filter(({ subject }) => !known.has(keyOf(subject)))];
};
