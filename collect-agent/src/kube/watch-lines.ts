import type { IncomingMessage } from 'node:http';
import type { Json } from '@aetherius/shared/contracts';

/** Longest line of a watch; an object is at most 1.5 MiB in etcd, so anything near this is not a watch. */
const MAX_LINE_CHARS = 16 * 1024 * 1024;

/** Reads newline-delimited JSON until the stream ends; rejects when it breaks, or when a line is no JSON. */
export async function readWatchLines(response: IncomingMessage, onLine: (line: Json) => void): Promise<void> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) throw new RangeError('a line of the watch is too long');
    for (const line of lines) if (line !== '') onLine(JSON.parse(line));
  }
}
