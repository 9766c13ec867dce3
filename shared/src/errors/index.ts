export { certificateProblem } from './certificate.ts';

/** A failure that we foresaw: a stable code, an HTTP status, and whether trying again can help. Anything else is a bug. */
export class AetheriusError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(kind: ErrorKind & { code: string }, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(describe(kind.title, details), options);
    this.name = 'AetheriusError';
    this.code = kind.code;
    this.status = kind.status;
    this.retryable = kind.retryable;
    this.title = kind.title;
    this.details = details;
  }
}

export type ErrorKind = { status: number; retryable: boolean; title: string };
type ErrorFactory = (details?: Record<string, unknown>, options?: ErrorOptions) => AetheriusError;

const describe = (title: string, details: Record<string, unknown>): string => {
  const facts = Object.entries(details).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return facts.length === 0 ? title : `${title} (${facts.join(', ')})`;
};

/** A table of codes becomes a table of error makers. */
export function defineErrors<const T extends Record<string, ErrorKind>>(
  table: T,
): { readonly [K in keyof T]: ErrorFactory } {
  const make = ([code, kind]: [string, ErrorKind]): [string, ErrorFactory] => [
    code,
    (details, options) => new AetheriusError({ ...kind, code }, details, options),
  ];
  return Object.fromEntries(Object.entries(table).map(make)) as { [K in keyof T]: ErrorFactory };
}

export const errors = defineErrors({
  invalid_input: { status: 400, retryable: false, title: 'The input does not fit' },
  unauthorized: { status: 401, retryable: false, title: 'A valid bearer token is required' },
  forbidden: { status: 403, retryable: false, title: 'Your role does not allow this' },
  not_found: { status: 404, retryable: false, title: 'There is no such thing' },
  conflict: { status: 409, retryable: false, title: 'The state does not allow this now' },
  too_large: { status: 413, retryable: false, title: 'The message is too large' },
  unsupported_media: { status: 415, retryable: false, title: 'The body is not of a kind that is read here' },
  too_many: { status: 429, retryable: true, title: 'Too many requests' },
  unavailable: { status: 503, retryable: true, title: 'A part that is needed does not answer' },
});

/** Whether doing the same again later can help: foreseen errors say so themselves, bugs never. */
export const isRetryable = (error: unknown): boolean => error instanceof AetheriusError && error.retryable;
