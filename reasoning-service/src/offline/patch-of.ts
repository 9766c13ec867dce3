import type { FieldAction, Json, JsonObject } from '@aetherius/shared/contracts';
import { textAt } from '../diagnosis/json-path.ts';

const without = (fields: { [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));

const inTemplate = (pod: JsonObject): JsonObject => ({ spec: { template: { spec: pod } } });

function probe(given: JsonObject): JsonObject {
  const { container, port, path } = given;
  const asked = without({ port, path });
  return inTemplate({
    containers: [
      {
        name: container ?? '',
        [`${textAt(given, 'probe')}Probe`]: without({
          httpGet: Object.keys(asked).length === 0 ? undefined : asked,
          initialDelaySeconds: given['initial_delay_seconds'],
          periodSeconds: given['period_seconds'],
          timeoutSeconds: given['timeout_seconds'],
          failureThreshold: given['failure_threshold'],
        }),
      },
    ],
  });
}

/** The actions that one merge of fields says; lists whose members have no names cannot be merged, so the others have none. */
const patches: Partial<Record<FieldAction, (given: JsonObject) => JsonObject>> = {
  set_probe: probe,
  set_strategy: ({ type }) => ({
    spec: { strategy: without({ type, rollingUpdate: type === 'Recreate' ? null : undefined }) },
  }),
  set_node_selector: ({ labels }) => inTemplate({ nodeSelector: labels ?? {} }),
  set_pull_secrets: ({ names }) =>
    inTemplate({ imagePullSecrets: (Array.isArray(names) ? names : []).map((name) => ({ name })) }),
  resize_claim: ({ storage }) => ({ spec: { resources: { requests: without({ storage }) } } }),
  set_quota: ({ hard }) => ({ spec: without({ hard }) }),
  set_autoscaler_bounds: (given) => ({
    spec: without({ minReplicas: given['min_replicas'], maxReplicas: given['max_replicas'] }),
  }),
  set_starting_deadline: ({ seconds }) => ({ spec: without({ startingDeadlineSeconds: seconds }) }),
  set_job_deadline: ({ seconds }) => ({ spec: { jobTemplate: { spec: without({ activeDeadlineSeconds: seconds }) } } }),
  set_ingress_class: (given) => ({ spec: without({ ingressClassName: given['class'] }) }),
};

/** The fields that an action sets, as `kubectl patch` takes them; undefined where a merge cannot say it. */
export const patchOf = (action: string, given: JsonObject): JsonObject | undefined =>
  Object.hasOwn(patches, action) ? patches[action as FieldAction]?.(given) : undefined;
