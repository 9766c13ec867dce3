type Failure = { code: number; reason: string; message: string; path: string };

/** What the API server answered when it did not do as asked; `code` is the HTTP status, 0 when there was no answer at all. */
export class KubeError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly path: string;

  constructor({ code, reason, message, path }: Failure, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'KubeError';
    this.code = code;
    this.reason = reason;
    this.path = path;
  }
}

/** Whether a failure is a KubeError with this HTTP status. */
export const hasCode = (error: unknown, code: number): boolean => error instanceof KubeError && error.code === code;

/** Whether the API server may well answer in a moment: it was busy, ill, or not there at all. */
export const isPassing = ({ code }: KubeError): boolean => code === 0 || code === 429 || code >= 500;

const words = (code: number): string => (code === 0 ? 'Unreachable' : `HTTP${code}`);

/** A KubeError out of a refused request: the API server explains itself with a Status object, a proxy in between may not. */
export function refusedBy(path: string, code: number, body: string): KubeError {
  const status = statusIn(body);
  const message = status.message ?? body.trim().slice(0, 300);
  return new KubeError({ code, reason: status.reason ?? words(code), message: message || `HTTP ${code}`, path });
}

function statusIn(body: string): { reason?: string; message?: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return {};
    const { reason, message } = parsed as Record<string, unknown>;
    return {
      ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  } catch {
    return {};
  }
}
