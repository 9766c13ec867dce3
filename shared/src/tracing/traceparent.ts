import type { SpanContext } from '@opentelemetry/api';

const NOTHING = /^0+$/;

/** A W3C traceparent as the place in a trace that it names; undefined when it is none. */
export function readTraceparent(text: string | null | undefined): SpanContext | undefined {
  const [, version = '', traceId = '', spanId = '', flags = ''] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text ?? '') ?? [];
  if (traceId === '' || version === 'ff' || NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

/** The traceparent of a place in a trace. */
export const writeTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
