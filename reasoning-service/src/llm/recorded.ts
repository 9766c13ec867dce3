import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Diagnosis } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Llm } from './llm.ts';

/** The name under which the answer to a diagnosis is recorded: cause and description decide it. */
export const recordingOf = ({ category, root_cause }: Diagnosis): string =>
  `${createHash('sha256').update(`${category}\n${root_cause.description}`).digest('hex').slice(0, 16)}.txt`;

/** Answers from a folder of recordings, so that tests and air-gapped demos need no model. `folder` ends with a slash. */
export const recordedLlm = (folder: URL): Llm => ({
  explain: async (diagnosis) => {
    const file = recordingOf(diagnosis);
    const text = await readFile(new URL(file, folder), 'utf8').catch((cause: unknown) => {
      throw errors.not_found({ recording: file }, { cause });
    });
    return text.trim();
  },
});
