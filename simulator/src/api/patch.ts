import jsonPatch, { type Operation } from 'fast-json-patch';
import { ApiError, badRequest } from '../store/api-error.ts';
import { copyJson, isJsonObject, type Json, type JsonObject } from '../store/json.ts';
import { strategicMerge } from './strategic-merge.ts';

const patchTypes = {
  'application/json-patch+json': applyJsonPatch,
  'application/merge-patch+json': (original: JsonObject, patch: Json) => mergePatch(original, patchObject(patch)),
  'application/strategic-merge-patch+json': (original: JsonObject, patch: Json) =>
    strategicMerge(copyJson(original), patchObject(patch)),
};

const isPatchType = (type: string): type is keyof typeof patchTypes => Object.hasOwn(patchTypes, type);

/** Applies a patch of the given content type to an object; the original stays as it is. */
export function applyPatch(original: JsonObject, patch: Json, contentType: string): JsonObject {
  if (!isPatchType(contentType)) throw unsupported(contentType);
  return patchTypes[contentType](original, patch);
}

/** 415 for a kind of patch that is not served, before anything else is looked at. */
export function refuseUnknownPatch(contentType: string): void {
  if (!isPatchType(contentType)) throw unsupported(contentType);
}

function unsupported(contentType: string): ApiError {
  const why = contentType.startsWith('application/apply-patch')
    ? 'server-side apply is not supported by the simulator; use client-side apply'
    : `the body of the request was in an unknown format: ${contentType}`;
  return new ApiError(415, 'UnsupportedMediaType', why);
}

function patchObject(patch: Json): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('the patch must be a JSON object');
  return patch;
}

function mergePatch(original: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...original };
  for (const [field, value] of Object.entries(patch)) {
    const current = merged[field];
    if (value === null) delete merged[field];
    else if (isJsonObject(value)) merged[field] = mergePatch(isJsonObject(current) ? current : {}, value);
    else merged[field] = value;
  }
  return merged;
}

function applyJsonPatch(original: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch must be an array of operations');
  try {
    const { newDocument } = jsonPatch.applyPatch(copyJson(original), patch as unknown as Operation[], true, true, true);
    return newDocument;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
  }
}
