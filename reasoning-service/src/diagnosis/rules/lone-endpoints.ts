import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeObject, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Rule } from '../hypothesis.ts';
import { numberAt, textAt, textsAt } from '../json-path.ts';
import { finding } from '../said.ts';
import { readyAddresses } from './service.ts';

/** Locks of programs that choose a leader are Endpoints too, and those of provisioners have dots, as no Service has. */
const lock = /^kube-(?:scheduler|controller-manager)$|\./;
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

const isLock = ({ name, body }: BundleObject): boolean =>
  lock.test(name) || LEADER in textsAt(body, 'metadata.annotations');

/** A name alone, as `-o name` prints it, says nothing of addresses. */
const isTold = ({ body }: BundleObject): boolean =>
  numberAt(body, 'status.ready') !== undefined || textAt(body, 'apiVersion') !== undefined;

const shown = (object: BundleObject): Evidence[] => {
  const [quote] = ['ready: 0', 'endpoints: null', 'service-name: ', 'metadata.name: '].flatMap((part) =>
    citeObject(object, part),
  );
  return quote === undefined ? [] : [quote];
};

/** Services of which nothing was read but that no address stands behind them. */
export const loneEndpoints: Rule = (facts) => {
  const found = new Map<string, { service: Subject; evidence: Evidence[] }>();
  for (const object of [...facts.of('Endpoints'), ...facts.of('EndpointSlice')]) {
    if (isLock(object) || !isTold(object)) continue;
    for (const { to } of facts.graph.out(subjectOf(object), 'slices'))
      if (!found.has(keyOf(to)) && isEmptyAlone(facts, to))
        found.set(keyOf(to), { service: to, evidence: shown(object) });
  }
  return [...found.values()].map(({ service, evidence }) =>
    finding({
      category: 'service_no_endpoints',
      subject: service,
      description: 'no address stands behind the service; which pods it selects was not read',
      weight: 0.75,
      evidence,
    }),
  );
};

/** Where something beside it is broken, that is why, and it is told of by itself. */
function isEmptyAlone(facts: Facts, service: Subject): boolean {
  const isKnown = facts.graph.find(service) !== undefined || facts.graph.isWhole('Service', service.namespace);
  if (isKnown || readyAddresses(facts, service) !== 0) return false;
  return !facts.bundle.objects.some(
    (object) =>
      object.namespace === service.namespace && ['broken', 'progressing'].includes(facts.health(object).state),
  );
}
