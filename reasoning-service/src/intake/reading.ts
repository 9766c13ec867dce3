import type { Bundle, BundleEvent, JsonObject, Subject } from '@aetherius/shared/contracts';
import type { Command } from './transcript.ts';

/** One file as it lies there; `left_out` says what of it was too much to read, `skipped` why it was not opened, `modified` when it was last written. */
export type Source = { name: string; text: string; left_out?: string; skipped?: string; modified?: string };

/** How much a source shows of an object: everything, what `kubectl describe` prints, or a row of a table. */
export type Detail = 'whole' | 'described' | 'row';

/** An object that a source told of; `namespace` is undefined where the source does not say which. */
export type ReadObject = {
  id?: string;
  detail: Detail;
  kind: string;
  namespace: string | null | undefined;
  name: string;
  body: JsonObject;
};

export type ReadEvent = Omit<BundleEvent, 'id' | 'namespace'> & { id?: string; namespace: string | null | undefined };
export type ReadLog = {
  id?: string;
  /** Where it was read, for a log of which nothing tells who wrote it. */
  file?: string;
  namespace: string | null | undefined;
  pod: string | undefined;
  container: string | undefined;
  previous: boolean;
  lines: string[];
};
type WithoutId<T> = Omit<T, 'id'> & { id?: string };

/** A whole listing: which kind, and of which namespace (null: everywhere; undefined: the source does not say). */
export type Listing = { kind: string; namespace: string | null | undefined };

/** Something that could not be read, and why. */
export type Unread = { file: string; reason: string };

/** What one source yields. */
export type Reading = {
  objects: ReadObject[];
  events: ReadEvent[];
  logs: ReadLog[];
  metrics: WithoutId<Bundle['metrics'][number]>[];
  alerts: WithoutId<Bundle['alerts'][number]>[];
  changes: Bundle['changes'];
  forecasts: Bundle['forecasts'];
  complete: Listing[];
  unread: Unread[];
  cut: string[];
  /** Secret values that were masked as they were read; no bundle carries them, and no answer may repeat them. */
  secrets: string[];
  /** What a bundle says of itself. */
  stated: { cluster?: string; at?: string; subject?: Subject };
};

/** Where a value comes from, when that was, what printed it, and how text inside of it is read. */
export type Context = {
  file: string;
  at: string;
  command?: Command | undefined;
  /** The node on which it was printed, where the command tells it. */
  node?: string | undefined;
  readText: (file: string, text: string) => Reading;
};

/** A reading of nothing but these parts. */
export const reading = (parts: Partial<Reading> = {}): Reading => ({
  objects: [],
  events: [],
  logs: [],
  metrics: [],
  alerts: [],
  changes: [],
  forecasts: [],
  complete: [],
  unread: [],
  cut: [],
  secrets: [],
  stated: {},
  ...parts,
});

/** Several readings as one; what an earlier one says of itself wins. */
export function joined(readings: readonly Reading[]): Reading {
  return reading({
    objects: readings.flatMap(({ objects }) => objects),
    events: readings.flatMap(({ events }) => events),
    logs: readings.flatMap(({ logs }) => logs),
    metrics: readings.flatMap(({ metrics }) => metrics),
    alerts: readings.flatMap(({ alerts }) => alerts),
    changes: readings.flatMap(({ changes }) => changes),
    forecasts: readings.flatMap(({ forecasts }) => forecasts),
    complete: readings.flatMap(({ complete }) => complete),
    unread: readings.flatMap(({ unread }) => unread),
    cut: readings.flatMap(({ cut }) => cut),
    secrets: [...new Set(readings.flatMap(({ secrets }) => secrets))],
    stated: Object.assign({}, ...readings.map(({ stated }) => stated).reverse()),
  });
}

/** A reading that says why it has nothing. */
export const unreadable = (file: string, reason: string): Reading => reading({ unread: [{ file, reason }] });

/** Whether anything at all was understood. */
export const isEmpty = ({ objects, events, logs, metrics, alerts, changes, forecasts, complete }: Reading): boolean =>
  [objects, events, logs, metrics, alerts, changes, forecasts, complete].every((part) => part.length === 0);
