import { describe, expect, it } from '@jest/globals';
import { readStandardInput } from './standard-input.ts';

async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe('evidence from standard input', () => {
  it('is one source, whatever its pieces', async () => {
    expect(await readStandardInput(chunks('NAME  RE', 'ADY'))).toEqual({ name: 'standard input', text: 'NAME  READY' });
  });

  it('is refused when it is empty or too long', async () => {
    await expect(readStandardInput(chunks())).rejects.toThrow('standard input is empty');
    await expect(readStandardInput(chunks('abc', 'def'), 5)).rejects.toThrow('longer than 5 bytes');
  });
});
