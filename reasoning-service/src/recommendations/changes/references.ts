import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { isSame, subjectOf } from '../../diagnosis/graph/object-key.ts';
import { podShapeOf, workloadKinds } from '../../diagnosis/graph/pod-spec.ts';
import { referencesOf } from '../../diagnosis/graph/references.ts';
import { objectsAt, textAt } from '../../diagnosis/json-path.ts';
import type { Scope } from '../scope.ts';
import { type Change, containersOf, nearNameOf, only, ownWorkload } from './aimed.ts';

/** The other things of the namespace that make pods or are pods: what they name is known to be in use. */
const neighbours = ({ facts, diagnosis: { subject } }: Scope): BundleObject[] =>
  facts.bundle.objects.filter(
    (one) =>
      one.namespace === subject.namespace &&
      (one.kind === 'Pod' || workloadKinds.has(one.kind)) &&
      !isSame(facts.top(subjectOf(one)), subject) &&
      !isSame(one, subject),
  );

/** Names of one kind that exist as far as the bundle knows: objects of the namespace, and what healthy neighbours use. */
function existing(scope: Scope, kind: 'ConfigMap' | 'ServiceAccount'): string[] {
  const { facts, diagnosis } = scope;
  const objects = facts.of(kind).filter(({ namespace }) => namespace === diagnosis.subject.namespace);
  const used = neighbours(scope)
    .filter((one) => facts.health(one).state === 'healthy')
    .flatMap((one) => referencesOf(podShapeOf(one)?.spec ?? {}))
    .filter((one) => one.kind === kind);
  return [...objects, ...used].map(({ name }) => name);
}

/** The workload names the ConfigMap that is there and almost called so. */
export const configReference: Change<'set_config_reference'> = {
  action: 'set_config_reference',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const { root_cause } = scope.diagnosis;
    if (workload === undefined || root_cause.subject.kind !== 'ConfigMap') return undefined;
    const from = root_cause.subject.name;
    const named = referencesOf(workload.pod).flatMap(({ kind, name }) => (kind === 'ConfigMap' ? [name] : []));
    const there = existing(scope, 'ConfigMap');
    // The name comes out of a message, so it counts only as one that the template itself has.
    if (!named.includes(from) || there.includes(from)) return undefined;
    const to = nearNameOf(
      from,
      there.filter((name) => !named.includes(name)),
    );
    return to === undefined ? undefined : { target: workload.target, parameters: { from, to } };
  },
};

const accountOf = (pod: Parameters<typeof referencesOf>[0]): string | undefined =>
  textAt(pod, 'serviceAccountName') ?? textAt(pod, 'serviceAccount');

/** The workload runs as the account that is there and almost called so. */
export const nearAccount: Change<'set_service_account'> = {
  action: 'set_service_account',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const wanted = workload === undefined ? undefined : accountOf(workload.pod);
    const there = existing(scope, 'ServiceAccount').filter((name) => name !== 'default');
    if (workload === undefined || wanted === undefined || there.includes(wanted)) return undefined;
    const name = nearNameOf(wanted, there);
    return name === undefined ? undefined : { target: workload.target, parameters: { name } };
  },
};

/** The workload runs as the account that bears its own name, where it names none and so runs as the default one. */
export const ownAccount: Change<'set_service_account'> = {
  action: 'set_service_account',
  of: (scope) => {
    const workload = ownWorkload(scope);
    if (workload === undefined || (accountOf(workload.pod) ?? 'default') !== 'default') return undefined;
    const { name } = workload.object;
    return existing(scope, 'ServiceAccount').includes(name)
      ? { target: workload.target, parameters: { name } }
      : undefined;
  },
};

const registryOf = (image: string | undefined): string | undefined => {
  const [host = '', ...rest] = (image ?? '').split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(host) ? host : undefined;
};

const secretsOf = (of: Parameters<typeof objectsAt>[0]): string[] =>
  objectsAt(of, 'imagePullSecrets').flatMap((one) => textAt(one, 'name') ?? []);

/** The pull secrets with which healthy neighbours pull from the registry of this pod's image, a list for each neighbour. */
function neighbourlySecrets(scope: Scope, pod: JsonObject): string[][] {
  const registry = registryOf(textAt(containersOf(scope, pod)[0], 'image'));
  if (registry === undefined) return [];
  return neighbours(scope)
    .filter((one) => scope.facts.health(one).state === 'healthy')
    .flatMap((one) => podShapeOf(one)?.spec ?? [])
    .filter((other) => objectsAt(other, 'containers').some((one) => registryOf(textAt(one, 'image')) === registry))
    .map(secretsOf)
    .filter((names) => names.length > 0);
}

/** The pull secrets with which a healthy neighbour pulls from the same registry. */
export const pullSecrets: Change<'set_pull_secrets'> = {
  action: 'set_pull_secrets',
  of: (scope) => {
    const workload = ownWorkload(scope);
    if (workload === undefined || secretsOf(workload.pod).length > 0) return undefined;
    const sets = neighbourlySecrets(scope, workload.pod);
    const chosen = only([...new Set(sets.map((names) => JSON.stringify(names)))]);
    return chosen === undefined ? undefined : { target: workload.target, parameters: { names: JSON.parse(chosen) } };
  },
};

/** Pull secrets that the kubelet could not find. */
const unfoundSecrets = ({ facts }: Scope): string[] =>
  facts.open.flatMap(
    ({ message }) =>
      /^Unable to retrieve some image pull secrets \(([^)]{1,500})\)/.exec(message)?.[1]?.split(', ') ?? [],
  );

/** The pull secret that the kubelet cannot find is the one, almost called so, that a healthy neighbour uses. */
export const nearPullSecret: Change<'set_pull_secrets'> = {
  action: 'set_pull_secrets',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const named = secretsOf(workload?.pod);
    const wrong = only(unfoundSecrets(scope).filter((name) => named.includes(name)));
    if (workload === undefined || wrong === undefined) return undefined;
    const right = nearNameOf(wrong, neighbourlySecrets(scope, workload.pod).flat());
    if (right === undefined || named.includes(right)) return undefined;
    return { target: workload.target, parameters: { names: named.map((name) => (name === wrong ? right : name)) } };
  },
};
