import type { Bundle, BundleEvent, BundleLog, BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { type Evidence, eventText } from './evidence.ts';
import { createObjectGraph, grouped, type ObjectGraph } from './graph/object-graph.ts';
import { keyOf, subjectOf } from './graph/object-key.ts';
import { containersIn } from './graph/pod-spec.ts';
import { createTopController } from './graph/top-controller.ts';
import { statusesOf } from './health/health.ts';
import { createHealth } from './health/health-beside.ts';
import type { Health } from './health/health-state.ts';
import { speaksOf } from './health/status-scope.ts';
import { linesOf, numberAt, objectAt, objectsAt, textAt } from './json-path.ts';
import { createStatements } from './log-statements.ts';
import type { Statement } from './messages/log-line.ts';
import { inTime } from './verdict/in-time.ts';
import { openEvents } from './verdict/open-events.ts';

export type Ended = { reason: string; exit_code: number | undefined; signal: number | undefined; message: string };

/** One container of one pod as its spec and status tell it. */
export type Container = {
  pod: BundleObject;
  name: string;
  image: string | undefined;
  spec: JsonObject;
  isReady: boolean;
  isRunning: boolean;
  /** False until its startup probe has succeeded; undefined where nothing says. */
  hasStarted: boolean | undefined;
  restarts: number;
  waiting: { reason: string; message: string } | undefined;
  ended: Ended[];
};

/** Ended badly: by its exit code, or where a row of a table tells the word alone, by that. */
export const hasFailed = ({ reason, exit_code }: Ended): boolean =>
  exit_code === undefined ? reason === 'Error' : exit_code !== 0;

type EventMatch = { reason?: readonly string[]; kind?: string; message?: RegExp };

type Placed = { namespace: string | null; name: string };

/** Who took a log by hand may not have said of which namespace; a pod of the same name in another one is another. */
const isIn = ({ namespace: own }: BundleLog, { namespace }: Placed): boolean =>
  own === null || namespace === null || own === namespace;

/** A bundle, read once: what the rules ask about. */
export type Facts = {
  bundle: Bundle;
  now: number;
  subject: Subject;
  reasons: readonly string[];
  graph: ObjectGraph;
  containers: Container[];
  /** The containers of one pod. */
  containersOf(pod: Subject): readonly Container[];
  /** The pods that a controller is at the top of, or the pod itself. */
  podsUnder(top: Subject): readonly BundleObject[];
  /** Events that still say something, newest first. */
  open: readonly BundleEvent[];
  of(kind: string): readonly BundleObject[];
  events(match: EventMatch): BundleEvent[];
  eventsOf(object: Subject, match?: EventMatch): BundleEvent[];
  health(object: BundleObject): Health;
  top(object: Subject): Subject;
  /** The logs of a pod or of one container in it, those of runs before first. */
  logsOf(pod: Placed, container?: string): readonly BundleLog[];
  /** A log as what it says, stack traces folded. */
  statements(log: BundleLog): readonly Statement[];
};

const matches = (event: BundleEvent, { reason, kind, message }: EventMatch): boolean =>
  (reason === undefined || reason.includes(event.reason)) &&
  (kind === undefined || event.kind === kind) &&
  (message === undefined || message.test(event.message));

/** Kubernetes cuts messages at 1 KiB; what is longer comes from elsewhere, and its front says what it is. */
const MOST_MESSAGE = 4_000;
/** So the recorder of events begins a message that stands for several; every reader of messages looks for what comes after it. */
const combined = /^\(combined from similar events\): /;
/** An event with its words alone, which stay a part of what the bundle says and so can be cited. */
function spoken(event: BundleEvent): BundleEvent {
  const message = event.message.replace(combined, '').slice(0, MOST_MESSAGE);
  return message === event.message ? event : { ...event, message };
}

/** Made when it is asked for first: most bundles never ask. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A node that a whole listing lacks is none any more. */
const removed: Health = { state: 'finished', line: '' };

/** What an object's health tells of an event about it: that it is broken says nothing against it. */
const toldOf = (event: BundleEvent, object: BundleObject, found: Health): Health | undefined =>
  found.state === 'broken' || speaksOf(object, event) ? found : undefined;

const made = new WeakMap<Bundle, Facts>();

/** The facts of a bundle; without reasons to ask again they are always the same, and of a whole cluster they take seconds. */
export function readFacts(bundle: Bundle, reasons: readonly string[] = []): Facts {
  if (reasons.length > 0) return factsOf(bundle, reasons);
  const found = made.get(bundle) ?? factsOf(bundle, reasons);
  made.set(bundle, found);
  return found;
}

function factsOf(given: Bundle, reasons: readonly string[]): Facts {
  const bundle = inTime(given);
  const graph = createObjectGraph(bundle);
  const now = Date.parse(bundle.at);
  const top = createTopController(graph, bundle.subject);
  const byTop = once(() => grouped(graph.of('Pod'), (pod) => keyOf(top(subjectOf(pod)))));
  const podsUnder = (subject: Subject): readonly BundleObject[] => byTop().get(keyOf(subject)) ?? [];
  const health = createHealth({ bundle, graph, top, podsUnder });
  const byKey = new Map(bundle.objects.map((object) => [keyOf(object), object]));
  const open = openEvents({ ...bundle, events: bundle.events.map(spoken) }, (key, event) => {
    const isGone = !byKey.has(key) && graph.isWhole(event.kind, event.namespace);
    if (isGone && event.kind === 'Node') return removed;
    // A pod that is gone is well where all that took its place is, as after a rollout or a rollback.
    const object = byKey.get(key) ?? (isGone && event.kind === 'Pod' ? graph.find(top(subjectOf(event))) : undefined);
    return object === undefined ? undefined : toldOf(event, object, health(object));
  }).sort((a, b) => Date.parse(b.last_timestamp) - Date.parse(a.last_timestamp));
  const byObject = grouped(open, keyOf);
  const logs = bundle.logs.toSorted((a, b) => Number(b.previous) - Number(a.previous));
  const logsByPod = grouped(logs, ({ pod }) => pod);
  const logsByContainer = grouped(logs, ({ pod, container }) => `${pod}/${container}`);
  const containers = graph.of('Pod').flatMap(containersOf);
  const byPod = once(() => grouped(containers, ({ pod }) => keyOf(pod)));
  return {
    bundle,
    now,
    reasons,
    graph,
    open,
    health,
    subject: bundle.subject,
    containers,
    containersOf: (pod) => byPod().get(keyOf(pod)) ?? [],
    podsUnder,
    of: graph.of,
    events: (match) => open.filter((event) => matches(event, match)),
    eventsOf: (object, match = {}) => (byObject.get(keyOf(object)) ?? []).filter((event) => matches(event, match)),
    top,
    statements: createStatements(bundle.logs),
    logsOf: (pod, container) =>
      (
        (container === undefined ? logsByPod.get(pod.name) : logsByContainer.get(`${pod.name}/${container}`)) ?? []
      ).filter((log) => isIn(log, pod)),
  };
}

/** Spec and status are joined by name; where one of the two is missing, as in a trimmed pod, the other is enough. */
function containersOf(pod: BundleObject): Container[] {
  const specs = containersIn(objectAt(pod.body, 'spec') ?? {});
  const statuses = statusesOf(pod);
  const names = new Set([...specs, ...statuses].map((part) => textAt(part, 'name') ?? ''));
  return [...names].map((name) => {
    const spec = specs.find((candidate) => textAt(candidate, 'name') === name) ?? {};
    const status = statuses.find((candidate) => textAt(candidate, 'name') === name);
    return {
      pod,
      name,
      spec,
      image: textAt(spec, 'image') ?? textAt(status, 'image'),
      isReady: status?.['ready'] === true,
      isRunning: objectAt(status, 'state.running') !== undefined,
      hasStarted: typeof status?.['started'] === 'boolean' ? status['started'] : undefined,
      restarts: numberAt(status, 'restartCount') ?? 0,
      waiting: waitingOf(status),
      ended: [endedAt(status, 'state.terminated'), endedAt(status, 'lastState.terminated')].filter(
        (ended) => ended !== undefined,
      ),
    };
  });
}

const waitingOf = (status: JsonObject | undefined): Container['waiting'] => {
  const reason = textAt(status, 'state.waiting.reason');
  return reason === undefined ? undefined : { reason, message: textAt(status, 'state.waiting.message') ?? '' };
};

function endedAt(status: JsonObject | undefined, path: string): Ended | undefined {
  const reason = textAt(status, `${path}.reason`);
  const exitCode = numberAt(status, `${path}.exitCode`);
  if (reason === undefined && exitCode === undefined) return undefined;
  return {
    reason: reason ?? '',
    exit_code: exitCode,
    signal: numberAt(status, `${path}.signal`),
    message: textAt(status, `${path}.message`) ?? '',
  };
}

/** A cited line of an object: the first that contains `part`. */
export function citeObject(object: BundleObject, part: string): Evidence[] {
  const quote = linesOf(object.body).find((line) => line.includes(part));
  return quote === undefined ? [] : [{ id: object.id, quote: quote.slice(0, 500) }];
}

/** A cited line of one container's status: the first that contains `part`. */
export function citeContainer({ pod, name }: Container, part: string): Evidence[] {
  const prefixes = ['containerStatuses', 'initContainerStatuses'].flatMap((list) => {
    const index = objectsAt(pod.body, `status.${list}`).findIndex((status) => textAt(status, 'name') === name);
    return index === -1 ? [] : `status.${list}[${index}].`;
  });
  const quote = linesOf(pod.body).find(
    (line) => line.includes(part) && prefixes.some((prefix) => line.startsWith(prefix)),
  );
  return quote === undefined ? [] : [{ id: pod.id, quote: quote.slice(0, 500) }];
}

export const citeEvents = (events: readonly BundleEvent[], most = 3): Evidence[] =>
  events.slice(0, most).map((event) => ({ id: event.id, quote: eventText(event).slice(0, 500) }));

/** What is broken when an object is: its top controller; a pod stands for its node where the node is asked about. */
export const brokenBy = (facts: Facts, object: BundleObject): Subject => facts.top(subjectOf(object));
