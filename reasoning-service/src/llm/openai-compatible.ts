import { AetheriusError } from '@aetherius/shared/errors';
import { z } from 'zod';
import { boundedFetch } from './bounded-fetch.ts';
import { failureOf, llmFailures } from './failures.ts';
import type { Completion, Llm, Prompt } from './llm.ts';

type Options = { baseUrl: string; model: string; apiKey?: string | undefined };

const ChatCompletion = z.object({
  model: z.string().optional(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }),
});
type ChatCompletion = z.infer<typeof ChatCompletion>;

/** Any server that speaks `POST <base>/chat/completions`, such as a model on the own machine; a key is sent when there is one. */
export function createOpenAiCompatible({ baseUrl, model, apiKey }: Options): Llm {
  const url = `${baseUrl.replace(/\/+$/, '')}/chat/completions`;
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  return {
    provider: 'openai',
    model,
    complete: async (prompt, signal) => {
      const body = JSON.stringify(requestOf(prompt, model));
      const response = await boundedFetch(url, { method: 'POST', headers, body, signal }).catch((error: unknown) => {
        throw toFailure(error, signal);
      });
      if (!response.ok) throw failureOf({ status: response.status, retryAfter: response.headers.get('retry-after') });
      const parsed = ChatCompletion.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success) throw llmFailures.malformed({});
      return completionOf(parsed.data, model);
    },
  };
}

const requestOf = ({ system, user, schema, max_output_tokens }: Prompt, model: string) => ({
  model,
  max_tokens: max_output_tokens,
  temperature: 0,
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ],
  response_format: { type: 'json_schema', json_schema: { name: 'explanation', strict: true, schema } },
});

function completionOf({ choices: [choice], usage, model }: ChatCompletion, asked: string): Completion {
  const { finish_reason: stop, message } = choice ?? {};
  if (stop === 'content_filter' || (message?.refusal ?? '') !== '') throw llmFailures.refused({});
  if (stop === 'length') throw llmFailures.too_long({ stop });
  if (typeof message?.content !== 'string') throw llmFailures.malformed({});
  return {
    text: message.content,
    model: model ?? asked,
    input_tokens: usage.prompt_tokens,
    output_tokens: usage.completion_tokens,
  };
}

function toFailure(error: unknown, signal: AbortSignal): AetheriusError {
  if (error instanceof AetheriusError) return error;
  return signal.aborted ? llmFailures.timed_out({}) : llmFailures.unreachable({}, { cause: error });
}
