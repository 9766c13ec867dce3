import { openApi } from '@aetherius/shared/http';
import { createLogger } from '@aetherius/shared/log';
import { createMetrics } from '@aetherius/shared/metrics';
import type { Db } from '@aetherius/shared/postgres';
import { systemClock } from '@aetherius/shared/service';
import { about } from './about.ts';
import { createMemoryLivenessCache } from './fleet/liveness-cache.ts';
import { createManager } from './manager.ts';

const refuse = async (): Promise<never> => {
  throw new Error('the document is written without a database and a bus');
};
const unasked = { many: refuse, one: refuse, maybe: refuse, run: refuse };
const noDatabase: Db = {
  ...unasked,
  often: unasked,
  connect: refuse,
  stop: async () => undefined,
};

const manager = createManager({
  db: noDatabase,
  cache: createMemoryLivenessCache(),
  clock: systemClock,
  log: createLogger(about.service, 'silent'),
});
const routes = manager.routes({
  issue: refuse,
  poke: () => undefined,
  door: undefined,
  letters: { newest: refuse, one: refuse, sendAgain: refuse, remove: refuse },
  ownUser: () => undefined,
  metrics: createMetrics(about.service),
});
process.stdout.write(`${JSON.stringify(openApi(routes, about), null, 2)}\n`);
await manager.stream.stop();
