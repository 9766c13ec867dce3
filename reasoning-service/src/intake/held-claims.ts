import type { JsonObject } from '@aetherius/shared/contracts';
import { objectAt } from '../diagnosis/json-path.ts';
import type { ReadObject } from './reading.ts';

/** A stateful set calls the claims of its pods `<template>-<pod>`, so the rows of both tell which pod holds which claim. */
export function withHeldClaims(objects: readonly ReadObject[]): ReadObject[] {
  const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  return objects.map((object) => {
    if (object.kind !== 'Pod' || object.detail !== 'row' || !/-\d+$/.test(object.name)) return object;
    const held = claims.filter(
      ({ namespace, name }) => namespace === object.namespace && name.endsWith(`-${object.name}`),
    );
    return held.length === 0 ? object : { ...object, body: holding(object.body, held) };
  });
}

const holding = (body: JsonObject, held: readonly ReadObject[]): JsonObject => ({
  ...body,
  spec: { ...objectAt(body, 'spec'), claims: held.map(({ name }) => name) },
});
