import { readFileSync } from 'node:fs';
import type { Category, Subject } from '@aetherius/shared/contracts';

/** A fault that one manifest makes in namespaces of its own, and what a diagnosis has to say of it. */
export type StandardFault = {
  name: string;
  category: Category;
  subject: Subject;
  /** Of a kind that the running agent does not watch, or too weak a sign to open an incident: only who asks is told. */
  by_snapshot_only?: true;
  /** Nothing that can be applied makes it; the test does so itself. */
  made_by_hand?: true;
};

const fault = (name: string, category: Category, words: string): StandardFault => {
  const [kind = '', namespace = '', subject = ''] = words.split('/');
  return { name, category, subject: { kind, namespace: namespace === '' ? null : namespace, name: subject } };
};
const byHand = (one: StandardFault): StandardFault => ({ ...one, made_by_hand: true });
const bySnapshot = (one: StandardFault): StandardFault => ({ ...one, by_snapshot_only: true });

/** The node that loses its kubelet, as one of the scenarios has it. */
export const LOST_NODE = 'worker-4';

/** The faults of the folder `faults/`, and those made by hand, in the order of the table. */
export const standardFaults: readonly StandardFault[] = [
  fault('memory-kill', 'oom_killed', 'Deployment/catalogue/indexer'),
  fault('crash-loop', 'crash_loop_app_error', 'StatefulSet/billing/ledger'),
  fault('crash-without-log', 'crash_loop_app_error', 'Deployment/parcels/tracker'),
  fault('missing-variable', 'missing_env_var', 'Deployment/mailing/newsletter'),
  fault('bad-command', 'container_start_error_bad_command', 'Deployment/reports/renderer'),
  fault('unresolved-name', 'dns_failure', 'Deployment/loyalty/points'),
  fault('dependency-refused', 'dependency_unreachable', 'Deployment/rewards/vouchers'),
  fault('image-unknown', 'image_pull_failure', 'Deployment/gallery/viewer'),
  fault('image-name-invalid', 'image_pull_failure', 'Deployment/posters/printer'),
  fault('image-never-pulled', 'image_pull_failure', 'Deployment/devices/firmware'),
  fault('image-unauthorized', 'image_pull_unauthorized', 'DaemonSet/partners/gateway'),
  fault('probe-liveness', 'probe_liveness_misconfigured', 'Deployment/tickets/desk'),
  fault('probe-readiness', 'probe_readiness_failed', 'Deployment/maps/tiles'),
  fault('probe-startup', 'probe_startup_failed', 'Deployment/weather/forecast'),
  fault('mount-wrong-type', 'volume_mount_failed', 'Deployment/archive/vault'),
  fault('mount-claim-absent', 'volume_mount_failed', 'Deployment/museum/exhibits'),
  fault('configmap-missing', 'missing_configmap', 'Deployment/pricing/tariffs'),
  fault('configmap-volume-missing', 'missing_configmap', 'Deployment/taxes/rates'),
  fault('configmap-key-missing', 'missing_configmap', 'Deployment/customs/duties'),
  fault('secret-missing', 'missing_secret', 'Deployment/banking/transfers'),
  fault('secret-volume-missing', 'missing_secret', 'StatefulSet/signing/notary'),
  fault('service-account-missing', 'missing_service_account', 'Deployment/auditing/watcher'),
  fault('quota-used-up', 'quota_exceeded', 'Deployment/training/exercises'),
  fault('quota-wants-limits', 'quota_requires_limits', 'Deployment/research/notebook'),
  fault('pod-security', 'admission_podsecurity_rejected', 'Deployment/kiosk/display'),
  fault('webhook-unavailable', 'webhook_unavailable', 'Deployment/guarded/safe'),
  fault('node-too-small', 'unschedulable_insufficient_resource', 'Deployment/rendering/raytracer'),
  fault('node-selector-unmatched', 'unschedulable_node_selector', 'Deployment/learning/trainer'),
  fault('taint-untolerated', 'unschedulable_taint', 'Deployment/fields/harvest'),
  fault('anti-affinity-unmet', 'unschedulable_affinity', 'Deployment/voting/counter'),
  fault('volume-elsewhere', 'unschedulable_volume_affinity', 'StatefulSet/library/lending'),
  fault('claim-class-unknown', 'pvc_storageclass_missing', 'PersistentVolumeClaim/photos/albums'),
  fault('claim-without-class', 'pvc_storageclass_missing', 'PersistentVolumeClaim/music/songs'),
  fault('job-backoff', 'job_failed_backoff', 'Job/imports/night-import'),
  fault('job-deadline', 'job_deadline_exceeded', 'Job/exports/month-export'),
  fault('job-script-error', 'job_script_error', 'Job/migration/move-rows'),
  fault('pod-disk-limit', 'node_disk_pressure_eviction', 'Pod/scans/scanner'),
  fault('runtime-unknown', 'pod_sandbox_cni_failure', 'Deployment/sandboxed/isolated'),
  fault('service-selector-wrong', 'service_selector_mismatch', 'Service/chat/rooms'),
  bySnapshot(fault('autoscaler-without-metrics', 'hpa_no_metrics', 'HorizontalPodAutoscaler/events/intake')),
  byHand(fault('node-lost', 'node_not_ready', `Node//${LOST_NODE}`)),
  bySnapshot(fault('ingress-backend-missing', 'ingress_backend_missing', 'Ingress/portal/portal')),
  bySnapshot(fault('ingress-class-missing', 'ingress_class_missing', 'Ingress/harbour/piers')),
  bySnapshot(fault('autoscaler-target-absent', 'autoscaler_misconfiguration', 'HorizontalPodAutoscaler/tides/ebb')),
  bySnapshot(fault('service-port-unnamed', 'service_no_endpoints', 'Service/canteens/soups')),
  bySnapshot(fault('role-absent', 'rbac_forbidden', 'RoleBinding/permits/clerks')),
];

/** Made last of all, since it puts the pods of the others out. */
export const fullDisk: StandardFault = {
  name: 'disk-pressure',
  category: 'node_disk_pressure_eviction',
  subject: { kind: 'Node', namespace: null, name: 'real-0' },
};

/** The manifest of what is as it should be, which nothing may be said about. */
export const HEALTHY = 'healthy';
/** Where that is. */
export const HEALTHY_PLACE: Subject = { kind: 'Namespace', namespace: null, name: 'garden' };
/** The image that nobody has pushed. */
export const UNKNOWN_IMAGE = 'registry.example.com/gallery/viewer:not-pushed';

/** Every manifest in one text, as `kubectl` reads it. */
export const allManifests = (): string =>
  [...standardFaults.filter(({ made_by_hand }) => !made_by_hand).map(({ name }) => name), HEALTHY]
    .map((name) => readFileSync(new URL(`faults/${name}.yaml`, import.meta.url), 'utf8'))
    .join('---\n');
