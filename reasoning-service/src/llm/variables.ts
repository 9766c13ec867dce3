import { z } from 'zod';
import { languageCodes } from './languages.ts';

/** Environment of the language model; all of it optional. */
export const llmVariables = {
  LLM_PROVIDER: z.enum(['off', 'anthropic', 'openai', 'recorded']).default('off'),
  LLM_MODEL: z.string().optional().describe('The model as its provider calls it'),
  LLM_API_KEY: z.string().optional(),
  LLM_API_KEY_FILE: z.string().optional().describe('A file that holds the key and nothing else'),
  LLM_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .optional()
    .describe('Where the API is, for `openai` up to and with `/v1`'),
  LLM_RECORDINGS: z.string().optional().describe('A folder of recorded answers, for `recorded`'),
  LLM_LANGUAGE: z.enum(languageCodes).default('en'),
  LLM_BUDGET_FILE: z.string().optional(),
};
const Variables = z.object(llmVariables);
export type LlmVariables = z.infer<typeof Variables>;

/** What goes together, each problem under the variable that has to be set. */
export function checkLlmVariables(variables: LlmVariables, note: (variable: string, message: string) => void): void {
  const { LLM_PROVIDER: provider } = variables;
  const need = (variable: keyof LlmVariables) => {
    if (variables[variable] === undefined) note(variable, `is needed with LLM_PROVIDER=${provider}`);
  };
  if (provider === 'anthropic' || provider === 'openai') need('LLM_MODEL');
  if (provider === 'openai') need('LLM_BASE_URL');
  if (provider === 'recorded') need('LLM_RECORDINGS');
  if (variables.LLM_API_KEY !== undefined && variables.LLM_API_KEY_FILE !== undefined)
    note('LLM_API_KEY_FILE', 'only one of LLM_API_KEY and LLM_API_KEY_FILE may be set');
}
