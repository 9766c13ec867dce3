import type { ChangePlan } from '../change-plan.ts';
import type { Workload } from '../kube-object.ts';

/** Sets the number of replicas on the workload itself: the scale subresource could not carry the command's mark. */
export function planScale(workload: Workload, { replicas }: { replicas: number }): ChangePlan {
  const before = workload.spec.replicas ?? 1;
  return {
    change: [{ op: 'add', path: '/spec/replicas', value: replicas }],
    before: { 'spec.replicas': before },
    after: { 'spec.replicas': replicas },
    undo: { action: 'scale_workload', parameters: { replicas: before } },
  };
}
