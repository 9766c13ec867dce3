import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from './home.ts';
import { lost } from './secrets.ts';

/** What a server keeps here, and the file without which nobody opens that again. */
const keyOf: readonly [data: RegExp, key: string][] = [
  [/^postgres-\d+$/, 'postgres.json'],
  [/^nats$/, join('nats', 'keys.json')],
];

/** Refuses data whose key is gone: a new one would fit nothing, and each server would complain of something else. */
export function requireKeysOf({ data, secrets }: Pick<Home, 'data' | 'secrets'>): void {
  const held = readdirSync(data);
  const missing = keyOf.find(([kept, key]) => held.some((name) => kept.test(name)) && !existsSync(join(secrets, key)));
  if (missing !== undefined) throw lost(join(secrets, missing[1]));
}
