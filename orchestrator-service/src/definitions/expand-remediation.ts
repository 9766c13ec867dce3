import { type LeafStep, writeActions } from '@aetherius/shared/contracts';
import type { Choice, Loop, Node, RemediationLeaf, Sequence, Way } from '../engine/node.ts';
import { sequence, when } from './build-node.ts';

export type RemediationStep = Extract<LeafStep, { kind: 'remediation' }>;

/** Looks at a lost write, and at an unknown observation, up to this often. */
const LOOKS = 3;
const APPROVAL_EXPIRES_IN = '1h';

const until = (id: string, loop: { until: string; exhausted: string; body: Node }): Loop => ({
  kind: 'loop',
  id,
  max: LOOKS,
  for_each: null,
  ...loop,
});

/** A lost write: read the target, and send the same command again only when its mark is not there. */
const settleWrite = (way: Way, act: string): Choice =>
  when(
    `${act}_lost`,
    `steps.${act}.output.status == 'unknown'`,
    until('look', {
      until: `steps.${act}_mark.output.marked || (has(steps.${act}_again) && steps.${act}_again.output.status == 'done')`,
      exhausted: 'write_unknown',
      body: sequence(
        'round',
        { kind: 'mark', id: `${act}_mark`, way },
        when('absent', `!steps.${act}_mark.output.marked`, { kind: 'act', id: `${act}_again`, way, resends: true }),
      ),
    }),
  );

const watch = (id: string, leaf: RemediationLeaf): Loop =>
  until(id, {
    until: `steps.${leaf.id}.output.answer != 'unknown'`,
    exhausted: 'verification_unknown',
    body: leaf,
  });

/** The way back after an observed failure, proven as strictly as the way there, and told to a person either way. */
const undo = (step: RemediationStep): Node[] => [
  { kind: 'dry_run', id: 'undo_check', action: step.action, way: 'undo', parameters: {}, as_recommended: false },
  { kind: 'act', id: 'undo', way: 'undo', resends: false },
  settleWrite('undo', 'undo'),
  watch('verify_undo', { kind: 'proof', id: 'proof' }),
  {
    kind: 'choice',
    id: 'undone',
    cases: [
      {
        when: "steps.proof.output.answer == 'met'",
        steps: [
          {
            kind: 'escalate',
            id: 'rolled_back',
            retries: 0,
            message: `${step.action} did not help and was taken back; a person has to look.`,
            outcome: 'rolled_back',
          },
        ],
      },
    ],
    otherwise: [stillBroken(step, 'not_undone', 'did not help, and the values from before did not come back')],
  },
];

const stillBroken = (step: RemediationStep, id: string, what: string): Node => ({
  kind: 'escalate',
  id,
  retries: 0,
  message: `${step.action} ${what}; a person has to look.`,
  outcome: 'not_repaired',
});

/**
 * A remediation as journalled sub-steps: read, try dry, check, ask, write, watch, and take back what was seen not to
 * help. Unknown is never success and never a reason to take back.
 */
export const expandRemediation = (step: RemediationStep): Sequence =>
  sequence(
    step.id,
    { kind: 'get', id: 'get', action: step.action },
    {
      kind: 'dry_run',
      id: 'dry_run',
      action: step.action,
      way: 'repair',
      parameters: step.parameters,
      as_recommended: step.as_recommended,
    },
    { kind: 'guard', id: 'guard', action: step.action, approval: step.approval },
    when('ask', "steps.guard.output.verdict == 'ask'", {
      kind: 'grant',
      id: 'approve',
      expires_in: step.timeout ?? APPROVAL_EXPIRES_IN,
    }),
    { kind: 'act', id: 'act', way: 'repair', resends: false },
    settleWrite('repair', 'act'),
    watch('verify', { kind: 'observe', id: 'observe', ...step.verify }),
    when(
      'judge',
      "steps.observe.output.answer == 'not_met'",
      ...(step.on_failure === 'roll_back' && writeActions[step.action].way === 'reversible'
        ? undo(step)
        : [stillBroken(step, 'not_repaired', 'was carried out and did not help')]),
    ),
    { kind: 'proven', id: 'proven' },
  );
