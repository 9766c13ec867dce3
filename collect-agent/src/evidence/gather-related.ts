import type { JsonObject } from '@aetherius/shared/contracts';
import { listPath, pathOf, readableKinds } from '../commands/kinds.ts';
import type { HeldObject } from '../kube/objects.ts';
import type { Signal } from '../signals/signal.ts';
import { asObject, text } from './bundle-items.ts';
import type { Scene } from './scene.ts';

const NEIGHBOURS = 30;

/** What decides how many pods a workload has: its autoscalers, and the disruption budgets over its pods. */
export async function gatherGovernors({ gathering }: Scene, { kind, metadata, spec }: HeldObject): Promise<void> {
  const namespace = metadata.namespace ?? null;
  const labels = 'templateLabels' in spec ? (spec.templateLabels ?? {}) : (metadata.labels ?? {});
  const isScaled = (scaler: JsonObject) => {
    const target = asObject(asObject(scaler['spec'])['scaleTargetRef']);
    return target['kind'] === kind && target['name'] === metadata.name;
  };
  const isOver = (budget: JsonObject) => selects(asObject(asObject(budget['spec'])['selector']), labels);
  const [scalers, budgets] = await Promise.all(
    ['HorizontalPodAutoscaler', 'PodDisruptionBudget'].map((one) => gathering.list(listPath(one, namespace))),
  );
  for (const scaler of (scalers ?? []).filter(isScaled)) gathering.addObject(scaler);
  for (const budget of (budgets ?? []).filter(isOver)) gathering.addObject(budget);
}

/** By pairs alone; a selector with expressions is taken along, for what it selects others may judge. */
const selects = ({ matchLabels }: JsonObject, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(asObject(matchLabels)).every(([key, value]) => labels[key] === value);

/** Reasons for which a workload may name something that is not there under that name. */
const nameTrouble = new Set([
  ...['CreateContainerConfigError', 'FailedMount', 'FailedCreate'],
  ...['ImagePullBackOff', 'ErrImagePull', 'Failed', 'FailedToRetrieveImagePullSecret'],
]);

/** Whether the names that others use might be what the subject of a signal means. */
export const asksForNames = ({ reason }: Signal): boolean => nameTrouble.has(reason);

/**
 * The other workloads of the namespace, for what they name is there if they are well: ConfigMaps and pull Secrets are known by
 * that alone, since the agent reads neither. Service accounts hold nothing but names.
 */
export async function gatherNames({ gathering }: Scene, { metadata }: HeldObject): Promise<void> {
  const namespace = metadata.namespace ?? null;
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ServiceAccount'];
  const found = await Promise.all(
    kinds.map((kind) => gathering.list(listPath(kind, namespace), { limit: NEIGHBOURS })),
  );
  for (const one of found.flat()) gathering.addObject(one);
}

/** The Ingresses that lead to a Service. */
export async function gatherIngresses({ gathering }: Scene, { metadata }: HeldObject): Promise<void> {
  const ingresses = await gathering.list(listPath('Ingress', metadata.namespace ?? null));
  const leadsHere = (ingress: JsonObject) =>
    JSON.stringify(ingress['spec'] ?? {}).includes(`"service":{"name":${JSON.stringify(metadata.name)}`);
  for (const ingress of ingresses.filter(leadsHere)) gathering.addObject(ingress);
}

/** An object of a kind that is not watched, as it is now; answers the name of the workload that it is about, where it names one. */
export async function gatherUnwatched({
  gathering,
  signal,
}: Scene): Promise<{ kind: string; name: string } | undefined> {
  const { kind, namespace, name } = signal.object;
  if (!readableKinds.includes(kind)) return undefined;
  const whole = await gathering.read(pathOf({ kind, namespace, name }));
  if (whole === undefined) return undefined;
  gathering.addObject({ kind, ...whole });
  const target = asObject(asObject(whole['spec'])['scaleTargetRef']);
  const [targetKind, targetName] = [text(target['kind']), text(target['name'])];
  return targetKind === null || targetName === null ? undefined : { kind: targetKind, name: targetName };
}
