import { Category, ClusterId, IncidentState, Severity } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { page, pageOf, pageQuery, QueryText, type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import type { Trail } from '../audit/trail.ts';
import type { IncidentStream } from './incident-stream.ts';
import { IncidentDetail, type IncidentView, ShownIncident } from './incident-view.ts';
import type { Incidents } from './incidents.ts';

const Filter = z.object({
  state: IncidentState.optional(),
  severity: Severity.optional(),
  cluster_id: ClusterId.optional(),
  namespace: QueryText.optional(),
  category: Category.optional(),
  q: QueryText.optional().meta({ description: 'A part of the name, the namespace or a reason' }),
  ...pageQuery,
});
const Episode = z.coerce
  .number()
  .int()
  .min(1)
  .max(1e9)
  .meta({ description: 'An earlier episode; the last one otherwise' });
const byId = { params: z.object({ id: QueryText }) };

type Deps = { view: IncidentView; stream: IncidentStream; close: Incidents['close']; trail: Trail };

/** Incidents for people. */
export function incidentRoutes({ view, stream, close, trail }: Deps): Route[] {
  const detail = async (id: string, episode?: number) => {
    const incident = await view.detail(id, episode);
    if (incident === undefined) throw errors.not_found({ incident: id, ...(episode === undefined ? {} : { episode }) });
    return incident;
  };
  return [
    route({
      method: 'get',
      path: '/api/v1/incidents',
      summary: 'Incidents, newest first',
      role: 'viewer',
      request: { query: Filter },
      response: page(ShownIncident),
      handler: async ({ query: { limit, cursor, ...filter } }) => {
        const rows = await view.list(filter, { limit: limit + 1, after: cursor });
        return pageOf(rows, limit, (row) => ({ at: row.opened_at, id: row.id }));
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/incidents/stream',
      summary: 'The latest incidents, then each change of one, as server-sent events',
      role: 'viewer',
      response: ShownIncident,
      streams: true,
      handler: async ({ signal }) => stream.open(signal),
    }),
    route({
      method: 'get',
      path: '/api/v1/incidents/:id',
      summary: 'One incident with its timeline, evidence, diagnosis and runs',
      role: 'viewer',
      request: { ...byId, query: z.object({ episode: Episode.optional() }) },
      response: IncidentDetail,
      handler: ({ params, query }) => detail(params.id, query.episode),
    }),
    route({
      method: 'post',
      path: '/api/v1/incidents/:id/close',
      summary: 'Declare an incident over; a run that works on it is told',
      role: 'responder',
      request: byId,
      response: IncidentDetail,
      handler: async ({ params, actor }) => {
        await close(params.id, (tx) => trail(tx, { actor: actor.id, action: 'close_incident', target: params.id }));
        return detail(params.id);
      },
    }),
  ];
}
