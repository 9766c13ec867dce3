import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { carries, type Labels } from './graph/label-selector.ts';
import { labelsOf } from './graph/object-graph.ts';
import { keyOf, subjectOf } from './graph/object-key.ts';
import { podShapeOf, workloadKinds } from './graph/pod-spec.ts';
import { failedCondition } from './health/condition-health.ts';
import type { Hypothesis } from './hypothesis.ts';
import { textAt, textsAt } from './json-path.ts';
import { hasName } from './messages/name-word.ts';

const labelSets = (object: BundleObject): Labels =>
  object.kind === 'Pod' ? labelsOf(object) : (podShapeOf(object)?.labels ?? {});

/** A row of a table tells no selector: such a Service mostly stands before the workload of its own name. */
const isCalledLike = (facts: Facts, { name, body }: BundleObject, objects: readonly BundleObject[]): boolean =>
  textAt(body, 'metadata.uid') === undefined &&
  textAt(body, 'spec.type') !== 'ExternalName' &&
  objects.some((one) => one.kind !== 'Service' && facts.top(subjectOf(one)).name === name);

/** The Services that send requests to what carries one of the label sets. */
function servicesBefore(facts: Facts, objects: readonly BundleObject[]): Subject[] {
  return facts
    .of('Service')
    .filter((service) => {
      const selector = textsAt(service.body, 'spec.selector');
      const isSelective = Object.keys(selector).length > 0;
      const own = objects.filter(({ namespace }) => namespace === service.namespace);
      return isSelective ? own.some((one) => carries(selector, labelSets(one))) : isCalledLike(facts, service, own);
    })
    .map(subjectOf);
}

const from = (facts: Facts, subject: Subject, kind: Parameters<Facts['graph']['in']>[1]): Subject[] =>
  facts.graph.in(subject, kind).map((edge) => edge.from);

/** The Service before a workload that is told by nothing but a name, such as in a label of an alert: mostly that of the workload. */
function unseenService({ graph }: Facts, { kind, namespace, name }: Subject): Subject[] {
  const service = { kind: 'Service', namespace, name };
  const isAbsent = graph.find(service) === undefined && !graph.isWhole('Service', namespace);
  return workloadKinds.has(kind) && isAbsent ? [service] : [];
}

const deployers = ['Kustomization', 'HelmRelease', 'Application'];

type Waiting = { deployer: Subject; words: string };

const waitingIn = new WeakMap<Facts, Waiting[]>();

/** Deployers of desired state that do not get on, with what they say of it. */
function waitingOf(facts: Facts): readonly Waiting[] {
  const known = waitingIn.get(facts);
  if (known !== undefined) return known;
  const found = deployers
    .flatMap((kind) => facts.of(kind))
    .map((one) => ({ deployer: subjectOf(one), words: textAt(failedCondition(one), 'message') ?? '' }))
    .filter(({ words }) => words !== '');
  waitingIn.set(facts, found);
  return found;
}

const isNamed = (words: string, { kind, name }: BundleObject): boolean =>
  words.toLowerCase().includes(kind.toLowerCase()) && hasName(words, name);

/** Deployers that say that it is for one of these that they do not get on. */
const waitingDeployers = (facts: Facts, objects: readonly BundleObject[]): Subject[] =>
  waitingOf(facts)
    .filter(({ words }) => objects.some((one) => isNamed(words, one)))
    .map(({ deployer }) => deployer);

/**
 * Everything that a fault may show itself on: what it affects, the Services before that, their ingresses, the webhooks and APIs that
 * they answer for, the autoscalers of it, who calls those Services, and who waits for it to be deployed. Keys of the graph.
 */
export function reachOf(facts: Facts, { subject, affects }: Hypothesis): ReadonlySet<string> {
  const own = new Set(affects);
  const objects = facts.graph.at(own);
  const services = [
    ...servicesBefore(facts, objects),
    ...objects.filter(({ kind }) => kind === 'Service').map(subjectOf),
    ...unseenService(facts, subject),
  ];
  const routes = services.flatMap((service) => from(facts, service, 'routes'));
  const hooks = services.flatMap((service) => from(facts, service, 'hooks'));
  const callers = services.flatMap((service) => from(facts, service, 'calls'));
  const scalers = objects.flatMap((object) => from(facts, subjectOf(object), 'scales'));
  const above = [...callers, ...objects.map(subjectOf)].map((subject) => facts.top(subject));
  const waiting = waitingDeployers(facts, objects);
  return new Set([
    ...own,
    ...[...services, ...routes, ...hooks, ...callers, ...scalers, ...above, ...waiting].map(keyOf),
  ]);
}
