import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '../store/api-error.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../store/json.ts';
import { parseQuantity } from '../store/quantity.ts';
import { badLabel, forbiddenField, invalidValue, isLabel, required } from './names.ts';

/** What is wrong with a pod's spec, in a pod or in the template of a workload. */
export function podSpecFaults(spec: JsonObject, field: string): Cause[] {
  const containers = asArray(spec['containers']);
  if (containers.length === 0) return [required(`${field}.containers`)];
  const lists = { containers, initContainers: asArray(spec['initContainers']) };
  const volumes = new Set(asArray(spec['volumes']).map((volume) => asString(asObject(volume)['name'])));
  return Object.entries(lists).flatMap(([list, items]) => [
    ...duplicates(items, `${field}.${list}`),
    ...items.flatMap((item, index) => containerFaults(asObject(item), `${field}.${list}[${index}]`, volumes)),
  ]);
}

function duplicates(items: Json[], field: string): Cause[] {
  const names = items.map((item) => asString(asObject(item)['name']));
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ reason: 'FieldValueDuplicate', message: `Duplicate value: "${name}"`, field: `${field}[${index}].name` }],
  );
}

function containerFaults(container: JsonObject, field: string, volumes: Set<string>): Cause[] {
  const name = asString(container['name']);
  const nameFault = name === '' ? required(`${field}.name`) : badLabel(`${field}.name`, name);
  return [
    ...(isLabel(name) ? [] : [nameFault]),
    ...(asString(container['image']) === '' ? [required(`${field}.image`)] : []),
    ...resourceFaults(asObject(container['resources']), `${field}.resources`),
    ...asArray(container['volumeMounts']).flatMap((mount, index) => {
      const volume = asString(asObject(mount)['name']);
      if (volumes.has(volume)) return [];
      const where = `${field}.volumeMounts[${index}].name`;
      return [{ reason: 'FieldValueNotFound', message: `Not found: "${volume}"`, field: where }];
    }),
  ];
}

function resourceFaults(resources: JsonObject, field: string): Cause[] {
  const limits = asObject(resources['limits']);
  const requests = asObject(resources['requests']);
  return [
    ...quantityFaults(limits, `${field}.limits`),
    ...quantityFaults(requests, `${field}.requests`),
    ...Object.entries(requests).flatMap(([resource, value]) => {
      const limit = limits[resource];
      if (limit === undefined || amount(value) <= amount(limit)) return [];
      const why = `must be less than or equal to ${resource} limit of ${asString(limit)}`;
      return [invalidValue(`${field}.requests`, asString(value), why)];
    }),
  ];
}

const amount = (value: Json): bigint => parseQuantity(asString(value))?.milli ?? 0n;

function quantityFaults(amounts: JsonObject, field: string): Cause[] {
  return Object.entries(amounts).flatMap(([resource, value]) => {
    const quantity = parseQuantity(asString(value));
    const where = `${field}[${resource}]`;
    if (quantity === undefined) return [invalidValue(where, value, 'quantities must match the regular expression')];
    return quantity.milli < 0n ? [invalidValue(where, value, 'must be greater than or equal to 0')] : [];
  });
}

const whatMayChange =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What an update of a running pod may not do: only images, tolerations and deadlines move. */
export function podUpdateFaults(current: JsonObject, wanted: JsonObject): Cause[] {
  return isDeepStrictEqual(fixedPart(current), fixedPart(wanted)) ? [] : [forbiddenField('spec', whatMayChange)];
}

function fixedPart(spec: JsonObject): JsonObject {
  const { activeDeadlineSeconds: _deadline, tolerations: _borne, ephemeralContainers: _debug, ...rest } = spec;
  const imageless = (list: Json | undefined): Json[] =>
    asArray(list).map((item) => Object.fromEntries(Object.entries(asObject(item)).filter(([key]) => key !== 'image')));
  return { ...rest, containers: imageless(rest['containers']), initContainers: imageless(rest['initContainers']) };
}
