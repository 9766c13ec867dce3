import { isDeepStrictEqual } from 'node:util';
import { badRequest } from '../store/api-error.ts';
import { asArray, asString, isJsonObject, type Json, type JsonObject } from '../store/json.ts';

/** Lists whose items are merged by one of their fields, by the names of the list and of what holds it. */
const mergeKeys: { [field: string]: string } = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  schedulingGates: 'name',
  secrets: 'name',
  claims: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  podIPs: 'ip',
  topologySpreadConstraints: 'topologyKey',
  ownerReferences: 'uid',
  'status.conditions': 'type',
  'status.addresses': 'type',
  'spec.ports': 'port',
  'containers.ports': 'containerPort',
  'initContainers.ports': 'containerPort',
};

/** Lists of plain values that are united instead of replaced. */
const unitedLists = new Set(['finalizers', 'podCIDRs']);

const orderDirective = '$setElementOrder/';
const deleteDirective = '$deleteFromPrimitiveList/';

/** Applies a strategic merge patch; the directives ($patch, $retainKeys, $setElementOrder, $deleteFromPrimitiveList) are obeyed. */
export const strategicMerge = (original: JsonObject, patch: JsonObject): JsonObject => mergeObject(original, patch, '');

function mergeObject(original: JsonObject, patch: JsonObject, parent: string): JsonObject {
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === 'replace') return mergeObject({}, fields, parent);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`unknown $patch directive ${asString(directive)}`);
  const merged = retained === undefined ? { ...original } : keepOnly(original, asArray(retained));
  for (const [field, value] of Object.entries(fields)) mergeField(merged, { field, value, parent });
  for (const [field, value] of Object.entries(fields)) {
    if (field.startsWith(orderDirective)) order(merged, field.slice(orderDirective.length), asArray(value), parent);
  }
  return merged;
}

const keepOnly = (original: JsonObject, keys: Json[]): JsonObject =>
  Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));

function mergeField(
  merged: JsonObject,
  { field, value, parent }: { field: string; value: Json; parent: string },
): void {
  if (field.startsWith(orderDirective)) return;
  if (field.startsWith(deleteDirective)) {
    const list = field.slice(deleteDirective.length);
    const gone = asArray(value);
    if (merged[list] !== undefined) merged[list] = asArray(merged[list]).filter((item) => !gone.includes(item));
    return;
  }
  const current = merged[field];
  if (value === null) delete merged[field];
  else if (isJsonObject(value)) merged[field] = mergeObject(isJsonObject(current) ? current : {}, value, field);
  else if (Array.isArray(value)) merged[field] = mergeList(asArray(current), value, { field, parent });
  else merged[field] = value;
}

const mergeKeyOf = (field: string, parent: string): string | undefined =>
  mergeKeys[`${parent}.${field}`] ?? mergeKeys[field];

function mergeList(current: Json[], patch: Json[], at: { field: string; parent: string }): Json[] {
  if (unitedLists.has(at.field)) return [...current, ...patch.filter((item) => !current.includes(item))];
  const key = mergeKeyOf(at.field, at.parent);
  if (key === undefined) return patch;
  const replaced = patch.some((item) => isJsonObject(item) && item['$patch'] === 'replace' && item[key] === undefined);
  const merged: Json[] = replaced ? [] : [...current];
  for (const item of patch.filter(isJsonObject)) {
    if (item['$patch'] === 'replace' && item[key] === undefined) continue;
    mergeItem(merged, item, { key, field: at.field });
  }
  return merged;
}

function mergeItem(list: Json[], item: JsonObject, { key, field }: { key: string; field: string }): void {
  const id = item[key];
  if (id === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  const place = list.findIndex((other) => isJsonObject(other) && isDeepStrictEqual(other[key], id));
  const present = list[place];
  if (item['$patch'] === 'delete') {
    if (place >= 0) list.splice(place, 1);
  } else if (isJsonObject(present)) list[place] = mergeObject(present, item, field);
  else list.push(mergeObject({}, item, field));
}

function order(merged: JsonObject, field: string, wanted: Json[], parent: string): void {
  const key = mergeKeyOf(field, parent);
  const idOf = (item: Json): Json | undefined => (key !== undefined && isJsonObject(item) ? item[key] : item);
  const ids = wanted.map(idOf);
  const rank = (item: Json): number => {
    const place = ids.findIndex((id) => isDeepStrictEqual(id, idOf(item)));
    return place < 0 ? ids.length : place;
  };
  if (merged[field] !== undefined) merged[field] = asArray(merged[field]).toSorted((a, b) => rank(a) - rank(b));
}
