import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { redact } from '../redact/index.ts';
import { startTracing } from './start-tracing.ts';

describe('startTracing', () => {
  it.each([undefined, ''])('does nothing without a collector (%j)', async (endpoint) => {
    expect(await startTracing({ service: 'x', endpoint })).toBeUndefined();
  });

  it('names the variable whose address is none', async () => {
    const starting = startTracing({ service: 'x', endpoint: 'collector:4318' });
    await expect(starting).rejects.toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
  });

  it.each(['garbage', 'a=b,secret', '=secret', 'a b=secret', 'a=secret%0d%0ax: y', 'a=secret\u{1f600}'])(
    'refuses headers that are none: %j',
    async (headers) => {
      const starting = startTracing({ service: 'x', endpoint: 'http://127.0.0.1:1', headers });
      await expect(starting).rejects.toThrow(/OTEL_EXPORTER_OTLP_HEADERS: header \d is not name=value, way_out: /);
      await expect(starting).rejects.not.toThrow(/secret/);
      // As the log shows it.
      await starting.catch(({ message }: Error) => expect(redact(message)).toBe(message));
    },
  );

  it('sends the headers along that it is given', async () => {
    const got: unknown[] = [];
    const collector = createServer((request, response) => {
      got.push([request.url, request.headers.authorization, request.headers['x-tenant']]);
      response.end();
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
    const headers = 'authorization=Bearer%20secret, x-tenant=100%,';
    const tracing = await startTracing({ service: 'x', endpoint, headers });
    trace.getTracer('test').startSpan('one').end();
    await tracing?.stop();
    collector.close();
    expect(got).toEqual([['/v1/traces', 'Bearer secret', '100%']]);
  });
});
