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

/** A merge adds to what is there; this says that what is given is all. */
const WHOLE = { $patch: 'replace' } as const;

function rollingUpdate(given: JsonObject): JsonObject | null | undefined {
  if (given['type'] === 'Recreate') return null;
  const shares = without({ maxSurge: given['max_surge'], maxUnavailable: given['max_unavailable'] });
  return Object.keys(shares).length === 0 ? undefined : shares;
}

/** The actions that one merge of fields says; lists whose members have no names cannot be merged, so the others have none. */
const patches: Partial<Record<FieldAction, (given: JsonObject) => JsonObject>> = {
  set_probe: probe,
  set_strategy: (given) => ({
    spec: { strategy: without({ type: given['type'], rollingUpdate: rollingUpdate(given) }) },
  }),
  set_node_selector: ({ labels }) => inTemplate({ nodeSelector: { ...WHOLE, ...(labels as JsonObject | undefined) } }),
  set_pull_secrets: ({ names }) =>
    inTemplate({ imagePullSecrets: [WHOLE, ...(Array.isArray(names) ? names : []).map((name) => ({ name }))] }),
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
