import type { BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectAt, objectsAt, textAt } from '../json-path.ts';
import { parseCreation } from '../messages/creation.ts';
import { finding } from '../said.ts';
import { readyAddresses } from './service.ts';

/** Every registration of admission webhooks. */
export const hookConfigurations = (facts: Facts): readonly BundleObject[] => [
  ...facts.of('ValidatingWebhookConfiguration'),
  ...facts.of('MutatingWebhookConfiguration'),
];

/** Whether a registration has a webhook of this name. */
export const namesHook = (configuration: BundleObject, name: string): boolean =>
  objectsAt(configuration.body, 'webhooks').some((hook) => textAt(hook, 'name') === name);

type Dead = { service: Subject; words: string };

/** Why nobody can answer a webhook, as far as the Service that it names shows. */
function deadEnd(facts: Facts, hook: JsonObject): Dead | undefined {
  const wanted = objectAt(hook, 'clientConfig.service');
  const name = textAt(wanted, 'name');
  const namespace = textAt(wanted, 'namespace') ?? null;
  if (name === undefined || textAt(hook, 'failurePolicy') === 'Ignore') return undefined;
  const service: Subject = { kind: 'Service', namespace, name };
  if (facts.graph.find(service) !== undefined)
    return readyAddresses(facts, service) === 0 ? { service, words: 'has no ready endpoint' } : undefined;
  return facts.graph.isWhole('Service', namespace) ? { service, words: 'does not exist' } : undefined;
}

/** Webhooks of which a refusal already speaks: whom they refused is then the subject. */
const blamed = (facts: Facts): Set<string> =>
  new Set(
    facts.open.flatMap(({ message }) => {
      const refusal = parseCreation(message);
      return refusal?.why === 'webhook_unreachable' ? [refusal.webhook] : [];
    }),
  );

/** Admission webhooks that must answer and cannot: everything that they watch over will be refused. */
export const deadWebhook: Rule = (facts) => {
  const known = blamed(facts);
  return hookConfigurations(facts).flatMap((configuration): Hypothesis[] => {
    const hooks = objectsAt(configuration.body, 'webhooks');
    if (hooks.some((hook) => known.has(textAt(hook, 'name') ?? ''))) return [];
    const [dead] = hooks.flatMap((hook) => deadEnd(facts, hook) ?? []);
    if (dead === undefined) return [];
    const { service, words } = dead;
    return [
      finding({
        category: 'webhook_unavailable',
        subject: subjectOf(configuration),
        cause: service,
        description: `its Service ${service.namespace}/${service.name} ${words}, so what it has to admit is refused`,
        weight: 0.88,
        evidence: citeObject(configuration, `service.name: ${service.name}`),
      }),
    ];
  });
};
