import type { Subject } from '@aetherius/shared/contracts';
import { own } from '../diagnosis/json-path.ts';
import { isClusterWide, kindOfWord } from './kind-names.ts';
import { isLabel, isObjectName } from './object-name.ts';
import type { Command } from './transcript.ts';

/** What stands for the name of an object that a text speaks of without naming it; nothing in a cluster can be called so. */
export const UNNAMED = '<unknown>';

/** Who speaks only of one kind of object. Whoever is not here, as the kubelet and the scheduler, speaks of pods. */
const kinds: Record<string, string> = {
  'deployment-controller': 'Deployment',
  'replicaset-controller': 'ReplicaSet',
  'statefulset-controller': 'StatefulSet',
  'daemonset-controller': 'DaemonSet',
  'job-controller': 'Job',
  'cronjob-controller': 'CronJob',
  'horizontal-pod-autoscaler': 'HorizontalPodAutoscaler',
  'persistentvolume-controller': 'PersistentVolumeClaim',
  'service-controller': 'Service',
  'node-controller': 'Node',
  'ingress-controller': 'Ingress',
};
/** What is said of nodes by those who speak of pods as well. */
const ofNode =
  /^(?:Node[A-Z]\w{1,60}|SystemOOM|EvictionThresholdMet|Rebooted|InvalidDiskCapacity|FreeDiskSpaceFailed|ImageGCFailed|KubeletSetupFailed)$/;
/** What the volume controllers say of claims, whatever they are called. */
const ofClaim = /^(?:ProvisioningFailed|WaitForFirstConsumer|ExternalProvisioning|VolumeResizeFailed)$/;

const names: readonly RegExp[] = [
  /^Successfully assigned (?<space>[a-z0-9-]{1,63})\/(?<name>[a-z0-9.-]{1,253}) to /,
  / (?:in )?pod[ =](?<name>[a-z0-9.-]{1,253})_(?<space>[a-z0-9-]{1,63})\(/,
  /pod "(?<name>[a-z0-9.-]{1,253})_(?<space>[a-z0-9-]{1,63})\(/,
];

type Named = { namespace: string; name: string };

/** The pod that a message of Kubernetes names. */
export function podIn(message: string): Named | undefined {
  for (const pattern of names) {
    const { space = '', name = '' } = pattern.exec(message.slice(0, 4_000))?.groups ?? {};
    if (isLabel(space) && isObjectName('Pod', name)) return { namespace: space, name };
  }
  return undefined;
}

type Saying = { reason: string; component: string | null; message: string };
type About = { kind: string; namespace: string | null | undefined; name: string };

/** What a saying without an object is about: the pod that it names, the object of the command above it, else one without a name. */
export function aboutOf(
  { reason, component, message }: Saying,
  command: Pick<Command, 'kinds' | 'names' | 'namespace'> | undefined,
): About {
  const kind = kindOf(reason, component);
  const pod = kind === 'Pod' ? podIn(message) : undefined;
  if (pod !== undefined) return { kind, ...pod };
  const [asked, ...others] = command?.kinds ?? [];
  const [name, ...more] = command?.names ?? [];
  const isAsked =
    asked !== undefined && name !== undefined && others.length + more.length === 0 && isObjectName(asked, name);
  const namespace = isAsked || command?.namespace !== null ? command?.namespace : undefined;
  const about = isAsked && asked !== 'Event' ? { kind: asked, name } : { kind, name: UNNAMED };
  return { ...about, namespace: isClusterWide(about.kind) ? null : namespace };
}

/** Where what has no name is named once, all of it is about that one: it was cut out of one description. */
export function allAboutOne<T extends About>(events: readonly T[]): T[] {
  const named = events.filter(({ name }) => name !== UNNAMED);
  const [first] = named;
  if (first === undefined || named.some(({ kind, name }) => kind !== first.kind || name !== first.name))
    return [...events];
  const { kind, namespace, name } = first;
  return events.map((event) => (event.kind === kind ? { ...event, namespace, name } : event));
}

function kindOf(reason: string, component: string | null): string {
  if (ofNode.test(reason)) return 'Node';
  if (ofClaim.test(reason)) return 'PersistentVolumeClaim';
  return own(kinds, component?.split('/').at(-1) ?? '') ?? 'Pod';
}

/** What would tell which object a finding is about, where the text does not. */
export const whoIsMeant = ({ kind, name }: Pick<Subject, 'kind' | 'name'>): string[] =>
  name === UNNAMED
    ? [`which ${kind} it is, for the text does not say: kubectl get ${listOf(kind)}${isClusterWide(kind) ? '' : ' -A'}`]
    : [];

/** What `kubectl get` lists a kind by; of what was refused, or is of no known kind, events are the next to tell. */
const listOf = (kind: string): string => (kindOfWord(kind) === undefined ? 'events' : kind.toLowerCase());
