import { describe, expect, it } from '@jest/globals';
import { startTracing } from './start-tracing.ts';

describe('startTracing', () => {
  it.each([undefined, ''])('does nothing without a collector (%j)', async (endpoint) => {
    expect(await startTracing({ service: 'x', endpoint })).toBeUndefined();
  });

  it('names the variable whose address is none', async () => {
    const starting = startTracing({ service: 'x', endpoint: 'collector:4318' });
    await expect(starting).rejects.toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
  });
});
