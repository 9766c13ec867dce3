import { ClusterId, type Event } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { allows, type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import { bearer, tokenHash } from '../access/api-token.ts';
import type { TokenStore } from '../access/token-store.ts';
import { alertEvent } from './alert-event.ts';
import { AlertMessage } from './alert-message.ts';

type Deps = {
  tokens: Pick<TokenStore, 'use'>;
  clusterExists: (cluster: string) => Promise<boolean>;
  record: (events: readonly Event[]) => Promise<number>;
  now: () => Date;
  counted: Record<'stored' | 'failed', { inc: (alerts: number) => void }>;
};

/** Where Alertmanager posts to. */
export const ALERTS_PATH = '/api/v1/clusters/:id/alerts';

/** The door for Alertmanager, which keeps one token for years and cannot exchange it: so this one takes an API token itself. */
export const alertRoutes = ({ tokens, clusterExists, record, now, counted }: Deps): Route[] => [
  route({
    method: 'post',
    path: ALERTS_PATH,
    summary:
      "Take Alertmanager's webhook (version 4) as events of a cluster; needs an API token of a responder as bearer",
    role: 'public',
    request: { params: z.object({ id: ClusterId }), body: AlertMessage },
    response: z.object({ taken: z.int().describe('Alerts that were not known yet') }),
    handler: async ({ params: { id }, body, authorization }) => {
      const given = bearer(authorization);
      const token = given === undefined ? undefined : await tokens.use(tokenHash(given), now());
      if (token === undefined)
        throw errors.unauthorized({ reason: 'send a valid API token as "Authorization: Bearer <API token>"' });
      if (!allows(token.roles, 'responder')) throw errors.forbidden({ needs: 'responder' });
      if (!(await clusterExists(id))) throw errors.not_found({ cluster: id });
      const events = body.alerts.map((alert) => alertEvent(alert, id, now()));
      const taken = await record(events).catch((error: unknown) => {
        counted.failed.inc(events.length);
        throw error;
      });
      counted.stored.inc(taken);
      return { taken };
    },
  }),
];
