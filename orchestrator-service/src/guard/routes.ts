import { type Route, route } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import type { Db } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { killSwitchStore } from './kill-switch-store.ts';
import { throwSwitch } from './throw-switch.ts';

const Shown = z.object({
  engaged: z.boolean(),
  reason: z.string().nullable(),
  changed_by: z.string(),
  changed_at: z.string(),
});

/** The kill switch over REST. */
export function guardRoutes(needs: { db: Db; newId: () => string; log: Logger }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/kill-switch',
      summary: 'Whether anything may be changed at all',
      role: 'viewer',
      response: Shown,
      handler: () => killSwitchStore.read(needs.db),
    }),
    route({
      method: 'put',
      path: '/api/v1/kill-switch',
      summary: 'Forbid every change in every cluster, or allow changes again',
      role: 'admin',
      request: { body: z.strictObject({ engaged: z.boolean(), reason: z.string().max(500).nullable().default(null) }) },
      response: Shown,
      handler: ({ body, actor }) => throwSwitch(needs, { ...body, by: actor.id }),
    }),
  ];
}
