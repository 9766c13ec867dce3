import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type TimeInput,
  trace,
} from '@opentelemetry/api';
import { readTraceparent, writeTraceparent } from './traceparent.ts';

type Place = string | null | undefined;
type Options = { parent?: Place; attributes?: Attributes };

const tracer = () => trace.getTracer('aetherius');

/** The context that a stored or received place stands for; without one the context that we are in. */
function contextOf(parent: Place) {
  const place = readTraceparent(parent);
  return place === undefined ? context.active() : trace.setSpanContext(context.active(), place);
}

/** Where in a trace we are, to be stored or sent; undefined outside of any, and always while tracing is off. */
export function currentTraceparent(): string | undefined {
  const place = trace.getSpanContext(context.active());
  return place === undefined || !trace.isSpanContextValid(place) ? undefined : writeTraceparent(place);
}

/** The ids of the trace that we are in, for a line of the log. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const place = trace.getSpanContext(context.active());
  return place === undefined ? {} : { trace_id: place.traceId, span_id: place.spanId };
}

/** Does a piece of work at a stored place of a trace, without a span of its own; without a place outside of any trace. */
export function inTrace<T>(place: Place, work: () => T): T {
  const known = readTraceparent(place);
  return context.with(known === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, known), work);
}

/** Does a piece of work in a span: below the given place, else below the span that we are in, else as the root of a new trace. */
export const traced = <T>(name: string, { parent, attributes = {} }: Options, work: () => Promise<T>): Promise<T> =>
  tracer().startActiveSpan(name, { attributes }, contextOf(parent), async (span) => {
    try {
      return await work();
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });

/** The same only where there is a trace to go on with: what nobody began to follow makes no trace of its own. */
export const tracedBelow = <T>(
  name: string,
  options: Options & { parent: Place },
  work: () => Promise<T>,
): Promise<T> => (readTraceparent(options.parent) === undefined ? work() : traced(name, options, work));

/** A span of a batch, in which work on several traces is done at once; `traceparent` is its own place. */
export type OpenSpan = { traceparent: string | undefined; end(error?: unknown): void };

/** Begins a span below a place; without one nothing is begun. */
export function openSpan(name: string, { parent, attributes = {} }: Options): OpenSpan {
  if (readTraceparent(parent) === undefined) return { traceparent: undefined, end: () => undefined };
  const span = tracer().startSpan(name, { attributes }, contextOf(parent));
  return {
    traceparent: writeTraceparent(span.spanContext()),
    end: (error) => {
      if (error !== undefined) failed(span, error);
      span.end();
    },
  };
}

type Past = Options & { parent: Place; from: TimeInput; to: TimeInput };

/** Writes down what has been, such as a durable run that several processes carried on. */
export function recordSpan(name: string, { parent, attributes = {}, from, to }: Past): void {
  if (readTraceparent(parent) === undefined) return;
  tracer().startSpan(name, { attributes, startTime: from }, contextOf(parent)).end(to);
}

function failed(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 500) });
}
