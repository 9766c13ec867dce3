import { sql, type Tx } from '@aetherius/shared/postgres';

export type KillSwitch = { engaged: boolean; reason: string | null; changed_by: string; changed_at: string };

/** The one switch that stops every write; it is read again just before each. */
export const killSwitchStore = {
  read: (tx: Tx): Promise<KillSwitch> =>
    tx.one<KillSwitch>(sql`select engaged, reason, changed_by, changed_at from kill_switch`),
  set: (
    tx: Tx,
    { engaged, reason, by }: { engaged: boolean; reason: string | null; by: string },
  ): Promise<KillSwitch> =>
    tx.one<KillSwitch>(sql`
      update kill_switch set engaged = ${engaged}, reason = ${reason}, changed_by = ${by}, changed_at = now()
      returning engaged, reason, changed_by, changed_at`),
} as const;
