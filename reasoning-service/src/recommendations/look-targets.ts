import type { Subject } from '@aetherius/shared/contracts';
import { subjectOf } from '../diagnosis/graph/object-key.ts';
import { workloadKinds } from '../diagnosis/graph/pod-spec.ts';
import { textAt } from '../diagnosis/json-path.ts';
import { isNameable } from '../diagnosis/nameable.ts';
import type { Scope } from './scope.ts';
import { targets } from './targets.ts';
import { quoted, webhookService } from './webhook-service.ts';

/** What the first event in the evidence is about: a controller's refusal is told of the ReplicaSet, a verdict of the scheduler of the pod. */
function toldOf({ diagnosis, facts }: Scope): Subject | undefined {
  const cited = new Set(diagnosis.evidence.map(({ id }) => id));
  const event = facts.bundle.events.find(({ id }) => cited.has(id));
  return event === undefined ? undefined : subjectOf(event);
}

/** The object nearest to the fault that can be named. */
function nearest(scope: Scope): Subject | undefined {
  const { subject } = scope.diagnosis;
  const pod = workloadKinds.has(subject.kind) ? targets.failing_pod(scope) : undefined;
  return [toldOf(scope), pod, subject].find((one) => one !== undefined && isNameable(one));
}

/** An address is no object: then whoever calls it is looked at. */
const cause = (scope: Scope): Subject | undefined =>
  scope.diagnosis.root_cause.subject.kind === 'Address' ? nearest(scope) : targets.cause(scope);

/** The budget that holds an eviction: the cause, or the one that the API server names. */
function budget(scope: Scope): Subject | undefined {
  const { subject, root_cause: cause } = scope.diagnosis;
  const name = quoted(scope, /[Dd]isruption budget "?([a-z0-9][a-z0-9.-]{0,252}[a-z0-9])"? needs /);
  if (cause.subject.kind === 'PodDisruptionBudget') return cause.subject;
  return name === undefined ? undefined : { kind: 'PodDisruptionBudget', namespace: subject.namespace, name };
}

/** The class of a claim, as the claim or a refusal names it; the claim where nothing does. */
function storageClass(scope: Scope): Subject | undefined {
  const { diagnosis, facts } = scope;
  const { subject, root_cause: cause } = diagnosis;
  if (cause.subject.kind === 'StorageClass') return cause.subject;
  const claims = [subject, ...facts.graph.out(subject, 'claims').map(({ to }) => to)];
  const stated = claims.map((one) => textAt(facts.graph.find(one)?.body, 'spec.storageClassName')).find(Boolean);
  const name = stated ?? quoted(scope, /storageclass(?:\.storage\.k8s\.io)? "([a-z0-9][a-z0-9.-]{0,252})"/i);
  if (name !== undefined) return { kind: 'StorageClass', namespace: null, name };
  return subject.kind === 'PersistentVolumeClaim' ? subject : undefined;
}

/** Every object that a look may be aimed at. A look only reads, so it may also go where no more than a message points. */
export const lookTargets = {
  ...targets,
  cause,
  nearest,
  webhook_service: webhookService,
  budget,
  storage_class: storageClass,
} satisfies Record<string, (scope: Scope) => Subject | undefined>;
export type LookTargetName = keyof typeof lookTargets;
