import type { Event, ObjectRef, Severity, Subject } from '@aetherius/shared/contracts';

/** Something noticed, before it gets an id and evidence. `subject` is what is held to be broken and gives the fingerprint. */
export type Signal = {
  type: 'k8s_event' | 'k8s_state';
  signal: Event['signal'];
  severity: Severity;
  reason: string;
  message: string;
  source: string;
  object: ObjectRef;
  subject: Subject;
  node: string | null;
  count: number;
  /** When it happened, as the object tells; undefined where objects keep no time of it. */
  at: string | undefined;
  /** What the id is derived from: the same happening seen twice must have the same. */
  identity: readonly (string | number)[];
  /** How long it must go on being true before it is told. */
  holdMs: number;
};

/** Whether a signal may open an incident, so that evidence goes with it. */
export const weighs = ({ signal, severity }: Pick<Signal, 'signal' | 'severity'>): boolean =>
  signal === 'fault' && (severity === 'critical' || severity === 'high');

const HOUR_MS = 3_600_000;

/** Whether something happened too long ago to open an incident now. */
export const isLongPast = (at: string | undefined, now: number): boolean =>
  at !== undefined && now - Date.parse(at) > HOUR_MS;

/** Whether `later` is a time after `earlier`; Kubernetes times have whole seconds, so equal means unknown and counts as no. */
export const isAfter = (later: string | undefined, earlier: string | undefined): boolean =>
  later !== earlier && later !== undefined && earlier !== undefined && Date.parse(later) > Date.parse(earlier);

/** The latest of several times, or undefined when there is none. */
export const latest = (times: (string | undefined)[]): string | undefined =>
  times.reduce(
    (last, time) => (time !== undefined && (last === undefined || isAfter(time, last)) ? time : last),
    undefined,
  );
