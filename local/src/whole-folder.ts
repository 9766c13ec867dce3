import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { z } from 'zod';
import { damaged, lost } from './secrets.ts';

/** Names the keys that the folder has; written last, so that a run that was cut off is told from a loss. */
const MARK = 'complete.json';
const BUS_KEYS = 'nats/keys.json';

/** What nobody can make again as it was. Public halves, credentials and certificates follow from these. */
const keyFiles = [
  ...['access-token.key', 'bootstrap-token', 'postgres.json', 'release.json', 'database.json', 'bus.json'],
  ...['redis.json', 'neo4j.json', 'grafana.json', BUS_KEYS, 'tls/ca.json'],
];

/**
 * Refuses a folder that has lost a key: another one in its place would lock out whoever has the present one. A folder of an earlier
 * version has no mark; of it is certain what was made `before` the keys of the bus.
 */
export function requireWhole(folder: string, before: readonly string[]): void {
  const isMade = existsSync(join(folder, BUS_KEYS));
  for (const file of marked(folder) ?? (isMade ? before : [])) {
    if (!existsSync(join(folder, file))) throw lost(join(folder, file));
  }
}

/** From now on each key that is there has to be. */
export function markWhole(folder: string): void {
  const held = keyFiles.filter((file) => existsSync(join(folder, file)));
  writeFileSync(join(folder, MARK), `${JSON.stringify(held)}\n`, { mode: 0o600 });
}

/** Keys are put into a folder of their own: what else is in it would be guarded, backed up and lost with them. */
export function requireOwn(folder: string): void {
  const ours = new Set([...keyFiles, MARK, 'access-token.pub', 'in-use', 'nats', 'nats.former', 'tls']);
  const held = readdirSync(folder);
  if (held.length === 0 || held.some((file) => ours.has(file))) return;
  const reason = `holds other files, such as ${held[0]}, and no keys`;
  throw errors.invalid_input({ folder, reason, way_out: 'name one that is empty or not there yet' });
}

function marked(folder: string): string[] | undefined {
  const file = join(folder, MARK);
  if (!existsSync(file)) return undefined;
  try {
    return z.array(z.enum(keyFiles)).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw damaged(file, cause);
  }
}
