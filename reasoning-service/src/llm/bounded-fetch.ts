import { llmFailures } from './failures.ts';

/** More than any answer in our form; an endless one must not fill the memory. */
const MOST_BYTES = 512 * 1024;

/** `fetch` whose answers are whole and of bounded size. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MOST_BYTES) throw llmFailures.too_long({ bytes: `more than ${MOST_BYTES}` });
    parts.push(part);
  }
  const { status, statusText, headers } = response;
  return new Response(hasBody(status) ? Buffer.concat(parts) : null, { status, statusText, headers: plain(headers) });
};

const hasBody = (status: number): boolean => ![204, 205, 304].includes(status);

/** The body is unpacked by now: its old length and coding would be wrong. */
function plain(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}
