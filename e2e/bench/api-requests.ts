import type { Fleet } from '@aetherius/local';
import { errors } from '@aetherius/shared/errors';
import { encodeCursor } from '@aetherius/shared/http';
import { type Db, sql } from '@aetherius/shared/postgres';

/** One kind of request, made anew each time with other values. */
export type RequestKind = { name: string; send: (random: () => number) => Promise<void> };

type Place = { at: string; id: string };
type Known = { eventPlaces: Place[]; incidentPlaces: Place[]; events: string[]; incidents: string[]; names: string[] };

const SAMPLES = 200;
const LIMIT = 50;

/** The requests of people and dashboards: lists, filters, searches, pages far back, single things, and the live stream. */
export async function requestKinds(fleet: Fleet, db: Db): Promise<RequestKind[]> {
  const known = await knownThings(db);
  const ask = asking(`${fleet.urls['agent-manager']}/api/v1`, await fleet.api.token());
  const kind = (name: string, path: (pick: Pick) => string): RequestKind => ({
    name,
    send: (random) => ask(path(picker(random)), {}),
  });
  const deep = (list: string, place: Place | undefined) =>
    `/${list}?limit=${LIMIT}&cursor=${encodeURIComponent(encodeCursor([place?.at ?? '', place?.id ?? '']))}`;
  return [
    kind('events', () => `/events?limit=${LIMIT}`),
    kind('events_deep', (pick) => deep('events', pick(known.eventPlaces))),
    kind(
      'events_of_cluster',
      (pick) => `/events?limit=${LIMIT}&cluster_id=seed-${pick(numbers(200))}&severity=critical`,
    ),
    kind(
      'events_of_thing',
      (pick) => `/events?limit=${LIMIT}&name=${pick(known.names)}&namespace=team-${pick(numbers(20))}`,
    ),
    kind('event', (pick) => `/events/${pick(known.events)}`),
    { name: 'events_search', send: (random) => ask('/events/search', searchOf(picker(random))) },
    kind('incidents', () => `/incidents?limit=${LIMIT}`),
    kind('incidents_deep', (pick) => deep('incidents', pick(known.incidentPlaces))),
    kind(
      'incidents_open',
      (pick) => `/incidents?limit=${LIMIT}&state=escalated&severity=${pick(['critical', 'high'])}`,
    ),
    kind('incidents_text', (pick) => `/incidents?limit=${LIMIT}&q=app-${pick(numbers(20_000))}`),
    kind('incident', (pick) => `/incidents/${pick(known.incidents)}`),
    { name: 'stream', send: () => ask('/incidents/stream', { first: true }) },
  ];
}

type Pick = <T>(from: readonly T[]) => T | undefined;
const picker =
  (random: () => number): Pick =>
  (from) =>
    from[Math.floor(random() * from.length)];
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const searchOf = (pick: Pick) => ({
  body: {
    limit: LIMIT,
    reason: ['FailedMount', pick(['OOMKilling', 'Evicted'])],
    namespace: [`team-${pick(numbers(20))}`, `team-${pick(numbers(20))}`],
    since: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  },
});

/** Asks, and takes the whole answer; of a stream its first message. */
const asking =
  (url: string, token: string) =>
  async (path: string, { body, first = false }: { body?: unknown; first?: boolean }): Promise<void> => {
    const abort = new AbortController();
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: abort.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw errors.unavailable({ path, status: answer.status, answer: (await answer.text()).slice(0, 200) });
    if (!first) await answer.text();
    else {
      await answer.body?.getReader().read();
      abort.abort();
    }
  };

/** Places throughout the lists and things that exist. */
async function knownThings(db: Db): Promise<Known> {
  const events = await db.many<Place & { name: string }>(
    sql`select timestamp as at, id, object->>'name' as name from event tablesample system (1) order by random() limit ${SAMPLES}`,
  );
  const incidents = await db.many<Place>(
    sql`select opened_at as at, id from incident where opened_at is not null order by random() limit ${SAMPLES}`,
  );
  return {
    eventPlaces: events,
    incidentPlaces: incidents,
    events: events.map(({ id }) => id),
    incidents: incidents.map(({ id }) => id),
    names: events.map(({ name }) => name),
  };
}
