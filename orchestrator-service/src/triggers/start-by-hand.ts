import { fingerprintOf, seconds } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { definitionStore } from '../definitions/definition-store.ts';
import type { ManualStart } from '../definitions/workflow-routes.ts';
import { runStore } from '../engine/run-store.ts';

/** A run that a person asks for; it waits its turn like any other when its target is looked after already. */
export const startByHand = (
  { db, newId, wake }: { db: Db; newId: () => string; wake: () => void },
  { name, incident, requester }: ManualStart,
): Promise<string> =>
  withTransaction(db, async (tx) => {
    const definition = await definitionStore.newest(tx, name);
    if (definition === undefined) throw errors.not_found({ workflow: name });
    const id = newId();
    const run = {
      id,
      definition: name,
      version: definition.version,
      strategy: null,
      requester,
      incident: { id: `manual-${id}`, episode: 1, reasons: [incident.reason], ...incident },
      target: fingerprintOf(incident.cluster_id, incident.subject),
      trigger_key: `manual:${id}`,
      bundle_hash: null,
      traceparent: null,
      timeout_s: seconds(definition.timeout),
    };
    await runStore.insert(tx, [run]);
    return id;
  }).finally(wake);
