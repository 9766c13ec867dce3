import { type BundleChange, type Category, JsonObject, type WriteAction } from '@aetherius/shared/contracts';
import { carries, type Labels } from '../../diagnosis/graph/label-selector.ts';
import { labelsOf } from '../../diagnosis/graph/object-graph.ts';
import { referencesOf } from '../../diagnosis/graph/references.ts';
import { objectsAt, own, textAt, textsAt, wordAt } from '../../diagnosis/json-path.ts';
import { parseQuantity } from '../../diagnosis/quantity.ts';
import { recentRollout } from '../../diagnosis/remedies.ts';
import { type Scope, shortOf } from '../scope.ts';
import { type Aimed, type Change, only, ownWorkload } from './aimed.ts';

type Field = Omit<BundleChange['fields'][number], 'path'> & { parts: string[] };
type Own = NonNullable<ReturnType<typeof ownWorkload>>;

const POD = 'spec.template.spec.';

/** What the last rollout changed in the pod where the path is of this form, with the parts of the path that it tells apart. */
function changed(scope: Scope, form: RegExp): Field[] {
  const fields = recentRollout(scope.facts, scope.diagnosis.subject)?.fields ?? [];
  return fields.flatMap(({ path, before, after }) => {
    const parts = path.startsWith(POD) ? form.exec(path.slice(POD.length)) : null;
    return parts === null ? [] : [{ parts: parts.slice(1).filter((part) => part !== undefined), before, after }];
  });
}

const containerOf = ({ pod }: Own, name: string | undefined): JsonObject | undefined =>
  objectsAt(pod, 'containers').find((one) => one['name'] === name);

/** Whether the template still says what the rollout left there: whoever changed it since knows more. */
const stillSays = (now: string | undefined, { after }: Field): boolean => (now ?? null) === after;

/**
 * Takes fields back to what they were before the last rollout: that keeps what else it brought, and is the only way back of a
 * StatefulSet or DaemonSet, whose revisions no action restores.
 */
const taking = <A extends WriteAction>(
  action: A,
  form: RegExp,
  parametersFor: (fields: Field[], own: Own, scope: Scope) => Aimed<A>['parameters'] | undefined,
): Change<A> => ({
  action,
  of: (scope) => {
    const own = ownWorkload(scope);
    const fields = own === undefined ? [] : changed(scope, form);
    const parameters = own === undefined || fields.length === 0 ? undefined : parametersFor(fields, own, scope);
    return own === undefined || parameters === undefined ? undefined : { target: own.target, parameters };
  },
});

type Probe = Aimed<'set_probe'>['parameters'];

const probeOf: Readonly<Partial<Record<Category, Probe['probe']>>> = {
  probe_liveness_misconfigured: 'liveness',
  probe_readiness_failed: 'readiness',
  probe_startup_failed: 'startup',
};
/** What a parameter of a probe stands for in the object, and what the API server takes for one that is not stated. */
const figures: Readonly<Record<string, readonly [parameter: string, unstated: number]>> = {
  initialDelaySeconds: ['initial_delay_seconds', 0],
  periodSeconds: ['period_seconds', 10],
  timeoutSeconds: ['timeout_seconds', 1],
  failureThreshold: ['failure_threshold', 3],
};

const asPort = (word: string): number | string => (/^\d{1,5}$/.test(word) ? Number(word) : word);

/** One changed field of a probe as the parameter that takes it back; undefined for one that no parameter reaches. */
function probeParameter(where: string, before: string | null): Partial<Probe> | undefined {
  const figure = own(figures, where);
  if (figure !== undefined) return { [figure[0]]: before === null ? figure[1] : Number(before) };
  if (before === null) return undefined;
  if (where === 'httpGet.path') return { path: before };
  return /^(?:httpGet|tcpSocket|grpc)\.port$/.test(where) ? { port: asPort(before) } : undefined;
}

/** A rollout that brought another program may have needed what it changed beside it: then only all of it can be taken back. */
const hasOtherProgram = (scope: Scope): boolean =>
  changed(scope, /^(?:initC|c)ontainers\[[^\]]+\]\.(image|command|args)\b/).length > 0;

/** The probe that fails asks again where and as patiently as it did before. */
export const formerProbe = taking(
  'set_probe',
  /^containers\[([^\]]+)\]\.(liveness|readiness|startup)Probe\.(.+)$/,
  (fields, workload, scope) => {
    const kind = hasOtherProgram(scope) ? undefined : probeOf[scope.diagnosis.category];
    const [container] = fields.flatMap(({ parts }) => (parts[1] === kind ? [parts[0]] : []));
    if (kind === undefined || container === undefined) return undefined;
    const spec = containerOf(workload, container);
    const mine = fields.filter(({ parts }) => parts[0] === container && parts[1] === kind);
    if (!mine.every((one) => stillSays(wordAt(spec, `${kind}Probe.${one.parts[2]}`), one))) return undefined;
    const back = mine.map(({ parts, before }) => probeParameter(parts[2] ?? '', before));
    return back.includes(undefined) ? undefined : Object.assign({ container, probe: kind }, ...back);
  },
);

/** The processor limit that a rollout lowered. */
export const formerCpuLimit = taking(
  'set_resources',
  /^containers\[([^\]]+)\]\.resources\.limits\.cpu$/,
  (fields, workload) => {
    const lowered = fields.find((one) => {
      const now = wordAt(containerOf(workload, one.parts[0]), 'resources.limits.cpu');
      return stillSays(now, one) && isLess(one.after, one.before);
    });
    const [container, cpu] = [lowered?.parts[0], lowered?.before];
    return container === undefined || typeof cpu !== 'string' ? undefined : { container, limits: { cpu } };
  },
);

const isLess = (a: string | null, b: string | null): boolean => {
  const [less, more] = [parseQuantity(a ?? undefined), parseQuantity(b ?? undefined)];
  return less !== undefined && more !== undefined && less < more;
};

/** The requests of the one container for which a rollout raised them, of what there is too little of. */
export const formerRequests = taking(
  'set_resources',
  /^containers\[([^\]]+)\]\.resources\.requests\.(cpu|memory)$/,
  (fields, workload, scope) => {
    const short = shortOf(scope);
    const raised = fields.filter((one) => {
      const [container, resource = ''] = one.parts;
      const now = wordAt(containerOf(workload, container), `resources.requests.${resource}`);
      return stillSays(now, one) && isLess(one.before, one.after) && (short.size === 0 || short.has(resource));
    });
    const container = only([...new Set(raised.map(({ parts }) => parts[0]))]);
    const requests = Object.fromEntries(raised.map(({ parts, before }) => [parts[1], before]));
    return container === undefined ? undefined : { container, requests };
  },
);

const isGone = ({ facts, diagnosis: { subject } }: Scope, kind: string, name: string): boolean =>
  facts.graph.isWhole(kind, subject.namespace) &&
  facts.graph.find({ kind, namespace: subject.namespace, name }) === undefined;

/** The account that the pods ran as before, the default one where none was named. */
export const formerAccount = taking('set_service_account', /^(serviceAccountName)$/, ([field], { pod }, scope) => {
  if (field === undefined || hasOtherProgram(scope)) return undefined;
  if (!stillSays(textAt(pod, 'serviceAccountName'), field)) return undefined;
  const { before: name } = field;
  return name !== null && isGone(scope, 'ServiceAccount', name) ? undefined : { name };
});

/** The ConfigMaps of a list of `envFrom`, which a note of a change holds as text, cut where it is long. */
function configMapsIn(envFrom: string | null): string[] {
  try {
    const container = JsonObject.parse({ envFrom: JSON.parse(envFrom ?? '[]') });
    return referencesOf({ containers: [container] }).flatMap(({ kind, name }) => (kind === 'ConfigMap' ? [name] : []));
  } catch {
    return [];
  }
}

/** The name that a rollout brought and the one that it took away. */
function renamedBy({ parts, before, after }: Field): (string | null | undefined)[] {
  if (parts[0] === 'name') return [after, before];
  const [old, fresh] = [configMapsIn(before), configMapsIn(after)];
  return [only(fresh.filter((name) => !old.includes(name))), only(old.filter((name) => !fresh.includes(name)))];
}

/** The ConfigMap that the pods named before in every place where they name another now. */
export const formerConfigMap = taking(
  'set_config_reference',
  /\.(?:(?:configMap|configMapKeyRef)\.(name)|(envFrom))$/,
  (fields, { pod }, scope) => {
    const pairs = fields.map((field) => renamedBy(field));
    const [from, to] = only([...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()]) ?? [];
    const named = referencesOf(pod).flatMap(({ kind, name }) => (kind === 'ConfigMap' ? [name] : []));
    if (typeof from !== 'string' || typeof to !== 'string' || !named.includes(from)) return undefined;
    const isNoWay = named.includes(to) || isGone(scope, 'ConfigMap', to) || hasOtherProgram(scope);
    return isNoWay ? undefined : { from, to };
  },
);

/** The pull secrets that the pods named before and do not name any more, beside those that they name. */
export const formerPullSecrets = taking(
  'set_pull_secrets',
  /^imagePullSecrets\[([^\]]+)\]$/,
  (fields, { pod }, scope) => {
    const now = objectsAt(pod, 'imagePullSecrets').flatMap((one) => textAt(one, 'name') ?? []);
    const lost = fields.flatMap(({ parts: [name = ''], after }) =>
      after === null && !now.includes(name) ? [name] : [],
    );
    return lost.length === 0 || lost.some((name) => isGone(scope, 'Secret', name))
      ? undefined
      : { names: [...now, ...lost] };
  },
);

/** The labels that the pods asked their nodes for before, where a node has them. */
export const formerNodeSelector = taking('set_node_selector', /^nodeSelector\.(.+)$/, (fields, { pod }, { facts }) => {
  const now = textsAt(pod, 'nodeSelector');
  if (!fields.every((one) => stillSays(now[one.parts[0] ?? ''], one))) return undefined;
  const back = new Map(fields.map(({ parts, before }) => [parts[0], before]));
  const kept = Object.entries(now).filter(([key]) => !back.has(key));
  const labels: Labels = Object.fromEntries([...kept, ...[...back].filter(([, value]) => value !== null)]);
  return facts.of('Node').some((node) => carries(labels, labelsOf(node))) ? { labels } : undefined;
});
