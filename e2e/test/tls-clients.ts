import { createLogger } from '@aetherius/shared/log';
import { openNats } from '@aetherius/shared/nats';
import { openPool } from '@aetherius/shared/postgres';
import { startTracing, traced } from '@aetherius/shared/tracing';
import { createRedisLivenessCache } from '../../agent-manager/src/fleet/redis-liveness-cache.ts';
import { askManager } from '../../collect-agent/src/enrolment/ask-manager.ts';
import { createKubeClient } from '../../collect-agent/src/kube/client.ts';
import { openNeo4jCaseStore } from '../../reasoning-service/src/cases/neo4j-case-store.ts';
import { createAnthropic } from '../../reasoning-service/src/llm/anthropic.ts';
import type { Prompt } from '../../reasoning-service/src/llm/llm.ts';
import { createOpenAiCompatible } from '../../reasoning-service/src/llm/openai-compatible.ts';

// Every client of ours that speaks TLS, once to the port that it is given: `node tls-clients.ts redis=1234 …`. What becomes of it
// the server says.
const log = createLogger('tls-clients', 'silent');
const prompt: Prompt = { system: 's', user: 'u' as Prompt['user'], schema: {}, max_output_tokens: 1 };
const soon = () => AbortSignal.timeout(10_000);

const clients: Record<string, (place: string) => unknown> = {
  redis: (place) => createRedisLivenessCache({ url: `rediss://${place}`, log }),
  neo4j: (place) => openNeo4jCaseStore({ uri: `neo4j+s://${place}`, user: 'u', password: 'p' }).count(),
  postgres: (place) => openPool({ url: `postgres://u@${place}/d?sslmode=verify-full`, schema: 'any' }),
  bus: (place) => openNats({ url: `tls://${place}`, name: 'any' }, log),
  anthropic: (place) =>
    createAnthropic({ baseUrl: `https://${place}`, model: 'm', apiKey: 'k' }).complete(prompt, soon()),
  openai: (place) => createOpenAiCompatible({ baseUrl: `https://${place}`, model: 'm' }).complete(prompt, soon()),
  // All that the webhook is called by.
  webhook: (place) => fetch(`https://${place}`, { method: 'POST' }),
  collector: async (place) => {
    const tracing = await startTracing({ service: 'any', endpoint: `https://${place}` });
    await traced('any', {}, async () => undefined);
    await tracing?.stop();
  },
  manager: (place) =>
    askManager(`https://${place}`, {
      cluster_id: 'any',
      public_key: '',
      at: '',
      signature: '',
      token: null,
      service_account: null,
    }),
  prometheus: (place) => createKubeClient({ server: `https://${place}` }).get('/api/v1/query'),
};

for (const [name = '', port] of process.argv.slice(2).map((word) => word.split('=')))
  void Promise.resolve(clients[name]?.(`localhost:${port}`)).catch(() => undefined);
