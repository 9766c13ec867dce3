import type { JsonObject } from '@aetherius/shared/contracts';
import { timestamp } from '../moment.ts';
import { known } from '../table/row-cells.ts';
import { type Line, tableAt } from './outline.ts';

/** The table of conditions that most descriptions have; undefined where there is none. Which columns it shows depends on the kind. */
export function conditionsAt(lines: readonly Line[]): JsonObject[] | undefined {
  const rows = tableAt(lines, 'Conditions').map((row) =>
    known({
      type: row['Type'],
      status: row['Status'],
      reason: row['Reason'] || undefined,
      message: row['Message'] || undefined,
      lastHeartbeatTime: timestamp(row['LastHeartbeatTime']),
      lastTransitionTime: timestamp(row['LastTransitionTime']),
    }),
  );
  return rows.length === 0 ? undefined : rows;
}
