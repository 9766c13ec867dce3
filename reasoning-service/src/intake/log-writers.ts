import { hasRandomEnd, isCounted, replicaSetOf } from '../diagnosis/graph/generated-name.ts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';
import { writerOf } from '../diagnosis/unplaced-log.ts';
import type { ReadEvent, ReadLog, ReadObject } from './reading.ts';
import { UNNAMED } from './unnamed.ts';
import { writersByWorkload } from './workload-writers.ts';

/** Longer names are no pod's with a few words around it. */
const MOST_LETTERS = 400;
/** What people write before the name of a pod or of what runs it. */
const heading = /^(?:(?:pods?|logs?|deploy(?:ment)?|sts|statefulset|ds|daemonset|jobs?)[-_.])+/;
/** What people write behind the name of a workload that names nothing else: a stream, a day, a count. */
const ofWhichPart = /^(?:std(?:err|out)|errors?|err|out(?:put)?|logs?|app|all|current|latest|crash|[\d\-_.:TZ]{1,40})$/;
const ofRunBefore = /[-_.](?:previous|prev)$/;
const endings = /(?:\.(?:log|txt|out|err|\d{1,3}))+$/;
/** Somebody who copied twice, `log-2.txt`, or who kept what failed with a status: `http-500.log`. */
const countedText =
  /^(?:(?:logs?|output|out|part)-\d+|(?:http|https|status|code|error|errors|err|failed|requests?)-[1-5]\d\d)$/;

type Stem = { text: string; previous: boolean; folders: string[] };
type Named = { pod: ReadObject; after: string };

type Writers = ReadonlyMap<string, readonly ReadObject[]>;

/**
 * Logs that nothing but the name of their file places: of the pod that it names, else of the workload, and of none where it names
 * a pod that is not there or one of several called alike.
 */
export function withWriters(
  logs: readonly ReadLog[],
  objects: readonly ReadObject[],
  events: readonly ReadEvent[] = [],
): ReadLog[] {
  if (logs.every(({ pod, file }) => pod !== undefined || file === undefined)) return [...logs];
  const seen = objects.filter(({ kind }) => kind === 'Pod');
  const pods = Map.groupBy([...seen, ...namedByEvents(events, seen)], ({ name }) => name);
  const workloads = writersByWorkload(objects);
  return logs.map((log) =>
    log.pod !== undefined || log.file === undefined ? log : written(log, log.file, { pods, workloads }),
  );
}

/** How a controller tells which pod it made or took away. */
const makers = new Set(['SuccessfulCreate', 'SuccessfulDelete']);
const made = /^(?:Created|Deleted) pod: ([a-z0-9][a-z0-9.-]{0,252})$/;

/** Pods that nothing but events name: their own, or those of what made them. */
function namedByEvents(events: readonly ReadEvent[], seen: readonly ReadObject[]): ReadObject[] {
  const known = new Set(seen.map(({ namespace, name }) => `${namespace}/${name}`));
  const found = new Map<string, ReadObject>();
  for (const { kind, namespace, name: about, reason, message } of events) {
    const byMaker = makers.has(reason) ? made.exec(message.trim())?.[1] : undefined;
    const name = kind === 'Pod' ? about : byMaker;
    const key = `${namespace}/${name}`;
    if (name === undefined || name === UNNAMED || known.has(key)) continue;
    found.set(key, { detail: 'row', kind: 'Pod', namespace, name, body: {} });
  }
  return [...found.values()];
}

function written(log: ReadLog, file: string, { pods, workloads }: Record<'pods' | 'workloads', Writers>): ReadLog {
  const stem = stemOf(file);
  const ofPod = namedIn(stem, pods);
  const [only, ...others] = ofPod.length > 0 ? ofPod : calledAfter(stem, workloads);
  if (only === undefined) return namesAnother(stem) ? { ...log, pod: writerOf(file) } : log;
  if (others.length > 0) return { ...log, pod: writerOf(file) };
  const { pod, after } = only;
  const container = log.container ?? containersOf(pod).find((name) => name === after);
  const name = pod.kind === 'Pod' ? pod.name : `${pod.kind.toLowerCase()}/${pod.name}`;
  return { ...log, namespace: pod.namespace, pod: name, container, previous: log.previous || stem.previous };
}

function stemOf(file: string): Stem {
  const folders = file.split('/');
  const bare = (folders.pop() ?? '').slice(-MOST_LETTERS).replace(endings, '');
  return { text: bare.replace(ofRunBefore, ''), previous: ofRunBefore.test(bare), folders };
}

/** The pods that the name of a file may mean, or else that of its folder. */
function namedIn({ text, folders }: Stem, pods: Writers): Named[] {
  const found = spansOf(text).map((span) => meantBy(span, folders, pods.get(span.name) ?? []));
  const inside = folders.flatMap((name) => pods.get(name) ?? []).map((pod) => ({ pod, after: text }));
  return [...found, inside].find((some) => some.length > 0) ?? [];
}

/** Those that the name of a file may mean where it is called after a workload, or lies in a folder called so. */
function calledAfter({ text, folders }: Stem, workloads: Writers): Named[] {
  const isPart = ({ pod, after }: Named): boolean =>
    after === '' || ofWhichPart.test(after) || containersOf(pod).includes(after);
  const found = spansOf(text).map((span) => meantBy(span, folders, workloads.get(span.name) ?? []).filter(isPart));
  const inside = folders
    .flatMap((name) => workloads.get(name) ?? [])
    .map((pod) => ({ pod, after: text }))
    .filter(isPart);
  return [...found, inside].find((some) => some.length > 0) ?? [];
}

/** Whether a name has the form of a pod's. */
const namesAnother = ({ text, folders }: Stem): boolean =>
  spansOf(text).some(({ name }) => replicaSetOf(name) !== undefined) ||
  folders.some(hasRandomEnd) ||
  text.split(/[_\s]+/).some((word) => hasRandomEnd(word) || (isCounted(word) && !countedText.test(word)));

type Span = { before: string; name: string; after: string };

/** Each run of whole words, the longest first. */
function spansOf(text: string): Span[] {
  const parts = text.split(/([-_.\s]+)/);
  const starts = [...parts.keys()].filter((at) => at % 2 === 0).slice(-40);
  const spans = starts.flatMap((from) =>
    starts
      .filter((to) => to >= from)
      .map((to) => ({
        before: parts.slice(0, from).join(''),
        name: parts.slice(from, to + 1).join(''),
        after: parts.slice(to + 1).join(''),
      })),
  );
  return spans.sort((a, b) => b.name.length - a.name.length);
}

/** A random ending is no other pod's; before and behind any other name stands only what is known. */
function meantBy({ before, name, after }: Span, folders: readonly string[], pods: readonly ReadObject[]): Named[] {
  const space = before.replace(heading, '').replace(/[-_.\s]+$/, '');
  const rest = after.replace(/^[-_.\s]+/, '');
  const fits = (pod: ReadObject): boolean =>
    ['', pod.namespace].includes(space) && (!after.startsWith('-') || containersOf(pod).includes(rest));
  const fitting = hasRandomEnd(name) ? pods : pods.filter(fits);
  const inSpace = fitting.filter(({ namespace }) => [space, ...folders].includes(namespace ?? ''));
  return (inSpace.length > 0 ? inSpace : fitting).map((pod) => ({ pod, after: rest }));
}

const containersOf = ({ body }: ReadObject): string[] =>
  ['spec.containers', 'spec.initContainers']
    .flatMap((path) => objectsAt(body, path))
    .flatMap((container) => textAt(container, 'name') ?? []);
