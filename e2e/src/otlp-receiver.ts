import { text } from 'node:stream/consumers';
import { listen } from '@aetherius/shared/http';
import { z } from 'zod';

const Attribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string() }).partial() });
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(Attribute).default([]),
});
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(Attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
});

/** A span with the service that sent it. */
export type ReceivedSpan = {
  service: string;
  name: string;
  trace: string;
  id: string;
  parent: string | undefined;
  attributes: Record<string, string>;
};

const named = (attributes: z.infer<typeof Attribute>[]): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? '']));

function spansIn(body: unknown): ReceivedSpan[] {
  return Export.parse(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = named(resource.attributes)['service.name'] ?? '';
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId: trace, spanId: id, parentSpanId, attributes }) => ({
        service,
        name,
        trace,
        id,
        parent: parentSpanId || undefined,
        attributes: named(attributes),
      })),
    );
  });
}

/** A collector that keeps what it is sent as JSON over OTLP/HTTP. */
export async function startOtlpReceiver() {
  const spans: ReceivedSpan[] = [];
  const { port, stop } = await listen(async (request, response) => {
    if (request.url === '/v1/traces') spans.push(...spansIn(JSON.parse(await text(request))));
    response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
  }, 0);
  return { url: `http://127.0.0.1:${port}`, spans, stop };
}
