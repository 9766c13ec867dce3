import type { Condition, Json, LeafStep, WriteAction } from '@aetherius/shared/contracts';

type Kept = Extract<LeafStep, { kind: 'command' | 'decision' | 'notification' | 'wait' | 'approval' }>;
/** `rounds_left`: how often missing evidence may still be read and asked about after this question. */
type Analysis = Extract<LeafStep, { kind: 'ai_analysis' }> & { rounds_left: number };
type Fetch = { kind: 'fetch'; id: string };
type Escalate = Omit<Extract<LeafStep, { kind: 'escalate' }>, 'outcome'> & {
  outcome: 'not_repaired' | 'contained' | 'rolled_back';
};

/** Which write a sub-step of a remediation speaks of: the repair itself, or what takes it back. */
export type Way = 'repair' | 'undo';

/** The sub-steps that a remediation becomes; `resends` is the same write once more, under the same command id. */
export type RemediationLeaf =
  | { kind: 'get'; id: string; action: WriteAction }
  | {
      kind: 'dry_run';
      id: string;
      action: WriteAction;
      way: Way;
      parameters: Record<string, Json>;
      as_recommended: boolean;
    }
  | { kind: 'guard'; id: string; action: WriteAction; approval: 'by_autonomy' | 'always' }
  | { kind: 'grant'; id: string; expires_in: string }
  | { kind: 'act'; id: string; way: Way; resends: boolean }
  | { kind: 'mark'; id: string; way: Way }
  | { kind: 'observe'; id: string; condition: Condition; held_for: string; window: string }
  | { kind: 'proof'; id: string }
  | { kind: 'proven'; id: string };

/** Questions of the control structures, journalled once like any other step. */
type QuestionLeaf =
  | { kind: 'condition'; id: string; cases: string[] }
  | { kind: 'items'; id: string; expression: string; max: number };

export type Leaf = Kept | Analysis | Fetch | Escalate | RemediationLeaf | QuestionLeaf;
export type LeafKind = Leaf['kind'];
export type LeafOf<K extends LeafKind> = Extract<Leaf, { kind: K }>;

export type Sequence = { kind: 'sequence'; id: string; steps: Node[] };
export type Parallel = { kind: 'parallel'; id: string; branches: Node[] };
export type Loop = {
  kind: 'loop';
  id: string;
  max: number;
  until: string | null;
  for_each: string | null;
  /** The rounds of a `for_each` side by side; one after the other without. */
  at_once?: true;
  exhausted: string;
  body: Node;
};
export type Choice = { kind: 'choice'; id: string; cases: { when: string; steps: Node[] }[]; otherwise: Node[] };
export type Try = { kind: 'try'; id: string; steps: Node[]; on_failure: Node[]; always: Node[] };

/** A compiled step: no `use` and no `remediation` is left in it. */
export type Node = Leaf | Sequence | Parallel | Loop | Choice | Try;
