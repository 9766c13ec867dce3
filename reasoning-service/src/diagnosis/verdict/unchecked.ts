import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import { inFull } from '../graph/object-key.ts';
import { podShapeOf } from '../graph/pod-spec.ts';
import { referencesOf } from '../graph/references.ts';
import { isName } from '../nameable.ts';
import { isDesignOnly } from '../rules/references.ts';

const MOST = 10;
function ofManifest(facts: Facts, owner: BundleObject): string[] {
  const shape = isDesignOnly(facts, owner) ? podShapeOf(owner) : undefined;
  if (shape === undefined) return [];
  return referencesOf(shape.spec)
    .filter(({ optional }) => !optional)
    .map(({ kind, name }): Subject => ({ kind, namespace: owner.namespace, name }))
    .filter((target) => facts.graph.find(target) === undefined && !facts.graph.isWhole(target.kind, target.namespace))
    .map((target) => {
      const what = `whether ${inFull(target)} exists, which ${owner.kind} ${owner.name} refers to`;
      return isName(target.name) && isName(target.namespace ?? '')
        ? `${what}: kubectl get ${target.kind.toLowerCase()} ${target.name} -n ${target.namespace}`
        : what;
    });
}

/** What manifests refer to and the bundle neither has nor lacks for sure: it was not checked. */
export const unchecked = (facts: Facts): string[] =>
  [...new Set(facts.bundle.objects.flatMap((object) => ofManifest(facts, object)))].slice(0, MOST);
