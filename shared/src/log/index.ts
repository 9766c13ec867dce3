import { type Logger, pino } from 'pino';
import { type AetheriusError, isRetryable } from '../errors/index.ts';
import { redact } from '../redact/index.ts';
import { traceIds } from '../tracing/index.ts';

export type { Logger };

const hidden = [
  'password',
  'token',
  'authorization',
  'credentials',
  '*.password',
  '*.token',
  '*.authorization',
  'req.headers.authorization',
];

/** Of a part that is away its message says all; where in our code that was noticed helps nobody. Anything else may be a bug. */
export const errorAsLogged = (error: Error): object =>
  isRetryable(error)
    ? { type: error.name, code: (error as AetheriusError).code, message: error.message }
    : pino.stdSerializers.errWithCause(error);

/** JSON lines on stdout; errors keep their cause, secrets are taken out of texts as well as of known fields. */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service },
    mixin: traceIds,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: hidden, censor: '[redacted]' },
    serializers: { err: errorAsLogged },
    hooks: { streamWrite: redact },
  });
}
