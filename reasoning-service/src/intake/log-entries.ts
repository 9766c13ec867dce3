import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { textAt, valueAt } from '../diagnosis/json-path.ts';
import { isKubernetes, isObject, readKubernetes } from './kubernetes.ts';
import { readLines } from './log.ts';
import { timestamp } from './moment.ts';
import { isLabel, isObjectName } from './object-name.ts';
import { joined, type Reading } from './reading.ts';

/** Where a collector of logs keeps whose line an entry is, what it said, how grave it was and when. */
type Form = {
  pod: string;
  namespace: string;
  container: string;
  said: readonly string[];
  level: readonly string[];
  at: readonly string[];
};

const forms: readonly Form[] = [
  {
    pod: 'resource.labels.pod_name',
    namespace: 'resource.labels.namespace_name',
    container: 'resource.labels.container_name',
    said: ['textPayload', 'jsonPayload.message', 'jsonPayload.msg', 'jsonPayload.log', 'jsonPayload'],
    level: ['severity', 'jsonPayload.level'],
    at: ['timestamp', 'receiveTimestamp'],
  },
  {
    pod: 'kubernetes.pod_name',
    namespace: 'kubernetes.namespace_name',
    container: 'kubernetes.container_name',
    said: ['log', 'message', 'msg'],
    level: ['level', 'severity'],
    at: ['@timestamp', 'time', 'timestamp'],
  },
  {
    pod: 'kubernetes.pod.name',
    namespace: 'kubernetes.namespace',
    container: 'kubernetes.container.name',
    said: ['message', 'log'],
    level: ['log.level', 'level'],
    at: ['@timestamp', 'time', 'timestamp'],
  },
];

type Line = { namespace: string; pod: string; container: string | undefined; at: string; text: string };

/** Entries as Cloud Logging downloads them and collectors such as Fluent Bit and Filebeat write them; undefined where one is none. */
export function readEntries(file: string, values: readonly Json[], now: string): Reading | undefined {
  const lines: Line[] = [];
  const events: Reading[] = [];
  for (const value of values) {
    const payload = isObject(value) ? value['jsonPayload'] : undefined;
    const line = isObject(value) ? lineOf(value) : undefined;
    if (isKubernetes(payload)) events.push(readKubernetes(file, payload, now));
    else if (line !== undefined) lines.push(line);
    else return undefined;
  }
  // Downloads begin with the newest; a line without a time stays where it is.
  const inOrder = [...lines].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const parts = Map.groupBy(inOrder, ({ namespace, pod, container }) => [namespace, pod, container].join('/'));
  const logs = [...parts.values()].flatMap((part) => {
    const [first] = part;
    if (first === undefined) return [];
    const { namespace, pod, container } = first;
    return readLines(file, {
      namespace,
      pod,
      container,
      previous: false,
      lines: part.flatMap(({ text }) => text.split('\n')),
    });
  });
  return joined([...events, ...logs]);
}

/** Whether a value is what a collector keeps of one line. */
export const isEntry = (value: Json): boolean =>
  isObject(value) && (lineOf(value) !== undefined || (isKubernetes(value['jsonPayload']) && 'resource' in value));

function lineOf(entry: JsonObject): Line | undefined {
  for (const form of forms) {
    const [pod, namespace] = [textAt(entry, form.pod) ?? '', textAt(entry, form.namespace) ?? ''];
    if (!isObjectName('Pod', pod) || !isLabel(namespace)) continue;
    const container = textAt(entry, form.container);
    const at = timestamp(first(entry, form.at)) ?? '';
    const said = form.said.map((path) => textOf(valueAt(entry, path))).find((text) => text !== undefined);
    if (said === undefined) return undefined;
    const level = first(entry, form.level);
    const text = [at, level?.toUpperCase(), said.trimEnd()]
      .filter((part) => part !== undefined && part !== '')
      .join(' ');
    return {
      namespace,
      pod,
      container: container !== undefined && isLabel(container) ? container : undefined,
      at,
      text,
    };
  }
  return undefined;
}

const first = (entry: JsonObject, paths: readonly string[]): string | undefined =>
  paths.map((path) => textAt(entry, path)).find((text) => text !== undefined);

const textOf = (value: Json | undefined): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
