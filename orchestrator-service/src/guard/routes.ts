import { type Route, route } from '@aetherius/shared/http';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { controlStore } from '../engine/control-store.ts';
import { killSwitchStore } from './kill-switch-store.ts';

const Shown = z.object({
  engaged: z.boolean(),
  reason: z.string().nullable(),
  changed_by: z.string(),
  changed_at: z.string(),
});

/** The kill switch over REST. */
export function guardRoutes({ db, newId }: { db: Db; newId: () => string }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/kill-switch',
      summary: 'Whether anything may be changed at all',
      role: 'viewer',
      response: Shown,
      handler: () => killSwitchStore.read(db),
    }),
    route({
      method: 'put',
      path: '/api/v1/kill-switch',
      summary: 'Forbid every change in every cluster, or allow changes again',
      role: 'admin',
      request: { body: z.strictObject({ engaged: z.boolean(), reason: z.string().max(500).nullable().default(null) }) },
      response: Shown,
      handler: ({ body, actor }) =>
        withTransaction(db, async (tx) => {
          const state = await killSwitchStore.set(tx, { ...body, by: actor.id });
          const action = body.engaged ? 'kill_switch.engage' : 'kill_switch.release';
          await controlStore.audit(tx, { id: newId(), at: state.changed_at, actor: actor.id, action, target: 'fleet' });
          return state;
        }),
    }),
  ];
}
