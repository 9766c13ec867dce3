import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { dependencyOf } from '../dependency/dependency.ts';
import { assumedEnd, endOf, type FarEnd, farEnd, labelsByName } from '../dependency/far-end.ts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { type Call, callsOf } from '../graph/calls.ts';
import { barrierOn, dnsBlockingPolicy, type PathEnd, type Slip, slipsFor } from '../graph/network-policy.ts';
import { labelsOf, templateLabels } from '../graph/object-graph.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { type Cause, causeIn } from '../messages/log-signature.ts';
import { finding } from '../said.ts';
import { probeWords } from './probe-words.ts';
import { isDesignOnly } from './references.ts';

type Try = { caller: Subject; from: PathEnd; far: FarEnd | undefined; evidence: Evidence[]; weight: number };

/** Who a policy is about is known, and not whom it lets through. */
const UNSEEN_RULES = 0.7;

function judge(facts: Facts, { caller, from, far, evidence, weight }: Try): Hypothesis[] {
  if (far === undefined) return [];
  const path = { from, to: far.end, port: far.port };
  const barrier = barrierOn(facts.of('NetworkPolicy'), path);
  if (barrier === undefined) return [];
  const { policy, direction, isShown } = barrier;
  const slip = slipsFor(facts.of('NetworkPolicy'), path, direction).find(
    ({ key, wanted, found }) => isBorne(facts, key, found) && !isBorne(facts, key, wanted),
  );
  const words = isShown ? far.words : `${far.words}, if none of its rules allows that, which a table does not show`;
  return [
    blocked({ caller, policy, slip, words, evidence, weight: isShown ? weight : Math.min(weight, UNSEEN_RULES) }),
  ];
}

/** Whether there are pods that carry a label. */
const isBorne = (facts: Facts, key: string, value: string): boolean =>
  facts.bundle.objects.some(
    (one) => (one.kind === 'Pod' ? labelsOf(one) : (podShapeOf(one)?.labels ?? {}))[key] === value,
  );

type Blocked = {
  caller: Subject;
  policy: BundleObject;
  slip?: Slip | undefined;
  words: string;
  evidence: Evidence[];
  weight: number;
};

/** A policy that was meant to open the path is what has to be repaired. */
const slipInWords = ({ policy, key, wanted, found }: Slip): string =>
  `; NetworkPolicy ${policy.name} would allow it and asks for ${key}=${wanted}, where the pods carry ${key}=${found}`;

const blocked = ({ caller, policy, slip, words, evidence, weight }: Blocked): Hypothesis =>
  finding({
    category: 'network_policy_block',
    subject: caller,
    cause: subjectOf(slip?.policy ?? policy),
    description: `NetworkPolicy ${policy.name} forbids ${words}${slip === undefined ? '' : slipInWords(slip)}`,
    weight,
    evidence: [
      ...evidence,
      ...(slip === undefined ? [] : citeObject(slip.policy, `matchLabels.${slip.key}: ${slip.wanted}`)),
      ...citeObject(policy, 'spec.policyTypes'),
      ...citeObject(policy, 'spec.podSelector'),
    ],
    affects: [caller],
  });

const portIn = (text: string): number | undefined => {
  const port = /:(\d{2,5})\b(?!.*:\d{2,5}\b)/.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
};

type Voice = { writer: Subject; from: PathEnd; caller: Subject; id: string; namespace: string | null };

/** A policy drops packets, so that calls and questions go unanswered; a refusal or a "no such host" is an answer. */
const unanswered = /time|unreachable|no route|EAI_AGAIN|temporary failure|no servers could be reached|EHOSTUNREACH/i;

const nameOf = ({ name, namespace }: Subject) => ({ target: name, namespace });

/** A complaint about a name or a call, held against the policies. */
function hear(facts: Facts, { writer, from, caller, id, namespace }: Voice, cause: Cause): Hypothesis[] {
  const { category, target, statement, quote } = cause;
  if (!unanswered.test(statement.text) || /refused/i.test(statement.text)) return [];
  const evidence = [{ id, quote: quote.slice(0, 500) }];
  if (category === 'dns_failure') {
    const policy = dnsBlockingPolicy(facts.of('NetworkPolicy'), from);
    const words = 'the path to the name servers';
    return policy === undefined ? [] : [blocked({ caller, policy, words, evidence, weight: 0.88 })];
  }
  if (category !== 'dependency_unreachable') return [];
  const port = portIn(target) ?? portIn(statement.text.replace(/,? port[ =:]{1,3}(?=\d)/, ':'));
  const known = dependencyOf(facts, cause, namespace) ?? onlyCallee(facts, writer);
  const sure = known === undefined ? undefined : farEnd(facts, known, port);
  const called = known === undefined ? { target, namespace } : nameOf(known);
  const far = sure ?? assumedEnd(facts, { ...called, port });
  return judge(facts, { caller, from, far, evidence, weight: sure === undefined ? 0.85 : 0.93 });
}

/** Who speaks: the pod, or what makes its pods where the pod itself is not there. */
function voiceOf(facts: Facts, subject: Subject, id: string): Voice | undefined {
  const { namespace } = subject;
  const pod = facts.graph.find(subject);
  const caller = facts.top(subject);
  const workload = facts.graph.find(caller);
  if (pod === undefined && workload === undefined) return undefined;
  const told = [pod === undefined ? {} : labelsOf(pod), workload === undefined ? {} : templateLabels(workload)];
  // A row of a table tells no labels; pods are mostly labelled with the name of what makes them.
  const labels = told.find((one) => Object.keys(one).length > 0) ?? labelsByName(caller.name);
  return { writer: pod ?? subject, id, namespace, from: endOf(facts, namespace, labels), caller };
}

/** What programs complain of, against the policies: calls that time out, and names that cannot be asked for. */
const fromLogs = (facts: Facts): Hypothesis[] =>
  facts.bundle.logs.flatMap((log) => {
    const voice = voiceOf(facts, { kind: 'Pod', namespace: log.namespace, name: log.pod }, log.id);
    if (voice === undefined) return [];
    const causes = facts
      .statements(log)
      .map(causeIn)
      .filter((cause) => cause !== undefined);
    return causes.flatMap((cause) => hear(facts, voice, cause)).slice(0, 1);
  });

/** What programs answer their probes with, against the policies. */
const fromProbes = (facts: Facts): Hypothesis[] =>
  probeWords(facts).flatMap(({ about, event, cause }) => {
    const voice = voiceOf(facts, about, event.id);
    return voice === undefined ? [] : hear(facts, voice, cause).slice(0, 1);
  });

/** Whom a pod must mean when its log names nobody: the one Service that its settings name. */
function onlyCallee(facts: Facts, pod: Subject): Subject | undefined {
  const callees = facts.graph.out(pod, 'calls').filter(({ to }) => facts.graph.find(to) !== undefined);
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
  const told = [...fromLogs(facts), ...fromProbes(facts)];
  const shown = fromManifests(facts).filter(({ subject }) => !told.some((one) => isSame(one.subject, subject)));
  return [...told, ...shown];
};
