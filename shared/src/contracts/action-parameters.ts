import { z } from 'zod';

const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/, 'a Kubernetes quantity such as "256Mi" or "500m"');
const amount = z
  .string()
  .max(20)
  .regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?$/, 'a Kubernetes quantity such as "10Gi" or "20"');
const resources = z.object({ cpu: quantity, memory: quantity }).partial().strict();

// The patterns are those of the API server, so that nothing but a name can stand where a name belongs.
const container = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a name of a container');
const objectName = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'a name of a Kubernetes object');
const serviceName = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a name of a Service');
const portNumber = z.int().min(1).max(65_535);
const port = z.union([
  portNumber,
  z.string().regex(/^(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/, 'a number or a name of a port'),
]);
const path = z
  .string()
  .max(512)
  .regex(/^\/[\w\-./~%+=&?,:;@]*$/, 'a path that begins with a slash');
const labelKey = z
  .string()
  .max(317)
  .regex(/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, 'a key of a label');
const labelValue = z.string().regex(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/, 'a value of a label');
const labels = z
  .record(labelKey, labelValue)
  .refine((pairs) => Object.keys(pairs).length <= 16, { message: 'at most 16 labels' });
const share = z.union([z.int().min(0).max(1000), z.string().regex(/^(100|\d{1,2})%$/, 'a number or a percentage')]);
const seconds = (most: number) => z.int().min(10).max(most).nullable();
const taint = z.strictObject({
  // Taints of Kubernetes tell of a node that is lost, full or closed: no workload should live with them.
  key: labelKey.refine((key) => !/^node(-role)?\.kubernetes\.io\//.test(key), { message: 'a taint that people set' }),
  value: labelValue.default(''),
  effect: z.enum(['NoSchedule', 'NoExecute']),
});
const topologyKey = z.strictObject({ topology_key: labelKey });

/** Parameters of the actions that change a whole workload, a pod or a node. */
export const wholeParameters = {
  restart_workload: z.strictObject({}),
  scale_workload: z.strictObject({ replicas: z.int().min(0).max(1000) }),
  set_resources: z.strictObject({
    container: z.string().min(1),
    requests: resources.default({}),
    limits: resources.default({}),
  }),
  rollback_workload: z.strictObject({ to_revision: z.int().positive().optional() }),
  delete_pod: z.strictObject({ grace_seconds: z.int().min(0).max(3600).optional() }),
  evict_pod: z.strictObject({}),
  cordon_node: z.strictObject({}),
  uncordon_node: z.strictObject({}),
};

/**
 * Parameters of the actions that set one field of one kind. A field that may be absent takes null for "not there",
 * so that every one of them can be put back to what it was.
 */
export const fieldParameters = {
  set_probe: z.strictObject({
    container,
    probe: z.enum(['liveness', 'readiness', 'startup']),
    port: port.optional(),
    path: path.optional(),
    initial_delay_seconds: z.int().min(0).max(3600).optional(),
    period_seconds: z.int().min(1).max(600).optional(),
    timeout_seconds: z.int().min(1).max(300).optional(),
    failure_threshold: z.int().min(1).max(360).optional(),
  }),
  set_strategy: z.strictObject({
    type: z.enum(['Recreate', 'RollingUpdate']),
    max_surge: share.optional(),
    max_unavailable: share.optional(),
  }),
  pause_rollout: z.strictObject({}),
  resume_rollout: z.strictObject({}),
  set_service_account: z.strictObject({ name: objectName.nullable() }),
  set_pull_secrets: z.strictObject({ names: z.array(objectName).max(8) }),
  set_config_reference: z.strictObject({ from: objectName, to: objectName }),
  set_node_selector: z.strictObject({ labels }),
  tolerate_taint: taint,
  untolerate_taint: taint,
  relax_anti_affinity: topologyKey,
  require_anti_affinity: topologyKey,
  resize_claim: z.strictObject({ storage: amount }),
  set_quota: z.strictObject({
    hard: z
      .record(z.string().regex(/^[a-z0-9][\w./-]{0,252}$/, 'a name of a counted resource'), amount)
      .refine((hard) => Object.keys(hard).length > 0, { message: 'at least one resource' }),
  }),
  set_autoscaler_bounds: z.strictObject({
    min_replicas: z.int().min(1).max(1000).optional(),
    max_replicas: z.int().min(1).max(1000).optional(),
  }),
  set_disruption_budget: z
    .strictObject({ min_available: share.optional(), max_unavailable: share.optional() })
    .refine((one) => (one.min_available === undefined) !== (one.max_unavailable === undefined), {
      message: 'either min_available or max_unavailable',
    }),
  set_starting_deadline: z.strictObject({ seconds: seconds(86_400) }),
  set_job_deadline: z.strictObject({ seconds: seconds(7 * 86_400) }),
  set_service_selector: z.strictObject({ selector: labels }),
  set_service_port: z.strictObject({ port: portNumber, target_port: port }),
  set_ingress_backend: z.strictObject({ from: serviceName, service: serviceName, port }),
  set_ingress_class: z.strictObject({ class: objectName.nullable() }),
};
