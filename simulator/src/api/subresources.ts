import { ApiError, badRequest, conflict } from '../store/api-error.ts';
import { asArray, asNumber, asObject, asString, at, copyJson, type Json, type JsonObject } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { isDryRun } from './delete.ts';
import type { Hooks } from './hooks.ts';
import { applyPatch } from './patch.ts';
import { objectBody } from './request-body.ts';
import { isTrue, type RequestInfo } from './request-info.ts';
import { existing } from './write.ts';

/** The Scale of a workload. */
export function scaleOf({ metadata, spec, status }: KubeObject): JsonObject {
  const { name, namespace = '', uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: asNumber(spec?.['replicas']) },
    status: { replicas: asNumber(status?.['replicas']), selector: selectorText(asObject(spec?.['selector'])) },
  };
}

function selectorText(selector: JsonObject): string {
  const labels = asObject(selector['matchLabels'] ?? (selector['matchExpressions'] === undefined ? selector : {}));
  const equal = Object.entries(labels).map(([key, value]) => `${key}=${asString(value)}`);
  return [...equal.sort(), ...asArray(selector['matchExpressions']).map(expressionText)].join(',');
}

function expressionText(expression: Json): string {
  const { key, operator, values } = asObject(expression);
  if (operator === 'Exists') return asString(key);
  if (operator === 'DoesNotExist') return `!${asString(key)}`;
  return `${asString(key)} ${asString(operator).toLowerCase()} (${asArray(values).map(asString).join(',')})`;
}

/** Sets a workload's replicas by a PUT or PATCH of its Scale. */
export function writeScale(deps: {
  store: ObjectStore;
  request: RequestInfo;
  body: Json | undefined;
  contentType: string;
}): JsonObject {
  const { store, request, body, contentType } = deps;
  const current = existing(store, request);
  const sent = request.verb === 'patch' ? applyPatch(scaleOf(current), body ?? null, contentType) : objectBody(body);
  const replicas = at(sent, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || replicas < 0 || !Number.isInteger(replicas)) {
    throw new ApiError(
      422,
      'Invalid',
      `Scale.autoscaling "${current.metadata.name}" is invalid: spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    );
  }
  const next = copyJson(current);
  next.spec = { ...next.spec, replicas };
  const { resourceVersion, uid } = asObject(sent['metadata']);
  next.metadata.resourceVersion = asString(resourceVersion);
  next.metadata.uid = asString(uid);
  return scaleOf(store.update(next, { dryRun: isDryRun(request.query) }));
}

/** Puts a pod on a node, as a scheduler asks for it. */
export function bindPod(store: ObjectStore, request: RequestInfo, body: Json | undefined): void {
  const pod = existing(store, request);
  const node = asString(at(objectBody(body), 'target', 'name'));
  if (node === '') throw badRequest('target.name: Required value');
  const { namespace, name } = pod.metadata;
  if (asString(pod.spec?.['nodeName']) !== '')
    throw conflict(request.kind, name, `pod ${name} is already assigned to node "${asString(pod.spec?.['nodeName'])}"`);
  if (isDryRun(request.query)) return;
  store.mutate('Pod', namespace, name, (draft) => {
    draft.spec = { ...draft.spec, nodeName: node };
  });
}

const lineTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) /;

/** What a container wrote, cut to what was asked for. */
export function readPodLog(deps: { store: ObjectStore; hooks: Hooks; request: RequestInfo; now: Date }): string {
  const { store, hooks, request, now } = deps;
  const pod = existing(store, request);
  const { query } = request;
  const container = chooseContainer(pod, query.get('container'));
  const { namespace = '', name } = pod.metadata;
  const previous = isTrue(query.get('previous'));
  const lines = hooks.readLog?.({ namespace, pod: name, container, previous });
  if (lines === undefined) throw noLog(pod, container, previous);
  const tail = query.get('tailLines');
  const since = writtenSince(startOf(query, now), lines);
  const kept = tail === null ? since : since.slice(Math.max(0, since.length - wholeNumber('tailLines', tail)));
  const shown = isTrue(query.get('timestamps')) ? kept : kept.map((line) => line.replace(lineTime, ''));
  const text = shown.map((line) => `${line}\n`).join('');
  const limit = query.get('limitBytes');
  return limit === null ? text : text.slice(0, wholeNumber('limitBytes', limit));
}

function startOf(query: URLSearchParams, now: Date): number {
  const seconds = query.get('sinceSeconds');
  if (seconds !== null) return now.getTime() - wholeNumber('sinceSeconds', seconds) * 1000;
  return Date.parse(query.get('sinceTime') ?? '');
}

const writtenSince = (from: number, lines: string[]): string[] =>
  Number.isNaN(from)
    ? lines
    : lines.filter((line) => !lineTime.test(line) || Date.parse(line.split(' ')[0] ?? '') >= from);

function wholeNumber(field: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0)
    throw badRequest(`${field}: Invalid value: "${text}": must be greater than or equal to 0`);
  return number;
}

function chooseContainer(pod: KubeObject, wanted: string | null): string {
  const names = ['initContainers', 'containers'].flatMap((list) =>
    asArray(pod.spec?.[list]).map((item) => asString(at(item, 'name'))),
  );
  const main = asArray(pod.spec?.['containers']).map((item) => asString(at(item, 'name')));
  const { name } = pod.metadata;
  const [only] = main;
  if (wanted === null || wanted === '') {
    if (only !== undefined && main.length === 1) return only;
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${main.join(' ')}]`);
  }
  if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  return wanted;
}

function noLog(pod: KubeObject, container: string, previous: boolean): ApiError {
  const { name } = pod.metadata;
  if (previous) return badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const states = asArray(pod.status?.['containerStatuses']).find((item) => at(item, 'name') === container);
  const reason = asString(at(states, 'state', 'waiting', 'reason')) || 'ContainerCreating';
  return badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waitingText(reason)}`);
}

const waitingText = (reason: string): string =>
  reason === 'ImagePullBackOff' || reason === 'ErrImagePull' ? 'trying and failing to pull image' : reason;
