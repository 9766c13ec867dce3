import type { BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { carries } from '../graph/label-selector.ts';
import { templateLabels } from '../graph/object-graph.ts';
import { inFull, isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { workloadKinds } from '../graph/pod-spec.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { numberAt, textsAt } from '../json-path.ts';
import { hasName } from '../messages/name-word.ts';
import type { Shown } from './shown.ts';
import { leadsNowhere } from './target-port.ts';

/** What is complained of because something else does not answer. */
const complaints: ReadonlySet<Category> = new Set(['dependency_unreachable', 'dns_failure']);

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

const LEAST_WORD = 4;
/** Parts of names that say what a Service is for and not what it is; any complaint may have them. */
const common = new Set(
  'service services server servers database client clients internal external main http https proxy backend frontend error host node cluster primary replica master headless connection data store queue cache'.split(
    ' ',
  ),
);

/**
 * Who complains of "MySQL" and names no address means what is called so beside it, where nobody stands behind it: of what serves the
 * words may be about another.
 */
function meantByWord(facts: Facts, { subject, address, cause, evidence }: Hypothesis): Subject | undefined {
  if (address !== undefined) return undefined;
  const words = [cause.description, ...evidence.map(({ quote }) => quote)].join('\n').toLowerCase();
  const isWord = (part: string) => part.length >= LEAST_WORD && !common.has(part) && hasName(words, part);
  const own = subject.name.split('-');
  const meant = facts
    .of('Service')
    .filter(({ namespace, name }) => namespace === subject.namespace && name.split('-').some(isWord))
    .filter(({ name }) => !name.split('-').some((part) => own.includes(part)))
    .map((service) => ({ service: subjectOf(service), shown: shownDead(facts, subjectOf(service)) }));
  const dead = new Set(meant.map(({ shown }) => (shown === undefined ? undefined : keyOf(shown.subject))));
  return dead.size === 1 && !dead.has(undefined) ? meant[0]?.service : undefined;
}

/** A complaint about something that the bundle shows to be dead, or to be called at a port that leads nowhere, says so and cites it. */
export function withDeadDependency(facts: Facts, hypothesis: Hypothesis): Hypothesis {
  const { category, subject, cause, evidence } = hypothesis;
  if (!complaints.has(category)) return hypothesis;
  const isOpen = category === 'dependency_unreachable' && isSame(subject, cause.subject);
  const meant = isOpen ? meantByWord(facts, hypothesis) : cause.subject;
  if (meant === undefined || isSame(subject, meant)) return hypothesis;
  const isCall = category === 'dependency_unreachable';
  const shown = shownDead(facts, meant) ?? (isCall ? leadsNowhere(facts, meant, portCalled(hypothesis)) : undefined);
  if (shown === undefined) return hypothesis;
  return {
    ...hypothesis,
    cause: { subject: meant, description: `${cause.description}; ${shown.says}` },
    evidence: [...evidence.slice(0, 3), ...shown.evidence],
  };
}

/** The port that was called, where the address tells it. */
const portCalled = ({ address }: Hypothesis): number | undefined => {
  const port = /:(\d{1,5})$/.exec(address?.name ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
};

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
