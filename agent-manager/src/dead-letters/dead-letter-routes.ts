import { DeadLetter, maybe, Timestamp } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { cursorOf, encodeCursor, page, pageQuery, type Route, route } from '@aetherius/shared/http';
import type { DeadLetters, StoredLetter } from '@aetherius/shared/nats';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { redact } from '@aetherius/shared/redact';
import { z } from 'zod';
import type { Trail } from '../audit/trail.ts';
import { refusalOf } from './redelivery.ts';

const LetterId = z.string().regex(/^[1-9]\d{0,14}$/, 'must be the number of a dead letter');
const Summary = DeadLetter.omit({ data: true }).extend({
  id: LetterId,
  service: z.string().describe('Who could not handle it, or not send it'),
  stored_at: Timestamp,
  bytes: z.int(),
  refusal: maybe(z.string()).describe('Why it cannot be sent again, if so'),
});
const Letter = Summary.extend({
  text: maybe(z.string()).describe('The message as it came, secrets masked; null where it is no text'),
});
const Redelivery = z.object({ id: LetterId, subject: z.string(), redelivered_at: Timestamp });
const Removal = z.object({ id: LetterId, removed_at: Timestamp });

const byId = { params: z.object({ id: LetterId }) };
const Filter = z.object({ limit: pageQuery.limit, cursor: cursorOf(z.tuple([z.int().positive()])).optional() });

type Deps = { letters: DeadLetters; db: Db; trail: Trail; now: () => Date };

/** What no service could handle: looked at, sent again once the cause is gone, or taken away. */
export const deadLetterRoutes = (deps: Deps): Route[] => [
  listRoute(deps),
  oneRoute(deps),
  redeliverRoute(deps),
  removeRoute(deps),
];

const listRoute = ({ letters }: Deps): Route =>
  route({
    method: 'get',
    path: '/api/v1/dead-letters',
    summary: 'Messages that no service could handle, newest first, each with its reason',
    role: 'admin',
    request: { query: Filter },
    response: page(Summary),
    handler: async ({ query: { limit, cursor } }) => {
      const found = await letters.newest({ before: cursor?.[0], limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const next_cursor = found.length > limit && last !== undefined ? encodeCursor([last.seq]) : null;
      return { items: items.map(summaryOf), next_cursor };
    },
  });

const oneRoute = ({ letters }: Deps): Route =>
  route({
    method: 'get',
    path: '/api/v1/dead-letters/:id',
    summary: 'One dead letter with the message as it came',
    role: 'admin',
    request: byId,
    response: Letter,
    handler: async ({ params: { id } }) => {
      const stored = await found(letters, id);
      return { ...summaryOf(stored), text: textOf(stored) };
    },
  });

const redeliverRoute = ({ letters, db, trail, now }: Deps): Route =>
  route({
    method: 'post',
    path: '/api/v1/dead-letters/:id/redeliver',
    summary: 'Put the message of a dead letter on its stream again, and take the letter away',
    role: 'admin',
    request: byId,
    response: Redelivery,
    handler: async ({ params: { id }, actor }) => {
      const stored = await found(letters, id);
      const { subject } = stored.letter;
      const reason = refusalOf(stored.service, stored.letter);
      if (reason !== undefined) throw errors.conflict({ dead_letter: id, reason });
      const at = now();
      // The record first: what cannot be noted is not done, and what could not be sent is not noted.
      await withTransaction(db, async (tx) => {
        const deed = { action: 'redeliver_dead_letter', target: id, details: aboutOf(stored) };
        await trail(tx, { actor: actor.id, ...deed });
        await letters.sendAgain(stored);
      });
      await letters.remove(stored.seq);
      return { id, subject, redelivered_at: at.toISOString() };
    },
  });

const removeRoute = ({ letters, db, trail, now }: Deps): Route =>
  route({
    method: 'delete',
    path: '/api/v1/dead-letters/:id',
    summary: 'Take a dead letter away for good',
    role: 'admin',
    request: byId,
    response: Removal,
    handler: async ({ params: { id }, actor }) => {
      const stored = await found(letters, id);
      const at = now();
      await withTransaction(db, async (tx) => {
        const deed = { action: 'remove_dead_letter', target: id, details: aboutOf(stored) };
        await trail(tx, { actor: actor.id, ...deed });
        if (!(await letters.remove(stored.seq))) throw errors.not_found({ dead_letter: id });
      });
      return { id, removed_at: at.toISOString() };
    },
  });

async function found(letters: DeadLetters, id: string): Promise<StoredLetter> {
  const stored = await letters.one(Number(id));
  if (stored === undefined) throw errors.not_found({ dead_letter: id });
  return stored;
}

const summaryOf = ({ seq, service, stored_at, letter }: StoredLetter) => {
  const { data, ...rest } = letter;
  const refusal = refusalOf(service, letter) ?? null;
  const about = { ...rest, problem: redact(letter.problem), bytes: Buffer.byteLength(data, 'base64'), refusal };
  return { id: String(seq), service, stored_at, ...about };
};

function textOf({ letter }: StoredLetter): string | null {
  try {
    return redact(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(letter.data, 'base64')));
  } catch {
    return null;
  }
}

/** What a letter says of itself is anybody's word, and the audit keeps plain text alone. */
const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300);

const aboutOf = ({ service, letter: { subject, message_id } }: StoredLetter) => ({
  service: plain(service),
  subject: plain(subject),
  message_id: message_id === null ? null : plain(message_id),
});
