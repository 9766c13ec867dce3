import { AetheriusError } from '@aetherius/shared/errors';
import Anthropic from '@anthropic-ai/sdk';
import { boundedFetch } from './bounded-fetch.ts';
import { failureOf, llmFailures } from './failures.ts';
import type { Completion, Llm } from './llm.ts';

type Options = { apiKey: string; model: string; baseUrl?: string | undefined };

/** Claude over the Messages API, with structured output. Retries are ours, so that there is one bound for all. */
export function createAnthropic({ apiKey, model, baseUrl }: Options): Llm {
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl ?? null,
    maxRetries: 0,
    fetch: boundedFetch,
    logLevel: 'off',
  });
  return {
    provider: 'anthropic',
    model,
    complete: async ({ system, user, schema, max_output_tokens }, signal) => {
      const message = await client.messages
        .create(
          {
            model,
            max_tokens: max_output_tokens,
            system,
            messages: [{ role: 'user', content: user }],
            output_config: { format: { type: 'json_schema', schema } },
          },
          { signal },
        )
        .catch((error: unknown) => {
          throw toFailure(error, signal);
        });
      return completionOf(message);
    },
  };
}

/** A body that is no JSON is handed on by the client as text, so the shape is looked at here. */
function completionOf(message: Partial<Anthropic.Message>): Completion {
  const { stop_reason: stop, content, usage, model } = message;
  if (stop === 'refusal') throw llmFailures.refused({});
  if (stop === 'max_tokens' || stop === 'model_context_window_exceeded') throw llmFailures.too_long({ stop });
  const text = Array.isArray(content)
    ? content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
    : '';
  if (text === '' || usage === undefined || model === undefined) throw llmFailures.malformed({});
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return { text, model, input_tokens: usage.input_tokens + cached, output_tokens: usage.output_tokens };
}

function toFailure(error: unknown, signal: AbortSignal): AetheriusError {
  const ours = error instanceof Error ? error.cause : undefined;
  if (ours instanceof AetheriusError) return ours;
  if (signal.aborted || error instanceof Anthropic.APIConnectionTimeoutError) return llmFailures.timed_out({});
  if (error instanceof Anthropic.APIConnectionError) return llmFailures.unreachable({}, { cause: error });
  if (error instanceof Anthropic.APIError && error.status !== undefined)
    return failureOf({ status: error.status, retryAfter: error.headers?.get('retry-after') });
  return llmFailures.malformed({}, { cause: error });
}
