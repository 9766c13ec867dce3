import {
  Action,
  ClusterId,
  CommandResult,
  Duration,
  JsonObject,
  maybe,
  ObjectRef,
  Timestamp,
} from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { page, pageOf, pageQuery, QueryText, type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import { type CommandRow, type CommandStore, commandStates } from './command-store.ts';
import type { Commands } from './commands.ts';
import { NewCommand } from './new-command.ts';

const Status = z.enum(commandStates);
const SentCommand = z.object({
  id: z.string(),
  cluster_id: ClusterId,
  action: Action,
  target: ObjectRef,
  parameters: JsonObject,
  expires_in: Duration,
  requested_by: z.string(),
  status: Status,
  reason: maybe(z.string()),
  created_at: Timestamp,
  updated_at: Timestamp,
});
/** How a command ended that no result came of. */
const Ended = z.object({
  command_id: z.string(),
  cluster_id: ClusterId,
  status: Status.extract(['refused', 'offline', 'unknown']),
  reason: maybe(z.string()),
});
const byId = { params: z.object({ id: QueryText }) };
const shown = (row: CommandRow) => ({ ...row, action: Action.parse(row.action) });

type Deps = { commands: CommandStore; send: Commands['send']; poke: () => void };

/** Read-only commands for people. */
export const commandRoutes = ({ commands, send, poke }: Deps): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/commands',
    summary: 'Ask a cluster something: get, describe, events, logs, observe',
    role: 'responder',
    request: { body: NewCommand },
    response: SentCommand,
    status: 201,
    handler: async ({ body, actor }) => {
      const row = await send(body, actor.id);
      poke();
      return shown(row);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/commands',
    summary: 'Commands of people, newest first',
    role: 'viewer',
    request: { query: z.object({ cluster_id: ClusterId.optional(), status: Status.optional(), ...pageQuery }) },
    response: page(SentCommand),
    handler: async ({ query: { limit, cursor, ...filter } }) => {
      const rows = await commands.list(filter, { limit: limit + 1, after: cursor });
      return pageOf(rows.map(shown), limit, (row) => ({ at: row.created_at, id: row.id }));
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/commands/:id',
    summary: 'One command and where it stands',
    role: 'viewer',
    request: byId,
    response: SentCommand,
    handler: async ({ params }) => {
      const row = await commands.one(params.id);
      if (row === undefined) throw errors.not_found({ command: params.id });
      return shown(row);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/commands/:id/result',
    summary: 'What came of a command, be it a refusal; 404 until it has ended',
    role: 'responder',
    request: byId,
    response: z.union([CommandResult, Ended]),
    handler: async ({ params }) => {
      const row = await commands.result(params.id);
      const ended = row?.result ?? Ended.safeParse(row).data;
      if (ended === undefined) throw errors.not_found({ result_of: params.id });
      return ended;
    },
  }),
];
