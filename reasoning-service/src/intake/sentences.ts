import { parseScaler } from '../diagnosis/messages/autoscaler.ts';
import { parseCreation } from '../diagnosis/messages/creation.ts';
import { parseEviction } from '../diagnosis/messages/eviction.ts';
import { isPullProblem } from '../diagnosis/messages/image-pull.ts';
import { parseMissing } from '../diagnosis/messages/missing-object.ts';
import { parseProbe, parseProbeKill } from '../diagnosis/messages/probe.ts';
import { parseSandbox } from '../diagnosis/messages/sandbox.ts';
import { parseKarpenter, parseScheduling } from '../diagnosis/messages/scheduling.ts';
import { parseVolume } from '../diagnosis/messages/volume.ts';
import { type ReadEvent, type Reading, reading } from './reading.ts';
import { aboutOf } from './unnamed.ts';

/** A sentence that only Kubernetes writes, by how it begins and by who can read it, and the event in which it stands. */
type Sentence = {
  reason: string;
  component: string;
  begins: RegExp;
  says?: (message: string) => unknown;
};

const sentences: readonly Sentence[] = [
  {
    reason: 'FailedScheduling',
    component: 'default-scheduler',
    begins: /^0\/\d{1,6} nodes are available: /,
    says: parseScheduling,
  },
  { reason: 'FailedScheduling', component: 'karpenter', begins: /^Failed to schedule pod/, says: parseKarpenter },
  {
    reason: 'FailedAttachVolume',
    component: 'attachdetach-controller',
    begins: /^(?:Multi-Attach error|AttachVolume\.)/,
    says: parseVolume,
  },
  {
    reason: 'FailedMount',
    component: 'kubelet',
    begins: /^(?:MountVolume|NodeStageVolume|MapVolume)\.|^Unable to attach or mount volumes: /,
    says: parseVolume,
  },
  {
    reason: 'Failed',
    component: 'kubelet',
    begins: /^(?:Failed to pull image|Error: |Back-off pulling image)/,
    says: pullOrMissing,
  },
  { reason: 'BackOff', component: 'kubelet', begins: /^Back-off restarting failed container/ },
  {
    reason: 'FailedCreatePodSandBox',
    component: 'kubelet',
    begins: /^(?:Failed to create pod sandbox|[Nn]etwork is not ready)/,
    says: parseSandbox,
  },
  { reason: 'Unhealthy', component: 'kubelet', begins: /^(?:Liveness|Readiness|Startup) probe /, says: parseProbe },
  { reason: 'Killing', component: 'kubelet', begins: /^Container \S{1,63} failed /, says: parseProbeKill },
  { reason: 'FailedCreate', component: 'replicaset-controller', begins: /^Error creating: /, says: parseCreation },
  {
    reason: 'Evicted',
    component: 'kubelet',
    begins: /^(?:The node was low on resource|The node had condition|Pod ephemeral)/,
    says: parseEviction,
  },
  {
    reason: 'FailedGetResourceMetric',
    component: 'horizontal-pod-autoscaler',
    begins: /^(?:failed to get \S{1,60} utilization|unable to get metrics|the HPA was unable to compute)/,
    says: parseScaler,
  },
  {
    reason: 'ProvisioningFailed',
    component: 'persistentvolume-controller',
    begins: /^storageclass\.storage\.k8s\.io "/,
    says: parseMissing,
  },
  {
    reason: 'BackoffLimitExceeded',
    component: 'job-controller',
    begins: /^Job has reached the specified backoff limit/,
  },
  { reason: 'TooManyMissedTimes', component: 'cronjob-controller', begins: /^too many missed start times/ },
];

function pullOrMissing(message: string): unknown {
  return isPullProblem(message)
    ? message
    : /^Error: (?:secret|configmap|couldn't find key) ?/.test(message) && parseMissing(message);
}

/** What people paste of a message: a handful of lines. */
const [MOST_LETTERS, MOST_LINES] = [20_000, 20];
/** How a message stands in a chat, or behind its key in a status. */
const dress = /^(?:[>*•"'`-]|\s|[Mm]essage:\s)+/;

/** Sentences of Kubernetes that stand alone, as events about what they name; undefined where a line is none, for anybody may write of an error. */
export function readSentences(text: string, at: string): Reading | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const lines = text.split('\n').flatMap((line) => {
    const bare = line.replace(dress, '').replace(/["'`\s]+$/, '');
    return bare === '' ? [] : [bare];
  });
  const events = lines.length > MOST_LINES ? [] : lines.map((line) => eventIn(line, at));
  const known = events.filter((event) => event !== undefined);
  return known.length > 0 && known.length === lines.length ? reading({ events: known }) : undefined;
}

function eventIn(message: string, at: string): ReadEvent | undefined {
  const found = sentences.find(
    ({ begins, says }) => begins.test(message) && isRead(says?.(message) ?? says === undefined),
  );
  if (found === undefined) return undefined;
  const { reason, component } = found;
  return {
    ...{ type: reason === 'Killing' ? 'Normal' : 'Warning', reason, message, component, count: 1 },
    ...aboutOf({ reason, component, message }, undefined),
    ...{ first_timestamp: null, last_timestamp: at },
  };
}

const isRead = (found: unknown): boolean => found !== undefined && found !== false;
