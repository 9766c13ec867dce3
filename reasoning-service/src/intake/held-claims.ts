import type { JsonObject } from '@aetherius/shared/contracts';
import { objectAt } from '../diagnosis/json-path.ts';
import type { ReadObject } from './reading.ts';

/** A stateful set calls the claims of its pods `<template>-<pod>`, so the rows of both tell which pod holds which claim. */
export function withHeldClaims(objects: readonly ReadObject[]): ReadObject[] {
  const claims = byEnding(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim'));
  return objects.map((object) => {
    if (object.kind !== 'Pod' || object.detail !== 'row' || !/-\d+$/.test(object.name)) return object;
    const held = claims.get(`${object.namespace}/${object.name}`) ?? [];
    return held.length === 0 ? object : { ...object, body: holding(object.body, held) };
  });
}

/** Claims under each name that a pod which holds them may have: what stands behind any hyphen. */
function byEnding(claims: readonly ReadObject[]): ReadonlyMap<string, ReadObject[]> {
  const endings = claims.flatMap((claim) =>
    [...claim.name.matchAll(/-/g)].map(({ index }) => [claim.name.slice(index + 1), claim] as const),
  );
  const found = Map.groupBy(endings, ([ending, { namespace }]) => `${namespace}/${ending}`);
  return new Map([...found].map(([key, pairs]) => [key, pairs.map(([, claim]) => claim)]));
}

const holding = (body: JsonObject, held: readonly ReadObject[]): JsonObject => ({
  ...body,
  spec: { ...objectAt(body, 'spec'), claims: held.map(({ name }) => name) },
});
