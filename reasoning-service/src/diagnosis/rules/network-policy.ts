import type { BundleLog, BundleObject, Subject } from '@aetherius/shared/contracts';
import { dependencyAt } from '../dependency.ts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { type Call, callsOf } from '../graph/calls.ts';
import { carries, type Labels } from '../graph/label-selector.ts';
import { blockingPolicy, dnsBlockingPolicy, namespaceLabels, type PathEnd } from '../graph/network-policy.ts';
import { labelsOf, templateLabels } from '../graph/object-graph.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import { podShapeOf, workloadKinds } from '../graph/pod-spec.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectsAt, textsAt, valueAt } from '../json-path.ts';
import { type Cause, causeIn } from '../messages/log-signature.ts';
import { finding } from '../said.ts';

const endOf = (facts: Facts, namespace: string | null, labels: Labels): PathEnd => ({
  namespace,
  labels,
  namespaceLabels: namespaceLabels(facts.graph.find({ kind: 'Namespace', namespace: null, name: namespace ?? '' })),
});

/** The pods behind a Service as one end of a path, with the port at which they listen. */
function behind(
  facts: Facts,
  target: Subject,
  port: number | undefined,
): { end: PathEnd; port: number | undefined } | undefined {
  const object = facts.graph.find(target);
  if (object === undefined) return undefined;
  if (target.kind === 'Pod') return { end: endOf(facts, target.namespace, labelsOf(object)), port };
  const selector = textsAt(object.body, 'spec.selector');
  if (Object.keys(selector).length === 0) return undefined;
  const workload = facts.bundle.objects.find(
    (one) =>
      workloadKinds.has(one.kind) && one.namespace === target.namespace && carries(selector, templateLabels(one)),
  );
  const [pod] = facts.graph.podsWith(target.namespace, selector);
  const labels = workload !== undefined ? templateLabels(workload) : pod !== undefined ? labelsOf(pod) : selector;
  const ports = objectsAt(object.body, 'spec.ports');
  const chosen = ports.find((one) => numberAt(one, 'port') === port) ?? (ports.length === 1 ? ports[0] : undefined);
  const listens =
    chosen === undefined
      ? port
      : valueAt(chosen, 'targetPort') === undefined
        ? numberAt(chosen, 'port')
        : numberAt(chosen, 'targetPort');
  return { end: endOf(facts, target.namespace, labels), port: listens };
}

type Try = {
  caller: Subject;
  from: PathEnd;
  target: Subject;
  port: number | undefined;
  evidence: Evidence[];
  weight: number;
};

function judge(facts: Facts, { caller, from, target, port, evidence, weight }: Try): Hypothesis[] {
  const far = behind(facts, target, port);
  if (far === undefined) return [];
  const policy = blockingPolicy(facts.of('NetworkPolicy'), { from, to: far.end, port: far.port });
  if (policy === undefined) return [];
  return [blocked({ caller, policy, words: `the path to ${target.kind} ${target.name}`, evidence, weight })];
}

type Blocked = { caller: Subject; policy: BundleObject; words: string; evidence: Evidence[]; weight: number };

const blocked = ({ caller, policy, words, evidence, weight }: Blocked): Hypothesis =>
  finding({
    category: 'network_policy_block',
    subject: caller,
    cause: subjectOf(policy),
    description: `NetworkPolicy ${policy.name} forbids ${words}`,
    weight,
    evidence: [...evidence, ...citeObject(policy, 'spec.policyTypes'), ...citeObject(policy, 'spec.podSelector')],
    affects: [caller],
  });

const portIn = (text: string): number | undefined => {
  const port = /:(\d{2,5})\b(?!.*:\d{2,5}\b)/.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
};

type Voice = { pod: BundleObject; from: PathEnd; caller: Subject; log: BundleLog };

/** A complaint about a name or a call, held against the policies. */
function hear(facts: Facts, { pod, from, caller, log }: Voice, cause: Cause): Hypothesis[] {
  const evidence = [{ id: log.id, quote: cause.statement.line.slice(0, 500) }];
  if (cause.category === 'dns_failure') {
    const policy =
      facts.health(pod).state === 'healthy' ? undefined : dnsBlockingPolicy(facts.of('NetworkPolicy'), from);
    return policy === undefined
      ? []
      : [blocked({ caller, policy, words: 'the path to the name servers', evidence, weight: 0.88 })];
  }
  const isCall = cause.category === 'dependency_unreachable';
  const target = isCall ? (dependencyAt(facts, cause.target, log.namespace) ?? onlyCallee(facts, pod)) : undefined;
  return target === undefined
    ? []
    : judge(facts, { caller, from, target, port: portIn(cause.target), evidence, weight: 0.93 });
}

/** What programs complain of, against the policies: calls that time out, and names that cannot be asked for. */
const fromLogs = (facts: Facts): Hypothesis[] =>
  facts.bundle.logs.flatMap((log) => {
    const pod = facts.graph.find({ kind: 'Pod', namespace: log.namespace, name: log.pod });
    if (pod === undefined) return [];
    const voice = { pod, log, from: endOf(facts, pod.namespace, labelsOf(pod)), caller: facts.top(subjectOf(pod)) };
    const causes = facts
      .statements(log)
      .map(causeIn)
      .filter((cause) => cause !== undefined);
    return causes.flatMap((cause) => hear(facts, voice, cause)).slice(0, 1);
  });

/** Whom a pod must mean when its log names nobody: the one Service that its settings name. */
function onlyCallee(facts: Facts, pod: BundleObject): Subject | undefined {
  const callees = facts.graph.out(subjectOf(pod), 'calls').filter(({ to }) => facts.graph.find(to) !== undefined);
  return callees.length === 1 ? callees[0]?.to : undefined;
}

/** Settings of manifests against the policies: only where nothing runs yet that would prove the path open. */
function fromManifests(facts: Facts): Hypothesis[] {
  if (facts.of('NetworkPolicy').length === 0) return [];
  return facts.bundle.objects.flatMap((object) => {
    const isRunning = facts.health(object).state === 'healthy';
    const isOwned = facts.graph.out(subjectOf(object), 'owner').length > 0;
    const shape = isRunning || isOwned || object.kind === 'ReplicaSet' ? undefined : podShapeOf(object);
    if (shape === undefined) return [];
    const from = endOf(facts, object.namespace, shape.labels);
    const caller = facts.top(subjectOf(object));
    return callsOf(shape.spec, object.namespace)
      .filter((call: Call) => !isSame(call.service, caller))
      .flatMap(({ service, port }) =>
        judge(facts, { caller, from, target: service, port, evidence: citeObject(object, service.name), weight: 0.78 }),
      )
      .slice(0, 1);
  });
}

/** Paths that a NetworkPolicy forbids, where a program complains of them or its manifest needs them. */
export const networkPolicy: Rule = (facts) => {
  if (facts.of('NetworkPolicy').length === 0) return [];
  const told = fromLogs(facts);
  const shown = fromManifests(facts).filter(({ subject }) => !told.some((one) => isSame(one.subject, subject)));
  return [...told, ...shown];
};
