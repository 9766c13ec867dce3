import type { Hidden } from './veil.ts';

/** Text that may leave: only `fillPrompt` makes it, and only from templates and what a veil has hidden. */
export type Prompt = {
  system: string;
  user: Hidden;
  /** JSON schema of the answer. */
  schema: Record<string, unknown>;
  max_output_tokens: number;
};

/** What came back: the raw text of an answer that ended by itself, and what it took. */
export type Completion = { text: string; model: string; input_tokens: number; output_tokens: number };

/**
 * A language model behind whatever protocol. It throws one of `llmFailures` for each way in which there is no answer,
 * and tries once: `tryAgain` decides about more.
 */
export type Llm = {
  provider: 'anthropic' | 'openai' | 'recorded';
  model: string;
  complete(prompt: Prompt, signal: AbortSignal): Promise<Completion>;
};

/** Whether there is a model at all; without one the reason says what is not set. */
export type LlmState = { state: 'off'; reason: string } | { state: 'on'; llm: Llm };
