import { COMMANDS_ANNOTATION, type JsonObject } from '@aetherius/shared/contracts';
import type { ChangePlan, NoPlan } from '../change-plan.ts';
import { fieldDifferences } from '../field-differences.ts';
import type { PodTemplate, Workload } from '../kube-object.ts';
import { pickRevision, type ReplicaSet, revisionOf } from './pick-revision.ts';

type Circumstances = {
  replicaSets: readonly ReplicaSet[];
  toRevision: number | undefined;
  readyFor: (replicaSetUid: string) => number | undefined;
};

const POD_TEMPLATE_HASH = 'pod-template-hash';

/** Puts the pod template of an older revision back, as `kubectl rollout undo` does, but only of one known to have worked. */
export function planRollback(deployment: Workload, circumstances: Circumstances): ChangePlan | NoPlan {
  const chosen = pickRevision({ deployment, ...circumstances });
  if (chosen === undefined) {
    return { problem: circumstances.toRevision === undefined ? 'no_healthy_revision' : 'no_such_revision' };
  }
  const template = templateOf(chosen);
  const current = revisionOf(deployment);
  const { before, after } = fieldDifferences('spec.template', json(deployment.spec.template), json(template));
  return {
    change: [{ op: 'replace', path: '/spec/template', value: json(template) }],
    before: { revision: current, ...before },
    after: { revision: revisionOf(chosen), ...after },
    undo: { action: 'rollback_workload', parameters: { to_revision: current } },
    output: { from_revision: current, to_revision: revisionOf(chosen) },
  };
}

const json = (template: PodTemplate): JsonObject => template as JsonObject;

/**
 * The template without what does not belong to it: the hash is the ReplicaSet's own, and a mark that came along with a
 * copied annotation would make a command look carried out that was not.
 */
function templateOf({ spec }: ReplicaSet): PodTemplate {
  const { metadata, ...template } = spec.template;
  if (metadata === undefined) return spec.template;
  const { labels, annotations, ...rest } = metadata;
  return {
    metadata: {
      ...rest,
      ...(labels === undefined ? {} : { labels: without(labels, POD_TEMPLATE_HASH) }),
      ...(annotations === undefined ? {} : { annotations: without(annotations, COMMANDS_ANNOTATION) }),
    },
    ...template,
  };
}

const without = (values: Record<string, string>, key: string): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
