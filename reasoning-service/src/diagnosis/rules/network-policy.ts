import type { BundleLog, BundleObject, Subject } from '@aetherius/shared/contracts';
import { dependencyAt } from '../dependency.ts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { type Call, callsOf, serviceNamed } from '../graph/calls.ts';
import { carries, type Labels } from '../graph/label-selector.ts';
import { blockingPolicy, dnsBlockingPolicy, namespaceLabels, type PathEnd } from '../graph/network-policy.ts';
import { labelsOf, templateLabels } from '../graph/object-graph.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import { podShapeOf, workloadKinds } from '../graph/pod-spec.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectsAt, textsAt, valueAt } from '../json-path.ts';
import { type Cause, causeIn } from '../messages/log-signature.ts';
import { finding } from '../said.ts';
import { isDesignOnly } from './references.ts';

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

type Far = { end: PathEnd; port: number | undefined; words: string };

/** The far end where the bundle has no object for it: pods are mostly labelled with the name by which they are called. */
function assumed(facts: Facts, target: string, namespace: string | null): Far | undefined {
  const call = serviceNamed(target, namespace);
  if (call !== undefined) {
    const { service, port } = call;
    const labels = { app: service.name, name: service.name, 'app.kubernetes.io/name': service.name };
    return { end: endOf(facts, service.namespace, labels), port, words: `the path to ${service.name}` };
  }
  if (!/^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/.test(target)) return undefined;
  const end = { ...endOf(facts, '', {}), isAddress: true };
  return { end, port: portIn(target), words: `the path to ${target}` };
}

function farEnd(facts: Facts, target: Subject, port: number | undefined): Far | undefined {
  const far = behind(facts, target, port);
  return far === undefined ? undefined : { ...far, words: `the path to ${target.kind} ${target.name}` };
}

type Try = { caller: Subject; from: PathEnd; far: Far | undefined; evidence: Evidence[]; weight: number };

function judge(facts: Facts, { caller, from, far, evidence, weight }: Try): Hypothesis[] {
  if (far === undefined) return [];
  const policy = blockingPolicy(facts.of('NetworkPolicy'), { from, to: far.end, port: far.port });
  return policy === undefined ? [] : [blocked({ caller, policy, words: far.words, evidence, weight })];
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

/** A policy drops packets, so that calls and questions go unanswered; a refusal or a "no such host" is an answer. */
const unanswered = /time|unreachable|no route|EAI_AGAIN|temporary failure|no servers could be reached|EHOSTUNREACH/i;

/** A complaint about a name or a call, held against the policies. */
function hear(facts: Facts, { pod, from, caller, log }: Voice, { category, target, statement }: Cause): Hypothesis[] {
  if (!unanswered.test(statement.text) || /refused/i.test(statement.text)) return [];
  const evidence = [{ id: log.id, quote: statement.line.slice(0, 500) }];
  if (category === 'dns_failure') {
    const policy = dnsBlockingPolicy(facts.of('NetworkPolicy'), from);
    const words = 'the path to the name servers';
    return policy === undefined ? [] : [blocked({ caller, policy, words, evidence, weight: 0.88 })];
  }
  if (category !== 'dependency_unreachable') return [];
  const known = dependencyAt(facts, target, log.namespace) ?? onlyCallee(facts, pod);
  const far = known === undefined ? assumed(facts, target, log.namespace) : farEnd(facts, known, portIn(target));
  return judge(facts, { caller, from, far, evidence, weight: known === undefined ? 0.85 : 0.93 });
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
    const shape = isDesignOnly(facts, object) && object.kind !== 'ReplicaSet' ? podShapeOf(object) : undefined;
    if (shape === undefined) return [];
    const from = endOf(facts, object.namespace, shape.labels);
    const caller = facts.top(subjectOf(object));
    return callsOf(shape.spec, object.namespace)
      .filter((call: Call) => !isSame(call.service, caller))
      .flatMap(({ service, port }) =>
        judge(facts, {
          caller,
          from,
          far: farEnd(facts, service, port),
          evidence: citeObject(object, service.name),
          weight: 0.78,
        }),
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
