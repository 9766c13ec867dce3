import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { errors } from '@aetherius/shared/errors';
import { createAnthropic } from './anthropic.ts';
import type { LlmState } from './llm.ts';
import { createOpenAiCompatible } from './openai-compatible.ts';
import { createRecorded } from './recorded.ts';
import type { LlmVariables } from './variables.ts';

const off = (reason: string): LlmState => ({ state: 'off', reason });
const on = (llm: Extract<LlmState, { state: 'on' }>['llm']): LlmState => ({ state: 'on', llm });

/** The model that the environment asks for, or why there is none. */
export async function openLlm(variables: LlmVariables): Promise<LlmState> {
  const {
    LLM_PROVIDER: provider,
    LLM_MODEL: model = '',
    LLM_BASE_URL: baseUrl,
    LLM_RECORDINGS: recordings,
  } = variables;
  if (provider === 'off') return off('LLM_PROVIDER is not set');
  if (provider === 'recorded' && !existsSync(`${recordings}/`))
    throw errors.invalid_input({
      LLM_RECORDINGS: recordings,
      problem: 'there is no such folder',
      way_out: 'set it to one',
    });
  if (provider === 'recorded') return on(createRecorded(pathToFileURL(`${recordings}/`)));
  const apiKey = await keyOf(variables);
  if (provider === 'openai' && baseUrl !== undefined) return on(createOpenAiCompatible({ baseUrl, model, apiKey }));
  if (apiKey === undefined)
    return off(
      'LLM_PROVIDER is anthropic, but neither LLM_API_KEY nor LLM_API_KEY_FILE is set: set one of them, or LLM_PROVIDER=off',
    );
  return on(createAnthropic({ apiKey, model, baseUrl }));
}

async function keyOf({ LLM_API_KEY: key, LLM_API_KEY_FILE: file }: LlmVariables): Promise<string | undefined> {
  if (file === undefined) return key;
  const refuse = (problem: string, cause?: unknown) => {
    const way_out = 'write the key into it, readable for this process, or set LLM_PROVIDER=off';
    return errors.invalid_input({ LLM_API_KEY_FILE: file, problem, way_out }, { cause });
  };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('it cannot be read', cause);
  });
  if (text.trim() === '') throw refuse('it is empty');
  return text.trim();
}
