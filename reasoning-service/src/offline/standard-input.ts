import { errors } from '@aetherius/shared/errors';
import type { Source } from '../intake/reading.ts';
import { decoded } from './decoded.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** What another command hands over, read to its end. */
export async function readStandardInput(input: AsyncIterable<Buffer>, most = MOST_BYTES): Promise<Source> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.length;
    if (size > most)
      throw errors.invalid_input({
        flag: '--bundle',
        reason: `standard input is longer than ${most} bytes; pass a file`,
      });
    chunks.push(chunk);
  }
  if (size === 0) throw errors.invalid_input({ flag: '--bundle', reason: 'standard input is empty' });
  return { name: 'standard input', text: decoded(Buffer.concat(chunks)) };
}
