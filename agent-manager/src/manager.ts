import { randomBytes } from 'node:crypto';
import type { Route } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import type { DeadLetters } from '@aetherius/shared/nats';
import type { Db } from '@aetherius/shared/postgres';
import { type Clock, newId } from '@aetherius/shared/service';
import { accessRoutes } from './access/access-routes.ts';
import type { Issuer } from './access/access-tokens.ts';
import { createTokenStore } from './access/token-store.ts';
import { createAlertMetrics } from './alerts/alert-metrics.ts';
import { alertRoutes } from './alerts/alert-routes.ts';
import { runbookRoutes } from './alerts/alert-runbooks.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { createAuditStore } from './audit/audit-store.ts';
import { createTrail } from './audit/trail.ts';
import { commandRoutes } from './commands/command-routes.ts';
import { createCommandStore } from './commands/command-store.ts';
import { createCommands } from './commands/commands.ts';
import { deadLetterRoutes } from './dead-letters/dead-letter-routes.ts';
import { busUserRoute } from './enrolment/bus-user-route.ts';
import { createAdmissions, type Door, doorOrRefusal } from './enrolment/enrolment.ts';
import { enrolmentRoutes } from './enrolment/enrolment-routes.ts';
import { createEnrolmentStore } from './enrolment/enrolment-store.ts';
import { createRateLimit } from './enrolment/rate-limit.ts';
import { signingKeyRoutes } from './enrolment/signing-key-routes.ts';
import { createAgentStore } from './fleet/agent-store.ts';
import { createFleet } from './fleet/fleet.ts';
import { fleetRoutes } from './fleet/fleet-routes.ts';
import type { LivenessCache } from './fleet/liveness-cache.ts';
import { incidentRoutes } from './incidents/incident-routes.ts';
import { createIncidentStream } from './incidents/incident-stream.ts';
import { createIncidentView } from './incidents/incident-view.ts';
import { createIncidents } from './incidents/incidents.ts';
import { eventRoutes } from './ingest/event-routes.ts';
import { createEventStore } from './ingest/event-store.ts';
import { createEventView } from './ingest/event-view.ts';
import { createIngest } from './ingest/ingest.ts';

type Deps = { db: Db; cache: LivenessCache; clock: Clock; log: Logger };
type Serving = {
  issue: Issuer;
  poke: () => void;
  door: Door | undefined;
  letters: DeadLetters;
  /** The user by which this service is on the bus, where it has one of its own. */
  ownUser: () => string | undefined;
  metrics: Registry;
};

/** A whole fleet renews about four times a second; a caller that asks ten times as often is none. */
const ENROLMENTS = { perSecond: 50, burst: 200 };

/** The manager's features over one database, joined but not yet connected to the bus. */
export type Manager = ReturnType<typeof createManager>;

export function createManager({ db, cache, clock, log }: Deps) {
  const now = () => clock.now();
  const trail = createTrail({ newId, now });
  const events = createEventStore(db);
  const incidents = createIncidents({ db, newId, now, log, bundles: events.bundles });
  const ingest = createIngest({ db, events, correlate: incidents.record, now });
  const fleet = createFleet({ agents: createAgentStore(db), cache, now });
  const store = createCommandStore(db);
  const commands = createCommands({ db, commands: store, trail, newId, now });
  const tokens = createTokenStore(db);
  const audit = createAuditStore(db);
  const view = createIncidentView(db);
  const stream = createIncidentStream({ view, now, log });
  const enrolment = createEnrolmentStore(db);
  const allowed = createRateLimit({ ...ENROLMENTS, now: clock.monotonic });
  const enrolmentDoors = ({ door: given, ownUser, metrics }: Serving): Route[] => {
    const door = doorOrRefusal(given);
    const admissions = createAdmissions({ db, store: enrolment, trail, now, door });
    const deps = { db, store: enrolment, admissions, trail, random: randomBytes, newId, now };
    return [
      ...enrolmentRoutes({ ...deps, door, metrics, allowed, closeRevoked: incidents.closeRevoked, log }),
      busUserRoute({ ...deps, door, ownUser, log }),
      ...signingKeyRoutes({ ...deps, door, log }),
    ];
  };
  const routes = (serving: Serving): Route[] => [
    ...incidentRoutes({ view, stream, close: incidents.close, trail }),
    ...eventRoutes(createEventView(db)),
    ...fleetRoutes(fleet),
    ...enrolmentDoors(serving),
    ...alertRoutes({
      ...{ tokens, clusterExists: store.clusterExists, record: ingest.record, now },
      counted: createAlertMetrics(serving.metrics),
    }),
    ...runbookRoutes(),
    ...commandRoutes({ commands: store, send: commands.send, poke: serving.poke }),
    ...accessRoutes({ db, tokens, issue: serving.issue, trail, random: randomBytes, newId, now }),
    ...auditRoutes(audit),
    ...deadLetterRoutes({ letters: serving.letters, db, trail, now }),
  ];
  return {
    events,
    trail,
    enrolment,
    incidents,
    ingest,
    fleet,
    commands,
    expireCommands: store.expire,
    tokens,
    audit,
    view,
    stream,
    routes,
    now,
  };
}
