import type { Rule } from './hypothesis.ts';
import { brokenScaler } from './rules/autoscaler.ts';
import {
  danglingBinding,
  deadApi,
  expiredCertificate,
  failedAttachment,
  failedVolume,
} from './rules/cluster-objects.ts';
import { runtimeDown } from './rules/container-runtime.ts';
import { controlPlane } from './rules/control-plane.ts';
import { crashLoop } from './rules/crash.ts';
import { refusedCreation } from './rules/creation.ts';
import { brokenGateway } from './rules/gateway.ts';
import { wrongNamespace } from './rules/gitops.ts';
import { imagePull } from './rules/image.ts';
import { brokenIngress } from './rules/ingress.ts';
import { unservedBackend } from './rules/ingress-log.ts';
import { failedJob, missedSchedule } from './rules/jobs.ts';
import { kernelKill } from './rules/kernel-kill.ts';
import { kubeletCertificate } from './rules/kubelet-certificate.ts';
import { loneEndpoints } from './rules/lone-endpoints.ts';
import { antiAffinity, noPlace, quotaNeedsFigures } from './rules/manifests.ts';
import { memoryLimit } from './rules/memory.ts';
import { networkPolicy } from './rules/network-policy.ts';
import { nodeNotReady, nodePressure, ownDiskLimit } from './rules/node.ts';
import { nodeRoom } from './rules/node-room.ts';
import { performance } from './rules/performance.ts';
import { podSecurity } from './rules/pod-security.ts';
import { tellingProbe } from './rules/probe-words.ts';
import { failingProbe, probeOnWrongPort, silentProbe } from './rules/probes.ts';
import { deadUpstream } from './rules/proxy-log.ts';
import { danglingReference, missingReference } from './rules/references.ts';
import { refusedManifest } from './rules/refused-manifest.ts';
import { heldByBudget, stuckRollout } from './rules/rollout.ts';
import { runningLog } from './rules/running-log.ts';
import { podSandbox } from './rules/sandbox.ts';
import { unschedulable } from './rules/scheduling.ts';
import { emptyService, loadBalancer } from './rules/service.ts';
import { slowAnswers } from './rules/slow-answers.ts';
import { startFailure } from './rules/start.ts';
import { unseenClaim } from './rules/unseen-claim.ts';
import { usedUpQuota } from './rules/used-up-quota.ts';
import {
  claimExpansion,
  claimWithoutClass,
  failedProvisioning,
  lostClaim,
  multiAttach,
  storageClass,
  volumeMount,
} from './rules/volumes.ts';
import { deadWebhook } from './rules/webhooks.ts';
import { ingressWithoutSecret, namelessPods, stuckDaemonSet, unreadableSchedule } from './rules/workload-objects.ts';

/** Every rule there is; their order says nothing, for what goes before what stands in the precedence of categories. */
export const rules: readonly Rule[] = [
  controlPlane,
  kubeletCertificate,
  nodeNotReady,
  runtimeDown,
  nodePressure,
  ownDiskLimit,
  nodeRoom,
  podSandbox,
  storageClass,
  claimWithoutClass,
  unseenClaim,
  claimExpansion,
  multiAttach,
  volumeMount,
  lostClaim,
  failedProvisioning,
  missingReference,
  danglingReference,
  refusedManifest,
  refusedCreation,
  podSecurity,
  usedUpQuota,
  quotaNeedsFigures,
  unschedulable,
  antiAffinity,
  noPlace,
  imagePull,
  startFailure,
  memoryLimit,
  kernelKill,
  crashLoop,
  failedJob,
  missedSchedule,
  failingProbe,
  probeOnWrongPort,
  silentProbe,
  tellingProbe,
  networkPolicy,
  runningLog,
  slowAnswers,
  performance,
  emptyService,
  loneEndpoints,
  loadBalancer,
  brokenIngress,
  unservedBackend,
  deadUpstream,
  brokenScaler,
  stuckRollout,
  heldByBudget,
  wrongNamespace,
  deadApi,
  deadWebhook,
  brokenGateway,
  expiredCertificate,
  danglingBinding,
  failedAttachment,
  failedVolume,
  stuckDaemonSet,
  namelessPods,
  unreadableSchedule,
  ingressWithoutSecret,
];
