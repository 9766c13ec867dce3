import type { AetheriusError } from '@aetherius/shared/errors';
import { sleep } from '@aetherius/shared/service';
import { asFailure, llmFailures } from './failures.ts';
import type { Completion, Llm, Prompt } from './llm.ts';

/** One deadline for all attempts, and the least milliseconds to wait before each further one. */
export type Patience = { timeoutMs: number; pauses: readonly number[] };
export const PAUSES = [500, 2_000] as const;

/** Calls a model; only what may pass by itself is tried again, not sooner than the server asks for. */
export async function completePatiently(
  llm: Llm,
  prompt: Prompt,
  { timeoutMs, pauses }: Patience,
): Promise<Completion> {
  const signal = AbortSignal.timeout(timeoutMs);
  const attempt = async (left: readonly number[]): Promise<Completion> => {
    try {
      return counted(await llm.complete(prompt, signal));
    } catch (error) {
      const failure = asFailure(error);
      const pause = pauseAfter(failure, left[0]);
      if (pause === undefined || pause >= timeoutMs) throw failure;
      await sleep(pause, signal);
      if (signal.aborted) throw failure;
      return attempt(left.slice(1));
    }
  };
  return attempt(pauses);
}

/** More than any model takes in one call. */
const MOST_TOKENS = 100_000_000;

/** The tokens are what is paid for, and a local server may write anything there. */
function counted(completion: Completion): Completion {
  const { input_tokens, output_tokens } = completion;
  const isCount = (tokens: number) => Number.isInteger(tokens) && tokens >= 0 && tokens <= MOST_TOKENS;
  if (!isCount(input_tokens) || !isCount(output_tokens)) throw llmFailures.malformed({});
  return completion;
}

function pauseAfter({ retryable, details }: AetheriusError, least: number | undefined): number | undefined {
  if (!retryable || least === undefined) return undefined;
  return Math.max(least, Number(details['retry_after_seconds'] ?? 0) * 1_000);
}
