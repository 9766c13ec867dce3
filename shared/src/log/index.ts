import { type Logger, pino } from 'pino';
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
    serializers: { err: pino.stdSerializers.errWithCause },
    hooks: { streamWrite: redact },
  });
}
