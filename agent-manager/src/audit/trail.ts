import type { AuditRecord, JsonObject } from '@aetherius/shared/contracts';
import { enqueue, type Tx } from '@aetherius/shared/postgres';

type Deed = { actor: string; action: string; target: string; outcome?: AuditRecord['outcome']; details?: JsonObject };

/** Notes in the caller's transaction who did what; the deed and its record are kept together or not at all. */
export type Trail = (tx: Tx, deed: Deed) => Promise<unknown>;

export const createTrail =
  ({ newId, now }: { newId: () => string; now: () => Date }): Trail =>
  (tx, { actor, action, target, outcome = 'done', details }) => {
    const record: AuditRecord = {
      id: newId(),
      at: now().toISOString(),
      service: 'agent-manager',
      actor,
      action,
      target,
      outcome,
      details: details ?? null,
    };
    return enqueue(tx, { subject: 'internal.audit', body: record });
  };
