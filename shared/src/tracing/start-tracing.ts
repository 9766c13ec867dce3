import { z } from 'zod';
import { errors } from '../errors/index.ts';

const Endpoint = z.url({ protocol: /^https?$/ });

type Needs = {
  service: string;
  endpoint: string | undefined;
  /** Sent along with each call: `name=value` with commas between them, values as in an address. */
  headers?: string | undefined;
};

/**
 * Sends spans over OTLP/HTTP to the collector at `endpoint`; without one nothing is traced.
 * The SDK is loaded only then: it takes 25 MiB, which an agent without traces should not pay.
 */
export async function startTracing({
  service,
  endpoint,
  headers,
}: Needs): Promise<{ stop(): Promise<void> } | undefined> {
  if (endpoint === undefined || endpoint === '') return undefined;
  if (!Endpoint.safeParse(endpoint).success) {
    const reason = 'not an http:// or https:// address';
    const way_out =
      'set it to where the collector takes OTLP over HTTP, such as http://collector:4318, or leave it out';
    throw errors.invalid_input({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, reason, way_out });
  }
  const sent = headersIn(headers ?? '');
  const [api, sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
    ]);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, headers: sent });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: 2_000 })],
  });
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.trace.setGlobalTracerProvider(provider);
  return {
    // A collector that is away must not hold up a stop, nor make it an unclean one.
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

const headersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair, index) => {
        const [, name, value = ''] = /^\s*([!#$%&'*+.^`|~\w-]+)\s*=(.*)$/.exec(pair) ?? [];
        const text = decoded(value.trim());
        if (name === undefined || !SENDABLE.test(text)) throw unreadableHeader(index + 1);
        return [name, text];
      }),
  );

/** What a header may hold. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Without a word of the text, which is most often a secret. */
const unreadableHeader = (place: number) =>
  errors.invalid_input({
    OTEL_EXPORTER_OTLP_HEADERS: `header ${place} is not name=value`,
    way_out: 'write name=value with commas between them, values percent-encoded, such as x-scope-orgid=team%20a',
  });

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
