import type { BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { backendsOf } from '../../diagnosis/graph/edges.ts';
import { carries, type Labels } from '../../diagnosis/graph/label-selector.ts';
import { type Bearer, bearersOf, nearest } from '../../diagnosis/graph/nearest-labels.ts';
import { keyOf, subjectOf } from '../../diagnosis/graph/object-key.ts';
import { numberAt, objectsAt, textAt, textsAt } from '../../diagnosis/json-path.ts';
import { type Scope, subjectObject } from '../scope.ts';
import { type Change, isNearName, nearNameOf, only } from './aimed.ts';

/** The selector with its one wrong pair put right, as the pods that it should select carry it. */
function corrected(
  selector: Labels,
  { labels }: Bearer,
  wrong: { key: string; wanted: string; found: string | undefined },
) {
  const { [wrong.key]: _, ...rest } = selector;
  if (wrong.found !== undefined) return { ...rest, [wrong.key]: wrong.found };
  const key = only(Object.keys(labels).filter((one) => labels[one] === wrong.wanted && selector[one] === undefined));
  return key === undefined ? undefined : { ...rest, [key]: wrong.wanted };
}

/** Whether a selector meets the pods of one workload alone. */
function meetsOne({ facts }: Scope, bearers: readonly Bearer[], selector: Labels): boolean {
  const met = bearers
    .filter(({ labels }) => carries(selector, labels))
    .map(({ object }) => keyOf(facts.top(subjectOf(object))));
  return new Set(met).size === 1;
}

/** Which Service is looked at; none where the evidence names none. */
type About = (scope: Scope) => Subject | undefined;

function serviceOf(scope: Scope, about: About): BundleObject | undefined {
  const named = about(scope);
  return named === undefined ? undefined : scope.facts.graph.find(named);
}

/** A Service selects the pods that miss its selector by one pair. */
export const serviceSelector = (about: About): Change<'set_service_selector'> => ({
  action: 'set_service_selector',
  of: (scope) => {
    const service = serviceOf(scope, about);
    if (service?.kind !== 'Service') return undefined;
    const bearers = bearersOf(scope.facts, service.namespace);
    const current = textsAt(service.body, 'spec.selector');
    const near = nearest(service, current, bearers);
    const selector = near === undefined ? undefined : corrected(current, near.bearer, near);
    if (selector === undefined || !meetsOne(scope, bearers, selector)) return undefined;
    return { target: subjectOf(service), parameters: { selector } };
  },
});

const containersIn = ({ kind, body }: BundleObject): JsonObject[] =>
  objectsAt(body, kind === 'Pod' ? 'spec.containers' : 'spec.template.spec.containers');

/** A port of a Service leads to the one port that the pods behind it declare. */
export const servicePort = (about: About): Change<'set_service_port'> => ({
  action: 'set_service_port',
  of: (scope) => {
    const service = serviceOf(scope, about);
    const selector = textsAt(service?.body, 'spec.selector');
    if (service?.kind !== 'Service' || Object.keys(selector).length === 0) return undefined;
    const behind = bearersOf(scope.facts, service.namespace).filter(({ labels }) => carries(selector, labels));
    const declared = behind.flatMap(({ object }) => containersIn(object)).flatMap((one) => objectsAt(one, 'ports'));
    const target_port = only([...new Set(declared.flatMap((one) => numberAt(one, 'containerPort') ?? []))]);
    const wrong = only(objectsAt(service.body, 'spec.ports'));
    const leads = wrong?.['targetPort'] ?? wrong?.['port'];
    const port = numberAt(wrong, 'port');
    const isRight = declared.some((one) => one['name'] === leads || String(one['containerPort']) === String(leads));
    if (target_port === undefined || port === undefined || isRight) return undefined;
    return { target: subjectOf(service), parameters: { port, target_port } };
  },
});

/** The port of a Service that an Ingress should ask: the same one where it is there, else the only one. */
function portFor(service: BundleObject, wanted: string | undefined): number | undefined {
  const ports = objectsAt(service.body, 'spec.ports');
  const same = ports.find((one) => String(one['port']) === wanted || one['name'] === wanted);
  return numberAt(same ?? only(ports), 'port');
}

/** An Ingress sends to a Service and port that exist. */
export const ingressBackend: Change<'set_ingress_backend'> = {
  action: 'set_ingress_backend',
  of: (scope) => {
    const ingress = subjectObject(scope);
    if (ingress?.kind !== 'Ingress') return undefined;
    const services = scope.facts.of('Service').filter(({ namespace }) => namespace === ingress.namespace);
    const named = (name: string) => services.find((one) => one.name === name);
    const wrong = backendsOf(ingress).find(({ service, port }) => {
      const found = named(service);
      return (
        found === undefined || (port !== undefined && String(portFor(found, port)) !== port && !hasName(found, port))
      );
    });
    if (wrong === undefined) return undefined;
    const service =
      named(wrong.service) ??
      named(
        nearNameOf(
          wrong.service,
          services.map(({ name }) => name),
        ) ?? '',
      );
    const port = service === undefined ? undefined : portFor(service, wrong.port);
    if (service === undefined || port === undefined) return undefined;
    return { target: subjectOf(ingress), parameters: { from: wrong.service, service: service.name, port } };
  },
};

const hasName = (service: BundleObject, port: string): boolean =>
  objectsAt(service.body, 'spec.ports').some(({ name }) => name === port);

const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** An Ingress names a class that is there: the like-named one, the default, or the only one. */
export const ingressClass: Change<'set_ingress_class'> = {
  action: 'set_ingress_class',
  of: (scope) => {
    const ingress = subjectObject(scope);
    if (ingress?.kind !== 'Ingress') return undefined;
    const classes = scope.facts.of('IngressClass');
    const wanted = textAt(ingress.body, 'spec.ingressClassName');
    if (classes.some(({ name }) => name === wanted)) return undefined;
    const near = classes.filter(({ name }) => wanted !== undefined && isNearName(wanted, name));
    const usual = classes.filter(({ body }) => textsAt(body, 'metadata.annotations')[DEFAULT_CLASS] === 'true');
    const chosen = only(near) ?? only(usual) ?? only(classes);
    return chosen === undefined ? undefined : { target: subjectOf(ingress), parameters: { class: chosen.name } };
  },
};
