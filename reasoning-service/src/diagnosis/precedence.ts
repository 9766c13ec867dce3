import type { Category, Severity } from '@aetherius/shared/contracts';

/**
 * Causes before their symptoms, with how bad each is. Where two are read from the same objects the earlier one stands.
 * The order keeps every pair of the category definitions (docs/glossary.md); what those leave open, the surer reading goes first.
 */
const order: readonly (readonly [Category, Severity])[] = [
  ['control_plane_unhealthy', 'critical'],
  ['api_server_slow', 'high'],
  ['pod_ip_exhaustion', 'high'],
  ['node_not_ready', 'critical'],
  ['node_memory_pressure', 'high'],
  ['node_pid_pressure', 'high'],
  ['node_disk_pressure_eviction', 'high'],
  ['pod_sandbox_cni_failure', 'high'],
  ['pvc_storageclass_missing', 'high'],
  ['volume_expand_failed', 'medium'],
  ['missing_configmap', 'high'],
  ['missing_secret', 'high'],
  ['missing_service_account', 'high'],
  ['volume_multi_attach', 'high'],
  ['volume_mount_failed', 'high'],
  ['webhook_unavailable', 'high'],
  ['quota_requires_limits', 'high'],
  ['quota_exceeded', 'high'],
  ['admission_podsecurity_rejected', 'high'],
  ['node_overcommit', 'high'],
  ['unschedulable_volume_affinity', 'high'],
  ['unschedulable_volume_limit', 'high'],
  ['unschedulable_insufficient_resource', 'high'],
  ['unschedulable_taint', 'high'],
  ['unschedulable_node_selector', 'high'],
  ['unschedulable_affinity', 'high'],
  ['image_pull_rate_limit', 'high'],
  ['image_pull_unauthorized', 'high'],
  ['image_pull_failure', 'high'],
  ['oom_killed', 'critical'],
  ['container_start_error_bad_command', 'high'],
  ['gitops_wrong_namespace', 'medium'],
  ['rbac_forbidden', 'high'],
  ['message_broker_partition', 'critical'],
  ['disk_full', 'critical'],
  ['missing_env_var', 'critical'],
  ['network_policy_block', 'high'],
  ['dns_failure', 'high'],
  ['tls_certificate_expired', 'high'],
  ['dependency_unreachable', 'high'],
  ['slow_dependency_db', 'medium'],
  ['job_script_error', 'medium'],
  ['job_deadline_exceeded', 'medium'],
  ['job_failed_backoff', 'medium'],
  ['cronjob_missed_schedule', 'medium'],
  ['probe_liveness_misconfigured', 'high'],
  ['probe_startup_failed', 'high'],
  ['crash_loop_app_error', 'critical'],
  ['probe_readiness_failed', 'high'],
  ['cpu_throttling', 'medium'],
  ['ingress_backend_missing', 'high'],
  ['ingress_class_missing', 'high'],
  ['load_balancer_failed', 'high'],
  ['service_selector_mismatch', 'high'],
  ['hpa_missing_requests', 'medium'],
  ['hpa_no_metrics', 'medium'],
  ['autoscaler_misconfiguration', 'medium'],
  ['pdb_blocks_eviction', 'medium'],
  ['service_no_endpoints', 'high'],
  ['log_error_signature', 'medium'],
  ['latency_high', 'medium'],
  ['rollout_stuck', 'high'],
];

const ranks = new Map(order.map(([category], index) => [category, index]));
const severities = new Map(order);

/** The place of a category among causes; the smaller, the nearer to the root. */
export const rankOf = (category: Category): number => ranks.get(category) ?? order.length;

export const severityOf = (category: Category): Severity => severities.get(category) ?? 'medium';

/** What another fault further down can cause; each gives way to any fault whose reach takes in its subject. */
export const symptoms: ReadonlySet<Category> = new Set([
  'service_no_endpoints',
  'rollout_stuck',
  'hpa_no_metrics',
  'latency_high',
  'log_error_signature',
  'pdb_blocks_eviction',
  'dependency_unreachable',
  'slow_dependency_db',
  'probe_readiness_failed',
  'job_failed_backoff',
  'ingress_backend_missing',
]);
