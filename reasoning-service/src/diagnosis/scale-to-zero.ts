import type { BundleEvent, BundleObject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { conditionOf } from './health/health.ts';
import { numberAt, textAt, textsAt } from './json-path.ts';

type Scaler = { kind: string; least: string; target: string };
/** KEDA's scalers, by events and by requests. What they leave out is no replica at least. */
const scalers: readonly Scaler[] = [
  { kind: 'ScaledObject', least: 'spec.minReplicaCount', target: 'spec.scaleTargetRef.name' },
  { kind: 'HTTPScaledObject', least: 'spec.replicas.min', target: 'spec.scaleTargetRef.name' },
];
/** Knative takes the last pod of a revision away where nobody asks for it. */
const KNATIVE = 'serving.knative.dev/revision';

/** Whether a scaler that was read lets a workload sleep; undefined where none of it was. */
function letsSleep({ of }: Facts, workload: BundleObject): boolean | undefined {
  const own = scalers.flatMap((one) =>
    of(one.kind)
      .filter(({ namespace, body }) => namespace === workload.namespace && textAt(body, one.target) === workload.name)
      .map((scaler) => ({ scaler, least: numberAt(scaler.body, one.least) ?? 0 })),
  );
  if (own.length === 0) return undefined;
  return own.some(({ scaler, least }) => least === 0 && textAt(conditionOf(scaler, 'Ready'), 'status') !== 'False');
}

/** What KEDA says, of its scaler or of the workload, when it takes the last replica away or brings the first one. */
const turns = /^KEDAScaleTarget(?:Deactivated|Activated)$/;

/** Whether the last that KEDA did with a workload was to let it sleep; a scaler that a whole listing lacks does nothing any more. */
function wasPutToSleep({ bundle, graph }: Facts, { kind, namespace, name }: BundleObject): boolean {
  if (scalers.every((scaler) => graph.isWhole(scaler.kind, namespace))) return false;
  const isMeant = (event: BundleEvent): boolean =>
    (event.kind === kind && event.namespace === namespace && event.name === name) ||
    event.message.split(/\s/).includes(`${namespace}/${name}`);
  const last = bundle.events
    .filter((event) => turns.test(event.reason) && isMeant(event))
    .toSorted((a, b) => Date.parse(a.last_timestamp) - Date.parse(b.last_timestamp))
    .at(-1);
  return last?.reason === 'KEDAScaleTargetDeactivated';
}

/** Whether a workload has no replicas because that which scales it wakes it when it is asked for. */
export const sleeps = (facts: Facts, workload: BundleObject): boolean =>
  numberAt(workload.body, 'spec.replicas') === 0 &&
  (KNATIVE in textsAt(workload.body, 'metadata.labels') ||
    (letsSleep(facts, workload) ?? wasPutToSleep(facts, workload)));

/** Whether anything that was read asks for a service: a log or an alert that names it. */
export const isAskedFor = ({ bundle: { logs, alerts } }: Facts, { name }: BundleObject): boolean => {
  const word = new RegExp(`(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`);
  return (
    logs.some(({ lines }) => lines.some((line) => word.test(line))) ||
    alerts.some((alert) => word.test(JSON.stringify(alert)))
  );
};
