import type { BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { failedCondition } from '../health/condition-health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { finding } from '../said.ts';

const isBroken = (facts: Facts, object: BundleObject): boolean => facts.health(object).state === 'broken';

/** What a condition says, and the line of the object that shows it. */
const said = (object: BundleObject, condition: JsonObject | undefined) => {
  const words = textAt(condition, 'message') ?? textAt(condition, 'reason') ?? 'it is not accepted';
  return { words: words.slice(0, 300), evidence: citeObject(object, words.split('\n')[0]?.slice(0, 200) ?? '') };
};

/** Gateway classes that no controller takes, and gateways whose class does not exist. */
const classes: Rule = (facts) => [
  ...facts.of('GatewayClass').flatMap((one): Hypothesis[] => {
    if (!isBroken(facts, one)) return [];
    const { words, evidence } = said(one, failedCondition(one));
    const description = `no controller takes GatewayClass ${one.name}: ${words}`;
    return [
      finding({ category: 'ingress_class_missing', subject: subjectOf(one), description, weight: 0.88, evidence }),
    ];
  }),
  ...facts.of('Gateway').flatMap((gateway) => withoutClass(facts, gateway)),
];

function withoutClass(facts: Facts, gateway: BundleObject): Hypothesis[] {
  const name = textAt(gateway.body, 'spec.gatewayClassName');
  if (name === undefined || !facts.graph.isWhole('GatewayClass', null)) return [];
  const target: Subject = { kind: 'GatewayClass', namespace: null, name };
  if (facts.graph.find(target) !== undefined) return [];
  return [
    finding({
      category: 'ingress_class_missing',
      subject: subjectOf(gateway),
      cause: target,
      description: `GatewayClass ${name} does not exist, so no controller takes the gateway`,
      weight: 0.93,
      evidence: citeObject(gateway, `: ${name}`),
    }),
  ];
}

/** Services of this namespace that a route sends requests to; another namespace's needs a grant and is left to the controller's word. */
const backendsOf = (route: BundleObject): string[] =>
  objectsAt(route.body, 'spec.rules')
    .flatMap((rule) => objectsAt(rule, 'backendRefs'))
    .filter((to) => (textAt(to, 'kind') ?? 'Service') === 'Service')
    .filter((to) => (textAt(to, 'namespace') ?? route.namespace) === route.namespace)
    .flatMap((to) => textAt(to, 'name') ?? []);

function lostBackend(facts: Facts, route: BundleObject): Hypothesis[] {
  const absent = backendsOf(route).find(
    (name) =>
      facts.graph.isWhole('Service', route.namespace) &&
      facts.graph.find({ kind: 'Service', namespace: route.namespace, name }) === undefined,
  );
  const failed = failedCondition(route);
  const isTold = isBroken(facts, route) && textAt(failed, 'reason') === 'BackendNotFound';
  if (absent === undefined && !isTold) return [];
  const { words, evidence } = isTold
    ? said(route, failed)
    : { words: `Service ${absent} does not exist`, evidence: [] };
  return [
    finding({
      category: 'ingress_backend_missing',
      subject: subjectOf(route),
      ...(absent === undefined ? {} : { cause: { kind: 'Service', namespace: route.namespace, name: absent } }),
      description: `the route sends requests to what is not there: ${words}`,
      weight: absent === undefined ? 0.88 : 0.93,
      evidence: [...(absent === undefined ? [] : citeObject(route, `: ${absent}`)), ...evidence],
    }),
  ];
}

/** Faults of the Gateway API: classes that nobody takes or that do not exist, routes to Services that do not exist. */
export const brokenGateway: Rule = (facts) => [
  ...classes(facts),
  ...facts.of('HTTPRoute').flatMap((route) => lostBackend(facts, route)),
];
