import { Event, Severity } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Place, page, pageOf, pageQuery, QueryText, QueryTime, type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import type { EventFilter, EventView } from './event-view.ts';

const anyOf = <S extends z.ZodType<string>>(value: S) =>
  z
    .union([value, z.array(value).min(1).max(50)])
    .transform((given) => [given].flat() as z.infer<S>[])
    .optional();

const Filter = z.object({
  cluster_id: anyOf(QueryText),
  namespace: anyOf(QueryText),
  severity: anyOf(Severity),
  reason: anyOf(QueryText),
  kind: anyOf(QueryText),
  name: anyOf(QueryText),
  type: anyOf(Event.shape.type),
  since: QueryTime.optional(),
  until: QueryTime.optional(),
  ...pageQuery,
});
const Page = page(Event);

/** Events for people. */
export function eventRoutes(events: EventView): Route[] {
  const list = async ({ limit, cursor, ...filter }: EventFilter & { limit: number; cursor?: Place | undefined }) => {
    const rows = await events.list(filter, { limit: limit + 1, after: cursor });
    return pageOf(rows, limit, (event) => ({ at: event.timestamp, id: event.id }));
  };
  return [
    route({
      method: 'get',
      path: '/api/v1/events',
      summary: 'Events, newest first',
      role: 'viewer',
      request: { query: Filter },
      response: Page,
      handler: ({ query }) => list(query),
    }),
    route({
      method: 'post',
      path: '/api/v1/events/search',
      summary: 'Events by several values of a field at once',
      role: 'viewer',
      request: { body: z.strictObject(Filter.shape) },
      response: Page,
      handler: ({ body }) => list(body),
    }),
    route({
      method: 'get',
      path: '/api/v1/events/:id',
      summary: 'One event with its evidence',
      role: 'viewer',
      request: { params: z.object({ id: QueryText }) },
      response: Event,
      handler: async ({ params }) => {
        const event = await events.one(params.id);
        if (event === undefined) throw errors.not_found({ event: params.id });
        return event;
      },
    }),
  ];
}
