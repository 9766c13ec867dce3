import type { Bundle, Json, JsonObject, Subject } from '@aetherius/shared/contracts';
import { looksSecret, MASKED } from './mask.ts';

export type Change = Bundle['changes'][number];
/** One state of a workload's pod template: a ReplicaSet's, or a ControllerRevision's. */
export type Revision = { revision: number; at: string; template: Json };

const DAY_MS = 86_400_000;
const MAX_FIELDS = 40;
const MAX_VALUE = 300;

/** What was rolled out last, when that was within a day: the differences of the two newest templates, field by field. */
export function latestRollout(subject: Subject, revisions: Revision[], now: number): Change[] {
  const [newest, before] = [...revisions].sort((a, b) => b.revision - a.revision);
  if (newest === undefined || before === undefined || now - Date.parse(newest.at) > DAY_MS) return [];
  const { kind, namespace, name } = subject;
  const fields = differences(before.template, newest.template);
  return [
    {
      id: `change:${kind}/${namespace}/${name}/${newest.revision}`,
      at: newest.at,
      kind,
      namespace,
      name,
      change: 'rollout',
      from_revision: String(before.revision),
      to_revision: String(newest.revision),
      fields: fields.slice(0, MAX_FIELDS),
    },
  ];
}

function differences(before: Json, after: Json): Change['fields'] {
  const [old, fresh] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((path) => old.get(path) !== fresh.get(path))
    .sort()
    .map((path) => ({ path, before: shown(path, old.get(path)), after: shown(path, fresh.get(path)) }));
}

const variable = /\.env\[([^\]]+)\]$/;

/** A difference is worth telling even where its values are not. */
function shown(path: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const name = variable.exec(path)?.[1];
  return name !== undefined && looksSecret(name) ? MASKED : value.slice(0, MAX_VALUE);
}

/** Each value by its path; lists of named things by name, so that a container put in front does not move the others. */
function flat(template: Json): Map<string, string> {
  const found = new Map<string, string>();
  walk(template, 'spec.template', found);
  found.delete('spec.template.metadata.labels.pod-template-hash');
  return found;
}

function walk(value: Json, path: string, found: Map<string, string>): void {
  if (Array.isArray(value)) {
    walkList(value, path, found);
    return;
  }
  if (value === null || typeof value !== 'object') {
    found.set(path.replace(/(\.env\[[^\]]+\])\.value$/, '$1'), String(value));
    return;
  }
  for (const [key, inner] of Object.entries(value))
    if (key !== 'creationTimestamp') walk(inner, `${path}.${key}`, found);
}

const nameOf = (item: Json): string | undefined => {
  const name = item !== null && typeof item === 'object' && !Array.isArray(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
};

function walkList(items: Json[], path: string, found: Map<string, string>): void {
  const names = items.map(nameOf);
  if (names.includes(undefined)) {
    found.set(path, JSON.stringify(items));
    return;
  }
  items.forEach((item, at) => {
    const { name: _, ...rest } = item as JsonObject;
    const place = `${path}[${names[at]}]`;
    if (Object.keys(rest).length === 0) found.set(place, '');
    else walk(rest, place, found);
  });
}
