import { ClusterId, Heartbeat, maybe, Timestamp } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { QueryText, type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import type { Fleet } from './fleet.ts';
import { livenessStates } from './liveness.ts';

const Status = z.enum(livenessStates);
const AgentView = z.object({
  id: z.string(),
  cluster_id: ClusterId,
  status: Status,
  version: maybe(z.string()),
  started_at: maybe(Timestamp),
  capabilities: z.array(z.string()),
  changes_allowed: z.boolean(),
  registered_at: maybe(Timestamp),
  last_seen_at: maybe(Timestamp),
  heartbeat: maybe(Heartbeat),
});
const ClusterView = z.object({
  id: ClusterId,
  display_name: maybe(z.string()),
  kubernetes_version: maybe(z.string()),
  first_seen_at: Timestamp,
  last_event_at: maybe(Timestamp),
  last_seen_at: maybe(Timestamp),
  revoked_at: maybe(Timestamp),
  agent_status: Status,
  agents: z.int(),
  open_incidents: z.int(),
});
const byId = { params: z.object({ id: QueryText }) };

/** Agents and clusters for people. */
export const fleetRoutes = (fleet: Fleet): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/agents',
    summary: 'Agents and how they are doing',
    role: 'viewer',
    request: { query: z.object({ status: Status.optional(), cluster_id: ClusterId.optional() }) },
    response: z.object({ items: z.array(AgentView) }),
    handler: async ({ query }) => ({
      items: (await fleet.agents()).filter(
        (agent) =>
          (query.status === undefined || agent.status === query.status) &&
          (query.cluster_id === undefined || agent.cluster_id === query.cluster_id),
      ),
    }),
  }),
  route({
    method: 'get',
    path: '/api/v1/agents/:id',
    summary: 'One agent',
    role: 'viewer',
    request: byId,
    response: AgentView,
    handler: async ({ params }) => {
      const agent = await fleet.agent(params.id);
      if (agent === undefined) throw errors.not_found({ agent: params.id });
      return agent;
    },
  }),
  route({
    method: 'delete',
    path: '/api/v1/agents/:id',
    summary: 'Forget an agent that will not come back',
    role: 'admin',
    request: byId,
    response: z.object({ id: z.string() }),
    handler: async ({ params }) => {
      if (!(await fleet.remove(params.id))) throw errors.not_found({ agent: params.id });
      return { id: params.id };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/clusters',
    summary: 'Clusters, with open incidents and the state of their agents',
    role: 'viewer',
    response: z.object({ items: z.array(ClusterView) }),
    handler: async () => ({ items: await fleet.clusters() }),
  }),
  route({
    method: 'get',
    path: '/api/v1/clusters/:id',
    summary: 'One cluster',
    role: 'viewer',
    request: byId,
    response: ClusterView,
    handler: async ({ params }) => {
      const cluster = await fleet.cluster(params.id);
      if (cluster === undefined) throw errors.not_found({ cluster: params.id });
      return cluster;
    },
  }),
];
