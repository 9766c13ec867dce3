import type { Route } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import type { Db } from '@aetherius/shared/postgres';
import { approvalRoutes } from './approvals/routes.ts';
import { strategyRoutes } from './definitions/strategy-routes.ts';
import { workflowRoutes } from './definitions/workflow-routes.ts';
import type { EffectStore } from './engine/effect-store.ts';
import { executionRoutes } from './engine/routes.ts';
import { guardRoutes } from './guard/routes.ts';
import { startByHand } from './triggers/start-by-hand.ts';

type Needs = { db: Db; effects: EffectStore; newId: () => string; wake: () => void; log: Logger };

/** Everything that this service answers under /api. */
export const orchestratorRoutes = (needs: Needs): Route[] => [
  ...workflowRoutes({ db: needs.db, start: (manual) => startByHand(needs, manual) }),
  ...executionRoutes(needs),
  ...strategyRoutes(needs),
  ...approvalRoutes(needs),
  ...guardRoutes(needs),
];
