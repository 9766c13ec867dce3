import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { llmFailures } from './failures.ts';
import type { Llm } from './llm.ts';
import { fingerprintOf } from './prompt.ts';

const Recording = z.object({ text: z.string(), input_tokens: z.int(), output_tokens: z.int() });

const MODEL = 'recorded';

/** The file in which the answer to a prompt is recorded. */
export const recordingOf = (prompt: Parameters<typeof fingerprintOf>[1]): string =>
  `${fingerprintOf(MODEL, prompt).slice(0, 16)}.json`;

/** Answers from a folder of recordings, for tests and demos without a model. `folder` ends with a slash. */
export const createRecorded = (folder: URL): Llm => ({
  provider: 'recorded',
  model: MODEL,
  complete: async (prompt) => {
    const recording = recordingOf(prompt);
    const text = await readFile(new URL(recording, folder), 'utf8').catch((cause: unknown) => {
      throw llmFailures.misconfigured({ recording, problem: 'it is not in the folder' }, { cause });
    });
    const parsed = Recording.safeParse(JSON.parse(text));
    if (!parsed.success) throw llmFailures.malformed({ recording });
    return { ...parsed.data, model: MODEL };
  },
});
