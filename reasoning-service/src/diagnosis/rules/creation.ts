import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { shownDead } from '../dependency/dead-dependency.ts';
import type { Facts } from '../facts.ts';
import { serviceNamed } from '../graph/calls.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { parseCreation, type Refusal } from '../messages/creation.ts';
import { finding, groupBy, type Said, saidByConditions, saidByEvents } from '../said.ts';
import { hookConfigurations, namesHook } from './webhooks.ts';

type Found = { said: Said; refusal: Refusal };

const makers = ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

function refusals(facts: Facts): Found[] {
  const conditions = makers
    .flatMap((kind) => saidByConditions(facts, kind))
    .filter(({ about }) => {
      const object = facts.graph.find(about);
      return object === undefined || facts.health(object).state !== 'healthy';
    });
  const said = [
    ...saidByEvents(facts, { reason: ['FailedCreate', 'ReplicaSetCreateError', 'FailedUpdate', 'ProvisioningFailed'] }),
    ...conditions,
  ];
  return said.flatMap((one) => {
    const refusal = parseCreation(one.message);
    return refusal === undefined ? [] : [{ said: one, refusal }];
  });
}

type Told = { category: Hypothesis['category']; cause?: Subject; description: string; weight: number };

/** What a refusal means. A service account that is missing is told by the rule on references, which also knows its manifests. */
function meaning(refusal: Refusal, namespace: string | null): Told | undefined {
  switch (refusal.why) {
    case 'quota':
      return {
        category: 'quota_exceeded',
        cause: { kind: 'ResourceQuota', namespace, name: refusal.quota },
        description: `quota ${refusal.quota} is used up: requested ${refusal.requested}, used ${refusal.used}, limited to ${refusal.limited}`,
        weight: 0.96,
      };
    case 'limits_required':
      return {
        category: 'quota_requires_limits',
        cause: { kind: 'ResourceQuota', namespace, name: refusal.quota },
        description: `quota ${refusal.quota} wants the pod to state ${refusal.figures}`,
        weight: 0.96,
      };
    case 'limit_range':
      return {
        category: 'admission_podsecurity_rejected',
        description: `a LimitRange rejects the pod: ${refusal.words}`,
        weight: 0.7,
      };
    case 'webhook_unreachable':
      return {
        category: 'webhook_unavailable',
        cause: { kind: 'Webhook', namespace: null, name: refusal.webhook },
        description: `admission webhook ${refusal.webhook} cannot be called: ${refusal.words}`,
        weight: 0.96,
      };
    case 'policy':
      return {
        category: 'admission_podsecurity_rejected',
        description: `${refusal.policy} rejects the pod: ${refusal.words}`,
        weight: 0.95,
      };
    case 'class':
      return {
        category: 'rollout_stuck',
        cause: { kind: refusal.kind, namespace: null, name: refusal.name },
        description: `no pod is made: ${refusal.kind} ${refusal.name}, which it names, does not exist`,
        weight: 0.93,
      };
    default:
      return undefined;
  }
}

/** The Service that the API server called in vain, by the address in its words, where what stands behind it is broken. */
function calledIn(facts: Facts, words: string): BundleObject | undefined {
  const url = /https:\/\/[^\s"]{1,253}/.exec(words)?.[0];
  const call = url === undefined ? undefined : serviceNamed(url, null);
  return call && shownDead(facts, call.service) && facts.graph.find(call.service);
}

/** The object that a refusal comes from, where the bundle has it and the message leaves no doubt which. */
function ownerOf(facts: Facts, { said, refusal }: Found): BundleObject | undefined {
  if (refusal.why === 'webhook_unreachable')
    return hookConfigurations(facts).find((one) => namesHook(one, refusal.webhook)) ?? calledIn(facts, refusal.words);
  if (refusal.why !== 'limit_range') return undefined;
  const [only, ...others] = facts.of('LimitRange').filter(({ namespace }) => namespace === said.about.namespace);
  return others.length === 0 ? only : undefined;
}

/** Pods that the API server does not let be made: quota, figures that a quota wants, policies, webhooks that do not answer. */
export const refusedCreation: Rule = (facts) =>
  groupBy(refusals(facts), ({ said, refusal }) => JSON.stringify([facts.top(said.about), refusal.why])).flatMap(
    (group) => {
      const [first] = group;
      const told = first === undefined ? undefined : meaning(first.refusal, first.said.about.namespace);
      if (first === undefined || told === undefined) return [];
      const owner = ownerOf(facts, first);
      return finding({
        ...told,
        ...(owner === undefined ? {} : { cause: subjectOf(owner) }),
        subject: facts.top(first.said.about),
        evidence: group.flatMap(({ said }) => said.evidence),
        affects: group.map(({ said }) => said.about),
      });
    },
  );
