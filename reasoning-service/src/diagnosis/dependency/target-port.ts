import type { BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { carries } from '../graph/label-selector.ts';
import { templateLabels } from '../graph/object-graph.ts';
import { inFull } from '../graph/object-key.ts';
import { podShapeOf, workloadKinds } from '../graph/pod-spec.ts';
import { numberAt, objectsAt, textsAt, valueAt } from '../json-path.ts';
import type { Shown } from './shown.ts';

/** What stands behind a Service and tells its containers: pods, else the templates that make them. */
function servers(facts: Facts, service: BundleObject): BundleObject[] {
  const selector = textsAt(service.body, 'spec.selector');
  const pods = facts.graph.podsWith(service.namespace, selector).filter((pod) => portsOf(pod).length > 0);
  if (pods.length > 0 || Object.keys(selector).length === 0) return pods;
  return facts.bundle.objects.filter(
    (one) =>
      workloadKinds.has(one.kind) && one.namespace === service.namespace && carries(selector, templateLabels(one)),
  );
}

const portsOf = (object: BundleObject): JsonObject[] =>
  objectsAt(podShapeOf(object)?.spec, 'containers').flatMap((container) => objectsAt(container, 'ports'));

/** The port of a Service that was called; its only one where the call tells none. */
function chosenPort({ body }: BundleObject, called: number | undefined): JsonObject | undefined {
  const ports = objectsAt(body, 'spec.ports');
  return called === undefined && ports.length === 1 ? ports[0] : ports.find((one) => numberAt(one, 'port') === called);
}

/**
 * By which a Service is shown to lead to a port at which nobody listens: none of the containers behind it declares it, and each
 * declares others. What they declare binds nobody, so this speaks only beside a call that fails.
 */
export function leadsNowhere(facts: Facts, target: Subject, called: number | undefined): Shown | undefined {
  const service = target.kind === 'Service' ? facts.graph.find(target) : undefined;
  const port = service && chosenPort(service, called);
  if (service === undefined || port === undefined) return undefined;
  const leadsTo = valueAt(port, 'targetPort') ?? valueAt(port, 'port');
  const behind = servers(facts, service);
  const [first] = behind;
  const declared = behind.map(portsOf);
  const isDeclared = declared.some((all) =>
    all.some(({ name, containerPort }) => name === leadsTo || String(containerPort) === String(leadsTo)),
  );
  if (first === undefined || isDeclared || declared.some((all) => all.length === 0)) return undefined;
  const others = [...new Set(declared.flat().map(({ containerPort }) => String(containerPort)))];
  return {
    subject: target,
    says: `${inFull(target)} leads port ${valueAt(port, 'port')} to port ${leadsTo} of its pods, which declare ${others.slice(0, 5).join(', ')} and not that`,
    evidence: [
      ...citeObject(service, valueAt(port, 'targetPort') === undefined ? '.port: ' : `.targetPort: ${leadsTo}`),
      ...citeObject(first, 'containerPort: '),
    ],
  };
}
