import { Strategy } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Route, route } from '@aetherius/shared/http';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { checkStrategy } from './check.ts';
import { definitionStore } from './definition-store.ts';
import { invalidDefinition } from './errors.ts';
import { strategyStore } from './strategy-store.ts';

const Shown = Strategy.extend({ origin: z.enum(['file', 'rest']), version: z.int(), updated_at: z.string() });
const ByName = z.object({ name: z.string() });

/** Strategies over REST. */
export function strategyRoutes({ db }: { db: Db }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/strategies',
      summary: 'Strategies: which incidents are answered by which workflow, and how far it may go',
      role: 'viewer',
      response: z.object({ items: z.array(Shown) }),
      handler: async () => ({ items: await strategyStore.all(db) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/strategies/:name',
      summary: 'One strategy',
      role: 'viewer',
      request: { params: ByName },
      response: Shown,
      handler: async ({ params }) => existing(db, params.name),
    }),
    route({
      method: 'put',
      path: '/api/v1/strategies/:name',
      summary: 'Check a strategy and store it; from then on a file does not change it',
      role: 'admin',
      request: { params: ByName, body: z.record(z.string(), z.unknown()) },
      response: Shown,
      handler: ({ params, body }) =>
        withTransaction(db, async (tx) => {
          const { name = params.name } = body;
          if (name !== params.name)
            throw invalidDefinition([{ path: ['name'], message: `differs from "${params.name}" in the path` }]);
          const checked = checkStrategy({ ...body, name }, await definitionStore.known(tx));
          if (!checked.ok) throw invalidDefinition(checked.problems);
          return strategyStore.put(tx, checked.value);
        }),
    }),
    route({
      method: 'delete',
      path: '/api/v1/strategies/:name',
      summary: 'Remove a strategy that came over REST',
      role: 'admin',
      request: { params: ByName },
      response: z.object({ removed: z.string() }),
      handler: ({ params }) =>
        withTransaction(db, async (tx) => {
          await existing(tx, params.name);
          if ((await strategyStore.remove(tx, params.name)) === 0)
            throw errors.conflict({
              strategy: params.name,
              reason: 'it comes from a file, which would bring it back; set enabled to false instead',
            });
          return { removed: params.name };
        }),
    }),
  ];
}

async function existing(tx: Parameters<typeof strategyStore.one>[0], name: string) {
  const stored = await strategyStore.one(tx, name);
  if (stored === undefined) throw errors.not_found({ strategy: name });
  return stored;
}
