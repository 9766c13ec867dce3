import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { backendsOf } from '../graph/edges.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt, textsAt } from '../json-path.ts';
import { finding } from '../said.ts';

const missingBackend =
  /(?:error obtaining endpoints|endpoints.{0,40}(?:not found|does not exist)|services? "[^"]{1,253}" not found|service.{0,80}does not (?:exist|have any)|cannot find service|backend service.{0,80}not found|no object matching key|could not find service|unable to find service)/i;
const missingClass =
  /ingressclass(?:es)?(?:\.networking\.k8s\.io)? "[^"]{1,253}" not found|no (?:matching )?IngressClass|ingress class.{0,60}(?:not found|does not exist|is missing)/i;

/** In a bundle about the ingress itself the agent has read the Services around it. */
const servicesAreKnown = (facts: Facts, ingress: BundleObject): boolean =>
  facts.graph.isWhole('Service', ingress.namespace) ||
  (facts.subject.kind === 'Ingress' && facts.of('Service').some(({ namespace }) => namespace === ingress.namespace));

function wrongBackends(facts: Facts, ingress: BundleObject): { target: Subject; words: string; quote: string }[] {
  return backendsOf(ingress).flatMap(({ service, port }) => {
    const target: Subject = { kind: 'Service', namespace: ingress.namespace, name: service };
    const found = facts.graph.find(target);
    if (found === undefined)
      return servicesAreKnown(facts, ingress)
        ? [{ target, words: `Service ${service} does not exist`, quote: `: ${service}` }]
        : [];
    const ports = objectsAt(found.body, 'spec.ports');
    const fits =
      ports.length === 0 ||
      port === undefined ||
      ports.some((one) => String(one['port']) === port || one['name'] === port);
    return fits ? [] : [{ target, words: `Service ${service} has no port ${port}`, quote: `: ${port}` }];
  });
}

/** What `kubectl describe` found out itself when it looked for the backends. */
function printedProblem({ body, namespace }: BundleObject): { target: Subject; words: string; quote: string }[] {
  const problem = textAt(body, 'status.problem') ?? '';
  const [, name] = /^(?:services|endpoints) "([^"]{1,253})" not found$/.exec(problem) ?? [];
  return name === undefined
    ? []
    : [{ target: { kind: 'Service', namespace, name }, words: `Service ${name} does not exist`, quote: problem }];
}

function backend(facts: Facts, ingress: BundleObject): Hypothesis[] {
  const subject = subjectOf(ingress);
  const events = facts.eventsOf(subject, { message: missingBackend });
  const [wrong] = [...wrongBackends(facts, ingress), ...printedProblem(ingress)];
  if (wrong === undefined && events.length === 0) return [];
  return [
    finding({
      category: 'ingress_backend_missing',
      subject,
      cause: wrong?.target ?? subject,
      description: `the ingress sends requests to what is not there: ${wrong?.words ?? events[0]?.message ?? ''}`,
      weight: wrong === undefined ? 0.88 : 0.95,
      evidence: [...(wrong === undefined ? [] : citeObject(ingress, wrong.quote)), ...citeEvents(events, 2)],
    }),
  ];
}

function className(facts: Facts, ingress: BundleObject): Hypothesis[] {
  const subject = subjectOf(ingress);
  const wanted =
    textAt(ingress.body, 'spec.ingressClassName') ??
    textsAt(ingress.body, 'metadata.annotations')['kubernetes.io/ingress.class'];
  const classes = facts.of('IngressClass');
  const isAbsent =
    wanted !== undefined &&
    !classes.some(({ name }) => name === wanted) &&
    (classes.length > 0 || facts.graph.isWhole('IngressClass', null)) &&
    objectsAt(ingress.body, 'status.loadBalancer.ingress').length === 0;
  const events = facts.eventsOf(subject, { message: missingClass });
  if (!isAbsent && events.length === 0) return [];
  return [
    finding({
      category: 'ingress_class_missing',
      subject,
      cause: { kind: 'IngressClass', namespace: null, name: wanted ?? 'default' },
      description: `IngressClass ${wanted ?? 'default'} does not exist, so no controller takes the ingress`,
      weight: 0.94,
      evidence: [...(wanted === undefined ? [] : citeObject(ingress, `: ${wanted}`)), ...citeEvents(events, 2)],
    }),
  ];
}

/** An ingress that the bundle knows by its events alone. */
const byEvents = (facts: Facts): Hypothesis[] =>
  facts
    .events({ kind: 'Ingress' })
    .filter((event) => facts.graph.find(subjectOf(event)) === undefined)
    .flatMap((event) => {
      const isBackend = missingBackend.test(event.message);
      if (!isBackend && !missingClass.test(event.message)) return [];
      return finding({
        category: isBackend ? 'ingress_backend_missing' : 'ingress_class_missing',
        subject: subjectOf(event),
        description: event.message.slice(0, 300),
        weight: 0.86,
        evidence: citeEvents([event]),
      });
    });

/** Ingresses whose backend or class does not exist. */
export const brokenIngress: Rule = (facts) => [
  ...facts.of('Ingress').flatMap((ingress) => [...backend(facts, ingress), ...className(facts, ingress)]),
  ...byEvents(facts),
];
