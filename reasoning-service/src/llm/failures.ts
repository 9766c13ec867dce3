import { AetheriusError, defineErrors } from '@aetherius/shared/errors';

/** The ways in which a language model gives no answer; their titles are what a person reads beside a diagnosis. */
export const llmFailures = defineErrors({
  rate_limited: { status: 503, retryable: true, title: 'The language model takes no more calls for now' },
  unreachable: { status: 503, retryable: true, title: 'The language model does not answer' },
  timed_out: { status: 504, retryable: false, title: 'The language model took too long' },
  misconfigured: { status: 502, retryable: false, title: 'The language model does not take calls as configured' },
  refused: { status: 502, retryable: false, title: 'The language model refused to answer' },
  too_long: { status: 502, retryable: false, title: 'The answer of the language model was too long' },
  malformed: { status: 502, retryable: false, title: 'The answer of the language model has another form' },
  nothing_held: { status: 502, retryable: false, title: 'Nothing that the language model said holds by the evidence' },
  over_budget: { status: 429, retryable: false, title: 'The budget of the language model is used up' },
  resting: { status: 503, retryable: false, title: 'The language model failed several times and is left alone' },
  broken: { status: 500, retryable: false, title: 'The explanation failed' },
});

/** Failures after which the provider may well have counted the tokens; the others came before any work was done. */
const paid = new Set(['timed_out', 'malformed', 'too_long', 'refused', 'broken']);

export const isPaid = (failure: AetheriusError): boolean =>
  paid.has(failure.code) && failure.details['status'] === undefined;

/** Whatever was thrown as one of the failures above. */
export const asFailure = (error: unknown): AetheriusError =>
  error instanceof AetheriusError && error.code in llmFailures ? error : llmFailures.broken({}, { cause: error });

type Response = { status: number; retryAfter: string | null | undefined };

/** What an HTTP status says, for any provider; the body stays out of it, it may repeat the key or the prompt. */
export function failureOf({ status, retryAfter }: Response): AetheriusError {
  const wait = Number(retryAfter);
  const details = { status, ...(Number.isFinite(wait) && wait > 0 ? { retry_after_seconds: wait } : {}) };
  if (status === 429) return llmFailures.rate_limited(details);
  if (status === 408 || status === 504) return llmFailures.timed_out(details);
  if (status === 413) return llmFailures.too_long(details);
  return status >= 500 ? llmFailures.unreachable(details) : llmFailures.misconfigured(details);
}
