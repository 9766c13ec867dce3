import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest } from '../store/api-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../store/json.ts';

const limitBytes = 3 * 1024 * 1024;

/** The content type of a request without its parameters. */
export const contentTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';

/** Reads a request body as JSON (or YAML, when it says so); undefined when there is none. */
export async function readBody(request: IncomingMessage): Promise<Json | undefined> {
  const text = await readText(request);
  if (text.trim() === '') return undefined;
  const type = contentTypeOf(request);
  if (type.includes('protobuf')) {
    throw new ApiError(415, 'UnsupportedMediaType', `the body of the request was in an unknown format: ${type}`);
  }
  return parseText(text, type);
}

function parseText(text: string, type: string): Json {
  const asYaml = type.endsWith('yaml');
  try {
    return asYaml ? (parseYaml(text) as Json) : (JSON.parse(text) as Json);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw badRequest(`the request body is not valid ${asYaml ? 'YAML' : 'JSON'}: ${why}`);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limitBytes) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body as an object; says so when it is missing or something else. */
export function objectBody(body: Json | undefined): JsonObject {
  if (body === undefined) throw badRequest('the request has no body, an object was expected');
  if (!isJsonObject(body)) throw badRequest('the request body must be a JSON object');
  return body;
}
