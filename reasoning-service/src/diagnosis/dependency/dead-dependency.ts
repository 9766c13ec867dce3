import type { BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { carries } from '../graph/label-selector.ts';
import { templateLabels } from '../graph/object-graph.ts';
import { inFull, isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { numberAt, textsAt } from '../json-path.ts';

/** What is complained of because something else does not answer. */
const complaints: ReadonlySet<Category> = new Set(['dependency_unreachable', 'dns_failure']);

type Shown = { subject: Subject; says: string; evidence: Evidence[] };

const hasNone = ({ body }: BundleObject): boolean => numberAt(body, 'spec.replicas') === 0;

type Behind = { workloads: BundleObject[]; pods: readonly BundleObject[] };

/** What goes by a name: a row of a table shows no selector, and a Service mostly stands before what is called the same. */
const calledLike = (facts: Facts, { namespace, name }: Subject): Behind => ({
  workloads: facts.bundle.objects.filter(
    (one) => workloadKinds.has(one.kind) && one.namespace === namespace && one.name === name,
  ),
  pods: facts.of('Pod').filter((pod) => pod.namespace === namespace && facts.top(subjectOf(pod)).name === name),
});

/** What stands behind a dependency: the workloads and pods that a Service selects, or the pods of a workload. */
function behind(facts: Facts, dependency: Subject): Behind {
  const object = facts.graph.find(dependency);
  const { kind, namespace } = dependency;
  if (kind !== 'Service') return { workloads: object === undefined ? [] : [object], pods: facts.podsUnder(dependency) };
  const selector = textsAt(object?.body, 'spec.selector');
  if (Object.keys(selector).length === 0) return calledLike(facts, dependency);
  const workloads = facts.bundle.objects.filter(
    (one) => workloadKinds.has(one.kind) && one.namespace === namespace && carries(selector, templateLabels(one)),
  );
  return { workloads, pods: facts.graph.podsWith(namespace, selector) };
}

/** Of thousands that complain most mean the same. */
const asked = new WeakMap<Facts, Map<string, Shown | undefined>>();

/** By which the bundle itself shows that a dependency is dead: nothing is to run, or none of its pods fares well. */
export function shownDead(facts: Facts, dependency: Subject): Shown | undefined {
  const known = asked.get(facts) ?? new Map<string, Shown | undefined>();
  asked.set(facts, known);
  const key = keyOf(dependency);
  if (!known.has(key)) known.set(key, look(facts, dependency));
  return known.get(key);
}

function look(facts: Facts, dependency: Subject): Shown | undefined {
  const { workloads, pods } = behind(facts, dependency);
  const idle = pods.length > 0 ? undefined : workloads.find((one) => workloadKinds.has(one.kind) && hasNone(one));
  if (idle !== undefined)
    return {
      subject: subjectOf(idle),
      says: `${inFull(idle)} has no replicas`,
      evidence: citeObject(idle, 'spec.replicas: 0'),
    };
  const [first] = pods;
  if (first === undefined || !pods.every((pod) => facts.health(pod).state === 'broken')) return undefined;
  const evidence = [...citeObject(first, facts.health(first).line), ...citeObject(first, 'ready: false')];
  const top = facts.top(subjectOf(first));
  const shown = evidence[0] === undefined ? '' : `: ${evidence[0].quote.slice(0, 200)}`;
  return {
    subject: top,
    says: `${inFull(top)} does not fare well, 0 of ${pods.length === 1 ? '1 pod' : `${pods.length} pods`}${shown}`,
    evidence,
  };
}

/** A complaint about something that the bundle shows to be dead says so and cites it. */
export function withDeadDependency(facts: Facts, hypothesis: Hypothesis): Hypothesis {
  const { category, subject, cause, evidence } = hypothesis;
  if (!complaints.has(category) || isSame(subject, cause.subject)) return hypothesis;
  const shown = shownDead(facts, cause.subject);
  if (shown === undefined) return hypothesis;
  return {
    ...hypothesis,
    cause: { ...cause, description: `${cause.description}; ${shown.says}` },
    evidence: [...evidence.slice(0, 3), ...shown.evidence],
  };
}

/**
 * What a log complains of that belongs to nobody who is known, where nothing says why the name server does not answer: that server
 * is all that can be mended.
 */
export function ofNameServer(facts: Facts, hypothesis: Hypothesis): Hypothesis {
  const { category, subject, cause } = hypothesis;
  const shown = category === 'dns_failure' && subject.kind === 'Log' ? shownDead(facts, cause.subject) : undefined;
  if (shown === undefined) return hypothesis;
  const { address: _, ...rest } = hypothesis;
  return { ...rest, subject: shown.subject };
}
