/** What both forms of an Event (with `source`, or with `reportingComponent` alone) have in common. */
export type RecordedEvent = {
  type?: string;
  reason?: string;
  message?: string;
  source?: { component?: string };
  reportingComponent?: string;
  involvedObject: { kind?: string; namespace?: string; name?: string };
};

/** A pod, a workload, a node or a claim, as far as its state tells something about a fault. */
export type RecordedObject = {
  kind: string;
  metadata: { name: string; namespace?: string };
  status?: {
    phase?: string;
    reason?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: { state?: ContainerState; lastState?: ContainerState }[];
  };
};
type ContainerState = {
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; exitCode?: number };
};

/** One kind of thing that was said about a fault, without what differs from run to run. */
export type Tuple = string;

const join = (...fields: (string | number | undefined)[]): Tuple =>
  fields.map((field) => (field === undefined || field === '' ? '-' : String(field))).join(' | ');
const unique = (tuples: Tuple[]): Tuple[] => [...new Set(tuples)].sort();

/** The kinds of events in a list: reason, type, component, kind and masked message. */
export const tuples = (events: readonly RecordedEvent[]): Tuple[] =>
  unique(
    events.map(({ reason, type, source, reportingComponent, involvedObject, message = '' }) =>
      join(reason, type, reportingComponent || source?.component, involvedObject.kind, mask(message)),
    ),
  );

/** The kinds of states in a list of objects: phases, conditions, and what containers wait for or ended with. */
export const states = (objects: readonly RecordedObject[]): Tuple[] =>
  unique(
    objects.flatMap(({ kind, status = {} }) => [
      ...(status.phase === undefined ? [] : [join(kind, 'phase', status.phase, status.reason)]),
      ...(status.conditions ?? []).map(({ type, status: is, reason, message }) =>
        join(kind, `${type}=${is}`, reason, mask(message ?? '')),
      ),
      ...(status.containerStatuses ?? []).flatMap(({ state, lastState }) => [
        ...containerState('state', state),
        ...containerState('lastState', lastState),
      ]),
    ]),
  );

const containerState = (field: string, { waiting, terminated }: ContainerState = {}): Tuple[] => [
  ...(waiting === undefined
    ? []
    : [join('Container', `${field}.waiting`, waiting.reason, mask(waiting.message ?? ''))]),
  ...(terminated === undefined
    ? []
    : [join('Container', `${field}.terminated`, terminated.reason, terminated.exitCode)]),
];

/** The letters that Kubernetes makes names of: no vowels, so that no word comes of it. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';
const generated = new RegExp(`-${safe}{6,10}(-${safe}{5})?(?![a-z0-9])`, 'g');

/** Takes out of a message what differs from run to run and from machine to machine: numbers, generated names, ids, nodes. */
export const mask = (message: string): string =>
  message
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uid>')
    .replace(/\b(sha256:)?[0-9a-f]{64}\b/g, '<digest>')
    .replace(generated, '-<generated>')
    .replace(/\b(worker|real)-\d+\b/g, '<node>')
    .replace(/\b\d+(\.\d+)*((m\d+)?([mµn]?s|m|[KMG]i?)\b)?/g, '#')
    // The scheduler puts its reasons in the order of their numbers, which are gone now.
    .replace(/(?<=nodes are available: )[^.]+/g, (reasons) => reasons.split(', ').sort().join(', '));
