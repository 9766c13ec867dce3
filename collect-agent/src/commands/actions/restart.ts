import type { ChangePlan } from '../change-plan.ts';
import { pointer } from '../json-patch.ts';
import type { Workload } from '../kube-object.ts';

/** The annotation that `kubectl rollout restart` writes too, so that both show up in the same place. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Has the workload replace all its pods, at the pace that its own strategy allows. */
export function planRestart(workload: Workload, now: Date): ChangePlan {
  const { metadata } = workload.spec.template;
  const at = now.toISOString();
  const path = ['spec', 'template', 'metadata'];
  const field = `spec.template.metadata.annotations[${RESTARTED_AT}]`;
  const missing = [
    ...(metadata === undefined ? [{ op: 'add' as const, path: pointer(...path), value: {} }] : []),
    ...(metadata?.annotations === undefined
      ? [{ op: 'add' as const, path: pointer(...path, 'annotations'), value: {} }]
      : []),
  ];
  return {
    change: [...missing, { op: 'add', path: pointer(...path, 'annotations', RESTARTED_AT), value: at }],
    before: { [field]: metadata?.annotations?.[RESTARTED_AT] ?? null },
    after: { [field]: at },
    undo: null,
  };
}
