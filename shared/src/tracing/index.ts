export { currentTraceparent, inTrace, openSpan, recordSpan, traced, tracedBelow, traceIds } from './span.ts';
export { startTracing } from './start-tracing.ts';
