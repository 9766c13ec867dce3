import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { inventedName } from '../diagnosis/invented-name.ts';
import { objectsAt } from '../diagnosis/json-path.ts';
import type { ReadEvent, ReadLog, ReadObject } from './reading.ts';

type Sayings = { logs: readonly ReadLog[]; events: readonly ReadEvent[] };

/** A row of a table does not name the only container of a pod; a log or an event about it may. */
export const withContainerNames = <T extends ReadObject>(objects: readonly T[], sayings: Sayings): T[] =>
  objects.map((object) => {
    const isLoneRow =
      object.detail === 'row' && object.kind === 'Pod' && objectsAt(object.body, 'spec.containers').length === 1;
    const name = isLoneRow ? nameFor(object.name, sayings) : undefined;
    return name === undefined ? object : { ...object, body: renamed(object.body, name) as JsonObject };
  });

function nameFor(pod: string, { logs, events }: Sayings): string | undefined {
  const logged = logs.find((log) => log.pod === pod && log.container !== undefined)?.container;
  if (logged !== undefined) return logged;
  return events
    .filter((event) => event.name === pod)
    .map(({ message }) => / failed container (\S+) in pod /.exec(message)?.[1])
    .find((name) => name !== undefined);
}

function renamed(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, name));
  if (typeof value !== 'object' || value === null) return value === inventedName(0) ? name : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, name)]));
}
