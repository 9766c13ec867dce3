import { maybe, Role, Timestamp } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { QueryText, QueryTime, type Route, route } from '@aetherius/shared/http';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import type { Trail } from '../audit/trail.ts';
import type { Issuer } from './access-tokens.ts';
import { apiToken, tokenHash } from './api-token.ts';
import type { TokenStore } from './token-store.ts';

const Token = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(Role),
  created_by: z.string(),
  created_at: Timestamp,
  expires_at: maybe(Timestamp),
  revoked_at: maybe(Timestamp),
  last_used_at: maybe(Timestamp),
});
const byId = { params: z.object({ id: QueryText }) };

type Deps = {
  db: Db;
  tokens: TokenStore;
  issue: Issuer;
  trail: Trail;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  now: () => Date;
};

/** API tokens, and their exchange for short access tokens. */
export const accessRoutes = (deps: Deps): Route[] => [
  ...exchangeRoutes(deps),
  ...readRoutes(deps),
  ...changeRoutes(deps),
];

const exchangeRoutes = ({ issue }: Deps): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/access/token',
    summary: 'Exchange an API token, sent as bearer, for an access token of one hour',
    role: 'public',
    response: z.object({
      access_token: z.string(),
      token_type: z.literal('Bearer'),
      expires_in: z.int(),
      roles: z.array(Role).readonly(),
    }),
    handler: async ({ authorization }) => issue(authorization),
  }),
  route({
    method: 'get',
    path: '/api/v1/access/me',
    summary: 'Who I am, by my access token',
    role: 'viewer',
    response: z.object({ id: z.string(), roles: z.array(Role).readonly() }),
    handler: async ({ actor }) => actor,
  }),
];

const readRoutes = ({ tokens }: Deps): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/access/tokens',
    summary: 'API tokens, without their secrets',
    role: 'admin',
    response: z.object({ items: z.array(Token) }),
    handler: async () => ({ items: await tokens.list() }),
  }),
  route({
    method: 'get',
    path: '/api/v1/access/tokens/:id',
    summary: 'One API token',
    role: 'admin',
    request: byId,
    response: Token,
    handler: async ({ params }) => {
      const token = await tokens.one(params.id);
      if (token === undefined) throw errors.not_found({ token: params.id });
      return token;
    },
  }),
];

function changeRoutes({ db, tokens, trail, random, newId, now }: Deps): Route[] {
  const NewToken = z.strictObject({
    name: QueryText.max(100),
    roles: z.array(Role).min(1).max(5),
    expires_at: maybe(QueryTime.refine((at) => Date.parse(at) > now().getTime(), 'must lie ahead')),
  });
  return [
    route({
      method: 'post',
      path: '/api/v1/access/tokens',
      summary: 'Make an API token; its secret is shown this once',
      role: 'admin',
      request: { body: NewToken },
      response: Token.extend({ token: z.string() }),
      status: 201,
      handler: async ({ body, actor }) => {
        const token = apiToken(random(32));
        const row = await withTransaction(db, async (tx) => {
          const made = await tokens.create(tx, { ...body, id: newId(), hash: tokenHash(token), created_by: actor.id });
          await trail(tx, {
            actor: actor.id,
            action: 'create_token',
            target: made.id,
            details: { name: made.name, roles: made.roles },
          });
          return made;
        });
        return { ...row, token };
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/access/tokens/:id',
      summary: 'Revoke an API token',
      role: 'admin',
      request: byId,
      response: Token,
      handler: ({ params, actor }) =>
        withTransaction(db, async (tx) => {
          const token = await tokens.revoke(tx, params.id, now());
          if (token === undefined) throw errors.not_found({ token: params.id });
          await trail(tx, { actor: actor.id, action: 'revoke_token', target: token.id, details: { name: token.name } });
          return token;
        }),
    }),
  ];
}
