import { ClusterId, Enrolment, EnrolmentRequest, maybe, Timestamp } from '@aetherius/shared/contracts';
import { AetheriusError, errors } from '@aetherius/shared/errors';
import { QueryText, type Route, route } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import { Counter, type Registry } from '@aetherius/shared/metrics';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { tokenHash } from '../access/api-token.ts';
import type { Trail } from '../audit/trail.ts';
import { tellNow } from './bus-keeper.ts';
import type { Admissions, Door } from './enrolment.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import { installCommands } from './install-commands.ts';

const TOKEN_LIFETIME_MS = 3_600_000;
/** Keys of a cluster, a token and a certificate of it fit into this many times. */
const BODY_LIMIT_BYTES = 32 * 1024;

const NewCluster = z.strictObject({ cluster_id: ClusterId, display_name: maybe(QueryText.max(200)) });
const Invitation = z.object({
  cluster_id: ClusterId,
  token: z.string().describe('Good for one agent, once; shown this once'),
  expires_at: Timestamp,
  commands: z.object({ helm: z.string(), kubectl: z.string() }),
});
const Revocation = z.object({
  cluster_id: ClusterId,
  revoked_at: Timestamp,
  keys: z.int().describe('Keys that were shut out now'),
  incidents: z.int().describe('Incidents of it that were open, and are closed with the outcome `cluster_revoked`'),
  cut_off: z
    .boolean()
    .describe('Whether the bus has ended their connections; if not, it is told as soon as it answers'),
});

type Deps = {
  db: Db;
  store: EnrolmentStore;
  admissions: Admissions;
  trail: Trail;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  now: () => Date;
  door: () => Door;
  metrics: Registry;
  allowed: (address: string) => boolean;
  /** Closes the incidents of clusters that were shut out; how many. */
  closeRevoked: () => Promise<number>;
  log: Logger;
};

/** Letting clusters in and shutting them out. */
export const enrolmentRoutes = (deps: Deps): Route[] => [inviteRoute(deps), revokeRoute(deps), enrolRoute(deps)];

const inviteRoute = ({ db, store, trail, random, newId, now, door }: Deps): Route =>
  route({
    method: 'post',
    path: '/api/v1/clusters',
    summary: 'Invite a cluster: a one-time token, and the commands that set up its agent',
    role: 'admin',
    request: { body: NewCluster },
    response: Invitation,
    status: 201,
    handler: async ({ body: { cluster_id, display_name }, actor }) => {
      const { publicUrl: url, chart, manifests, registry } = door();
      const token = `aetherius_enrol_${Buffer.from(random(32)).toString('base64url')}`;
      const at = now();
      const expires_at = new Date(at.getTime() + TOKEN_LIFETIME_MS);
      const row = { id: newId(), cluster_id, hash: tokenHash(token), created_by: actor.id, at, expires_at };
      await withTransaction(db, async (tx) => {
        await store.invite(tx, { ...row, display_name });
        const details = { expires_at: expires_at.toISOString() };
        await trail(tx, { actor: actor.id, action: 'invite_cluster', target: cluster_id, details });
      });
      const commands = installCommands({ cluster: cluster_id, url, token, chart, manifests, registry });
      return { cluster_id, token, expires_at: expires_at.toISOString(), commands };
    },
  });

function revokeRoute({ db, store, trail, now, door, closeRevoked, metrics, log }: Deps): Route {
  const name = 'aetherius_manager_clusters_revoked_total';
  const revoked = new Counter({ name, help: 'Clusters that were shut out', registers: [metrics] });
  return route({
    method: 'delete',
    path: '/api/v1/clusters/:id',
    summary: 'Shut a cluster out: its agents are cut off at once and come back only with a new token',
    role: 'admin',
    request: { params: z.object({ id: QueryText }) },
    response: Revocation,
    handler: async ({ params: { id }, actor }) => {
      const { keeper } = door();
      const at = now();
      const { keys } = await withTransaction(db, async (tx) => {
        const done = await store.revoke(tx, id, at);
        if (done === undefined) throw errors.not_found({ cluster: id });
        await trail(tx, { actor: actor.id, action: 'revoke_cluster', target: id, details: { keys: done.keys } });
        return done;
      });
      revoked.inc();
      const cut_off = await tellNow(keeper, log, { cluster_id: id });
      return { cluster_id: id, revoked_at: at.toISOString(), keys, incidents: await closeRevoked(), cut_off };
    },
  });
}

function enrolRoute({ admissions, metrics, allowed, log }: Deps): Route {
  const asked = new Counter({
    name: 'aetherius_manager_enrolments_total',
    help: 'Requests of agents to be let in or to stay, by how they were answered',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  return route({
    method: 'post',
    path: '/api/v1/enroll',
    summary: 'For agents: credentials for the bus, by a one-time token, a service account or a known key',
    role: 'public',
    request: { body: EnrolmentRequest },
    response: Enrolment,
    bodyLimit: BODY_LIMIT_BYTES,
    // What does not fit the schema counts too: it costs as much to refuse.
    turnAway: (address) => {
      if (allowed(address)) return;
      asked.inc({ outcome: 'too_many' });
      throw errors.too_many({ address, way_out: 'wait a few seconds' });
    },
    handler: async ({ body, address }) => {
      const { cluster_id, public_key } = body;
      try {
        const { way, enrolment } = await admissions.admit(body);
        asked.inc({ outcome: way });
        log.info({ cluster_id, public_key, way, expires_at: enrolment.expires_at }, 'an agent was let in');
        return enrolment;
      } catch (err) {
        asked.inc({ outcome: err instanceof AetheriusError && err.status < 500 ? 'refused' : 'failed' });
        log.warn({ err, cluster_id, public_key, address }, 'an agent was not let in');
        throw err;
      }
    },
  });
}
