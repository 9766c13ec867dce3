import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { currentTraceparent, inTrace, openSpan, recordSpan, traced, tracedBelow, traceIds } from './span.ts';

const exporter = new InMemorySpanExporter();
const place = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const spans = () =>
  exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    trace: span.spanContext().traceId,
    parent: span.parentSpanContext?.spanId,
    failed: span.status.message,
  }));
const below = { trace: place.slice(3, 35), parent: place.slice(36, 52), failed: undefined };

describe('spans', () => {
  it('are not there while tracing is off, and work is done all the same', async () => {
    expect(await traced('a', {}, async () => [currentTraceparent(), traceIds()])).toEqual([undefined, {}]);
  });

  describe('while tracing is on', () => {
    beforeAll(() => {
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    });
    beforeEach(() => exporter.reset());
    afterAll(() => {
      trace.disable();
      context.disable();
    });

    it('go on below a stored place, through what is awaited', async () => {
      await traced('outer', { parent: place }, async () => {
        await new Promise(setImmediate);
        expect(currentTraceparent()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
        await traced('inner', {}, async () => undefined);
      });
      const [inner, outer] = spans();
      expect(outer).toEqual({ name: 'outer', ...below });
      expect(inner).toMatchObject({ name: 'inner', trace: below.trace });
      expect(inner?.parent).not.toBe(below.parent);
    });

    it('say what failed, and the failure goes on', async () => {
      const failing = traced('a', {}, () => Promise.reject(new Error('broken')));
      await expect(failing).rejects.toThrow('broken');
      expect(spans()).toMatchObject([{ name: 'a', failed: 'broken' }]);
    });

    it('are made below a place only where there is one', async () => {
      await tracedBelow('a', { parent: undefined }, async () => undefined);
      openSpan('b', { parent: null }).end();
      recordSpan('c', { parent: 'nonsense', from: 0, to: 1 });
      expect(spans()).toEqual([]);
      openSpan('b', { parent: place }).end();
      recordSpan('c', { parent: place, from: 0, to: 1 });
      expect(spans()).toEqual([
        { name: 'b', ...below },
        { name: 'c', ...below },
      ]);
    });

    it('keep out what is done for others', async () => {
      const seen = await traced('a', {}, async () => [
        inTrace(undefined, currentTraceparent),
        inTrace(place, currentTraceparent),
      ]);
      expect(seen).toEqual([undefined, place]);
    });
  });
});
