import type { Rule } from './hypothesis.ts';
import { brokenScaler } from './rules/autoscaler.ts';
import {
  danglingBinding,
  deadApi,
  expiredCertificate,
  failedAttachment,
  failedVolume,
} from './rules/cluster-objects.ts';
import { controlPlane } from './rules/control-plane.ts';
import { crashLoop } from './rules/crash.ts';
import { refusedCreation } from './rules/creation.ts';
import { brokenGateway } from './rules/gateway.ts';
import { wrongNamespace } from './rules/gitops.ts';
import { imagePull } from './rules/image.ts';
import { brokenIngress } from './rules/ingress.ts';
import { failedJob, missedSchedule } from './rules/jobs.ts';
import { loneEndpoints } from './rules/lone-endpoints.ts';
import { antiAffinity, quotaNeedsFigures } from './rules/manifests.ts';
import { memoryLimit } from './rules/memory.ts';
import { networkPolicy } from './rules/network-policy.ts';
import { nodeNotReady, nodePressure, ownDiskLimit } from './rules/node.ts';
import { nodeRoom } from './rules/node-room.ts';
import { failingProbe } from './rules/probes.ts';
import { danglingReference, missingReference } from './rules/references.ts';
import { heldByBudget, stuckRollout } from './rules/rollout.ts';
import { runningLog } from './rules/running-log.ts';
import { podSandbox } from './rules/sandbox.ts';
import { unschedulable } from './rules/scheduling.ts';
import { emptyService, loadBalancer } from './rules/service.ts';
import { unseenClaim } from './rules/unseen-claim.ts';
import { claimExpansion, claimWithoutClass, multiAttach, storageClass, volumeMount } from './rules/volumes.ts';
import { deadWebhook } from './rules/webhooks.ts';
import { ingressWithoutSecret, namelessPods, stuckDaemonSet, unreadableSchedule } from './rules/workload-objects.ts';

/**
 * What is looked at in objects of one kind. Where there is no rule, the status alone is judged: what it says is wrong is
 * told as `unknown`, in its own words.
 */
export type Analyzer = { kind: string; finds: string; rules: readonly Rule[] };

const row = (kind: string, finds: string, ...rules: Rule[]): Analyzer => ({ kind, finds, rules });

/** Every kind that the rules speak of, as subject, as cause or as evidence; a test holds each to a fault and to a healthy one. */
export const analyzers: readonly Analyzer[] = [
  row('Pod', 'evicted, not placed, no sandbox, own disk limit', unschedulable, podSandbox, ownDiskLimit, controlPlane),
  row('Log', 'why a program ended, errors that repeat', crashLoop, runningLog),
  row('Event', 'what schedulers, kubelets and controllers say', unschedulable, failingProbe, volumeMount),
  row('Deployment', 'killed, crashing, no image, failing probes, stuck rollouts', memoryLimit, imagePull, stuckRollout),
  row('ReplicaSet', 'pods that the API server refuses', refusedCreation, missingReference),
  row('StatefulSet', 'pods without names, stuck rollouts, pods that may not share a node', namelessPods, antiAffinity),
  row('DaemonSet', 'rollouts that stop', stuckDaemonSet),
  row('Job', 'retries used up, deadline passed, scripts that are wrong', failedJob),
  row('CronJob', 'runs that were missed, schedules that cannot be read', missedSchedule, unreadableSchedule),
  row('Service', 'selectors that miss, nobody ready, ports of no container, no balancer', emptyService, loadBalancer),
  row('EndpointSlice', 'no address that serves', emptyService, loneEndpoints),
  row('Ingress', 'backend, port or TLS Secret that is not there', brokenIngress, ingressWithoutSecret),
  row('IngressClass', 'classes that ingresses name and nobody has', brokenIngress),
  row('GatewayClass', 'classes that no controller takes', brokenGateway),
  row('Gateway', 'classes that do not exist', brokenGateway),
  row('HTTPRoute', 'backends that do not exist', brokenGateway),
  row('NetworkPolicy', 'policies that forbid a path which is needed', networkPolicy),
  row('ConfigMap', 'objects and keys that pods want and that are not there', missingReference, danglingReference),
  row('Secret', 'objects and keys that pods want and that are not there', missingReference),
  row('ServiceAccount', 'accounts that do not exist', missingReference, danglingReference),
  row('Role', 'roles that bindings name and nobody has', danglingBinding),
  row('RoleBinding', 'bindings that grant nothing', danglingBinding),
  row('ClusterRole', 'roles that bindings name and nobody has', danglingBinding),
  row('ClusterRoleBinding', 'bindings that grant nothing', danglingBinding),
  row(
    'PersistentVolumeClaim',
    'no class, cannot grow, held by another node',
    claimWithoutClass,
    unseenClaim,
    claimExpansion,
    multiAttach,
  ),
  row('PersistentVolume', 'volumes that failed', failedVolume),
  row('VolumeAttachment', 'volumes that cannot be attached', failedAttachment),
  row('StorageClass', 'classes and provisioners that are not there', storageClass, claimWithoutClass),
  row('HorizontalPodAutoscaler', 'no metrics, no requests, wrong target or bounds, at its maximum', brokenScaler),
  row('PodDisruptionBudget', 'budgets that hold a drain', heldByBudget),
  row('ResourceQuota', 'quotas that are used up or want figures', refusedCreation, quotaNeedsFigures),
  row('LimitRange', 'bounds that pods pass', refusedCreation),
  row('Node', 'not ready, short of memory, disk or process ids, full', nodeNotReady, nodePressure, nodeRoom),
  row('Namespace', 'deletions that something holds'),
  row('ValidatingWebhookConfiguration', 'webhooks that nobody answers', deadWebhook),
  row('MutatingWebhookConfiguration', 'webhooks that nobody answers', deadWebhook),
  row('APIService', 'APIs that are registered and do not answer', deadApi),
  row('CustomResourceDefinition', 'names that are taken, definitions that are not served'),
  row('Certificate', 'certificates of cert-manager that ran out', expiredCertificate),
  row('Application', 'Argo CD applications that deploy elsewhere', wrongNamespace),
];
