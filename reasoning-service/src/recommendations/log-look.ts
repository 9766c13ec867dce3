import type { JsonObject, Subject } from '@aetherius/shared/contracts';
import type { Container } from '../diagnosis/facts.ts';
import { isInvented } from '../diagnosis/invented-name.ts';
import { failingContainer, type Scope } from './scope.ts';

/** The container whose log tells of the fault: kubectl would read that of the pod's first. */
function meantOf(all: readonly Container[], scope: Scope): Container | undefined {
  const failing = failingContainer(scope);
  return all.find((one) => one === failing) ?? all.find(({ isReady }) => !isReady) ?? all[0];
}

/** Parameters of a look at a pod's log: of several containers the one that is meant, and of the run before where there was one. */
export function logLook(parameters: JsonObject, target: Subject, scope: Scope): JsonObject {
  const all = target.kind === 'Pod' ? scope.facts.containersOf(target) : [];
  const meant = meantOf(all, scope);
  if (meant === undefined) return parameters;
  const isFirstRun = meant.restarts === 0 && meant.waiting === undefined;
  return {
    ...parameters,
    ...(all.length > 1 && !isInvented(meant) ? { container: meant.name } : {}),
    ...(isFirstRun ? { previous: false } : {}),
  };
}
