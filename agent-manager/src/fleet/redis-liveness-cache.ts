import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { createOutageLog, systemClock } from '@aetherius/shared/service';
import { Redis } from 'ioredis';
import { keyOf, type LivenessCache, Sighting, sightingKey } from './liveness-cache.ts';

const TTL_SECONDS = 86_400;
/** One that hangs keeps its connections open: whoever asks is answered without it, and another connection is tried. */
const WITHIN_MS = 1_000;
const redisKey = (key: string) => `aetherius:agent:${key}`;

/** Liveness that several managers share. While Redis is away nothing is known: agents fall back to what Postgres last heard. */
export function createRedisLivenessCache({ url, log }: { url: string; log: Logger }): LivenessCache {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: false,
    commandTimeout: WITHIN_MS,
    socketTimeout: WITHIN_MS,
  });
  const outage = createOutageLog({
    log,
    clock: systemClock,
    message: 'redis does not answer: liveness is what Postgres last heard',
  });
  const failed = (cause: Error & { code?: string }) => {
    const way_out = 'start Redis, or correct REDIS_URL';
    outage.failed(errors.unavailable({ part: 'redis', reason: cause.message || cause.code, way_out }, { cause }));
  };
  redis.on('error', failed);
  redis.on('ready', outage.over);
  return {
    seen: async (sighting) => {
      // Without a connection it was told already why there is none, and each sign of life would tell it again.
      const isThere = redis.status === 'ready';
      await redis
        .set(redisKey(sightingKey(sighting)), JSON.stringify(sighting), 'EX', TTL_SECONDS)
        .catch((cause: Error) => (isThere ? failed(cause) : undefined));
    },
    read: async (agents) => {
      if (agents.length === 0) return new Map();
      const values = await redis.mget(agents.map((agent) => redisKey(keyOf(agent)))).catch(() => []);
      return new Map(values.flatMap((value) => parse(value)));
    },
    state: () =>
      redis.ping().then(
        () => 'ok',
        () => 'does not answer',
      ),
    memory: async () => memoryIn(await redis.info('memory')),
    stop: async () => {
      redis.disconnect();
    },
  };
}

/** Without `maxmemory` a server names no limit, or 0. */
export function memoryIn(info: string): { used: number | null; limit: number | null } {
  const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)\\s*$`, 'm').exec(info)?.[1] ?? 0) || null;
  return { used: figure('used_memory'), limit: figure('maxmemory') };
}

function parse(value: string | null): [string, Sighting][] {
  const sighting = value === null ? undefined : Sighting.safeParse(JSON.parse(value)).data;
  return sighting === undefined ? [] : [[sightingKey(sighting), sighting]];
}
