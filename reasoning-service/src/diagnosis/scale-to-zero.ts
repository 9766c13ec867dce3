import type { BundleObject } from '@aetherius/shared/contracts';
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

/** Whether a workload has no replicas because that which scales it wakes it when it is asked for. */
export const sleeps = (facts: Facts, workload: BundleObject): boolean =>
  numberAt(workload.body, 'spec.replicas') === 0 &&
  (KNATIVE in textsAt(workload.body, 'metadata.labels') ||
    scalers.some(({ kind, least, target }) =>
      facts
        .of(kind)
        .some(
          (scaler) =>
            scaler.namespace === workload.namespace &&
            textAt(scaler.body, target) === workload.name &&
            (numberAt(scaler.body, least) ?? 0) === 0 &&
            textAt(conditionOf(scaler, 'Ready'), 'status') !== 'False',
        ),
    ));

/** Whether anything that was read asks for a service: a log or an alert that names it. */
export const isAskedFor = ({ bundle: { logs, alerts } }: Facts, { name }: BundleObject): boolean => {
  const word = new RegExp(`(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`);
  return (
    logs.some(({ lines }) => lines.some((line) => word.test(line))) ||
    alerts.some((alert) => word.test(JSON.stringify(alert)))
  );
};
