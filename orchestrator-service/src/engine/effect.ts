import type {
  AuditRecord,
  Command,
  Json,
  JsonObject,
  ReasoningRequest,
  Severity,
  Subject,
} from '@aetherius/shared/contracts';
import type { Fetched } from '../evidence/fetched.ts';

/** A request to people, bound to exactly what they are shown. */
export type ApprovalRequest = {
  path: string;
  message: string;
  requester: string;
  action: string | null;
  target: Subject | null;
  parameters: JsonObject | null;
  before: Json;
  after: Json;
  plan_hash: string | null;
  expires_at: string;
};

/** What a step wants to happen outside the journal; it leaves in the same transaction as the step's row. */
export type Effect =
  | { kind: 'command'; command: Command; until: string }
  | { kind: 'question'; question: Omit<ReasoningRequest, 'bundle'>; fetched: readonly Fetched[] }
  | { kind: 'approval'; request: ApprovalRequest }
  | { kind: 'notification'; path: string; severity: Severity; message: string }
  | { kind: 'write'; command_id: string; target: string }
  | { kind: 'audit'; record: AuditRecord };
