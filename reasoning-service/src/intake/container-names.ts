import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { inventedName } from '../diagnosis/invented-name.ts';
import { objectsAt } from '../diagnosis/json-path.ts';
import type { ReadEvent, ReadLog, ReadObject } from './reading.ts';

type Sayings = { logs: readonly ReadLog[]; events: readonly ReadEvent[] };

/** A row of a table does not name the only container of a pod; a log or an event about it may. */
export function withContainerNames<T extends ReadObject>(objects: readonly T[], sayings: Sayings): T[] {
  const names = namesIn(sayings);
  return objects.map((object) => {
    const isLoneRow =
      object.detail === 'row' && object.kind === 'Pod' && objectsAt(object.body, 'spec.containers').length === 1;
    const name = isLoneRow ? names.get(object.name) : undefined;
    return name === undefined ? object : { ...object, body: renamed(object.body, name) as JsonObject };
  });
}

/** The container of each pod that is told of: what its log says goes before an event, and the first of each before the others. */
function namesIn({ logs, events }: Sayings): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const note = (pod: string | undefined, name: string | undefined) => {
    if (pod !== undefined && name !== undefined && !names.has(pod)) names.set(pod, name);
  };
  for (const { pod, container } of logs) note(pod, container);
  for (const { name, message } of events) note(name, / failed container (\S+) in pod /.exec(message)?.[1]);
  return names;
}

function renamed(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, name));
  if (typeof value !== 'object' || value === null) return value === inventedName(0) ? name : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, name)]));
}
