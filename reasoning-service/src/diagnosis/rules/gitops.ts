import type { BundleObject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { anyOf } from '../messages/any-of.ts';
import { finding } from '../said.ts';

const kinds = ['Application', 'Kustomization', 'HelmRelease'];
const wrongPlace = anyOf(
  /namespaces? "?([\w.-]{1,63})"? (?:not found|is not permitted|is not managed|does not exist)/i,
  /destination.{0,160}(?:not permitted|does not match|do not match any of the allowed)/i,
  /namespace .{0,80}(?:not permitted|not allowed|mismatch)|namespace for \S{1,253}.{0,80}is missing/i,
);

/** The namespace that the desired state is written for. */
const destinationOf = ({ body }: BundleObject): string | undefined =>
  textAt(body, 'spec.destination.namespace') ?? textAt(body, 'spec.targetNamespace');

/** Words of the deployer about the place it was told. */
function told(facts: Facts, object: BundleObject): Evidence[] {
  const messages = [
    ...objectsAt(object.body, 'status.conditions').map((condition) => textAt(condition, 'message') ?? ''),
    textAt(object.body, 'status.operationState.message') ?? '',
    ...objectsAt(object.body, 'status.operationState.syncResult.resources').map(
      (resource) => textAt(resource, 'message') ?? '',
    ),
  ];
  const said = messages.filter((message) => wrongPlace.test(message));
  const events = facts.eventsOf(subjectOf(object)).filter(({ message }) => wrongPlace.test(message));
  return [
    ...said.flatMap((message) => citeObject(object, (message.split('\n')[0] ?? '').slice(0, 120))),
    ...citeEvents(events),
  ];
}

/** A destination that does not exist, or where nothing of the application is while its workload runs elsewhere. */
function elsewhere(facts: Facts, object: BundleObject): { words: string; evidence: Evidence[] } | undefined {
  const wanted = destinationOf(object);
  if (wanted === undefined) return undefined;
  const namespace = facts.graph.find({ kind: 'Namespace', namespace: null, name: wanted });
  const quote = citeObject(object, `amespace: ${wanted}`);
  if (namespace === undefined && facts.graph.isWhole('Namespace', null))
    return { words: `namespace ${wanted} does not exist`, evidence: quote };
  const own = facts.bundle.objects.filter(
    ({ kind, name }) =>
      ['Deployment', 'StatefulSet', 'Service'].includes(kind) &&
      (name === object.name || name.startsWith(`${object.name}-`)),
  );
  const astray = objectsAt(object.body, 'status.resources').find(
    (resource) => textAt(resource, 'namespace') !== undefined && textAt(resource, 'namespace') !== wanted,
  );
  const isOut =
    textAt(object.body, 'status.sync.status') !== 'Synced' || textAt(object.body, 'status.health.status') === 'Missing';
  const [other] = own.filter((one) => one.namespace !== wanted);
  const isHere = own.some((one) => one.namespace === wanted);
  if (other !== undefined && !isHere && (isOut || facts.subject.kind === 'Application'))
    return {
      words: `it deploys to ${wanted}, while ${other.kind} ${other.name} is in ${other.namespace}`,
      evidence: [...quote, ...citeObject(other, 'metadata.name')],
    };
  return astray === undefined || !isOut
    ? undefined
    : { words: `its resources are in ${textAt(astray, 'namespace')}, its destination is ${wanted}`, evidence: quote };
}

function misplaced(facts: Facts, object: BundleObject): Hypothesis[] {
  const evidence = told(facts, object);
  const shown = elsewhere(facts, object);
  if (evidence.length === 0 && shown === undefined) return [];
  return [
    finding({
      category: 'gitops_wrong_namespace',
      subject: subjectOf(object),
      description: `the desired state points to another place: ${evidence[0]?.quote ?? shown?.words ?? ''}`,
      weight: evidence.length > 0 ? 0.93 : 0.86,
      evidence: [...evidence, ...(shown?.evidence ?? [])],
      affects: [subjectOf(object)],
    }),
  ];
}

/** Deployers of desired state that point to the wrong namespace. */
export const wrongNamespace: Rule = (facts) =>
  kinds.flatMap((kind) => facts.of(kind)).flatMap((object) => misplaced(facts, object));
