import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { own, textAt } from '../json-path.ts';
import { cronJobOf, deploymentOf, replicaSetOf, runOf, statefulSetOf } from './generated-name.ts';
import { selects } from './label-selector.ts';
import { labelsOf, type ObjectGraph } from './object-graph.ts';
import { isSame, keyOf, subjectOf } from './object-key.ts';
import { workloadKinds } from './pod-spec.ts';

const MOST_OWNERS = 6;

const over = (subject: Subject, kind: string, name: string): Subject => ({ ...subject, kind, name });

/** What owns an object according to its name alone, when the owner itself is not in the bundle. */
function byName(subject: Subject, labels: Record<string, string>): Subject {
  const { kind, name } = subject;
  const template = labels['pod-template-hash'];
  if (kind === 'ReplicaSet' && template !== undefined && name.endsWith(`-${template}`))
    return over(subject, 'Deployment', name.slice(0, -template.length - 1));
  const run = kind === 'Pod' ? runOf(name) : undefined;
  if (run !== undefined) return over(subject, 'Job', run);
  const owner = deploymentOf(kind === 'ReplicaSet' ? name : (replicaSetOf(name) ?? ''));
  if (owner !== undefined && (kind === 'ReplicaSet' || kind === 'Pod')) return over(subject, 'Deployment', owner);
  const cron = kind === 'Job' ? cronJobOf(name) : undefined;
  return cron === undefined ? subject : over(subject, 'CronJob', cron);
}

const askable: Record<string, string> = {
  deploy: 'Deployment',
  deployment: 'Deployment',
  'deployment.apps': 'Deployment',
  sts: 'StatefulSet',
  statefulset: 'StatefulSet',
  'statefulset.apps': 'StatefulSet',
  ds: 'DaemonSet',
  daemonset: 'DaemonSet',
  job: 'Job',
};

/** `kubectl logs deploy/cart` shows one pod of a workload and does not say which. */
export function asked(subject: Subject): Subject | undefined {
  const [word = '', name] = subject.name.split('/');
  const kind = own(askable, word);
  return name === undefined || kind === undefined ? undefined : over(subject, kind, name);
}

/** A pod of which only an event or a line tells. */
function numbered(subject: Subject): Subject | undefined {
  const set = subject.kind === 'Pod' ? statefulSetOf(subject) : undefined;
  return set === undefined ? undefined : over(subject, 'StatefulSet', set);
}

/** A workload of the bundle whose selector takes the pod: what is left when text gave no owner references. */
function bySelector(graph: ObjectGraph, pod: BundleObject): Subject | undefined {
  const labels = labelsOf(pod);
  if (Object.keys(labels).length === 0) return undefined;
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']) {
    const found = graph.of(kind).find(({ namespace, body }) => {
      const selector = (body['spec'] as { selector?: never } | undefined)?.selector;
      return namespace === pod.namespace && selector !== undefined && selects(selector, labels);
    });
    if (found !== undefined) return subjectOf(found);
  }
  return undefined;
}

/** Same namespace, and the name begins with the workload's: how pods of a workload are called. */
const isNamedAfter = (subject: Subject, workload: Subject): boolean =>
  (workload.namespace ?? '') === (subject.namespace ?? '') && subject.name.startsWith(`${workload.name}-`);

const hidden: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job']);

/** The owner of an object that states none: text hides owners, whole objects do not. */
function unstatedOwner(graph: ObjectGraph, about: Subject, subject: Subject): Subject {
  const object = graph.find(subject);
  if (!hidden.has(subject.kind)) return subject;
  if (workloadKinds.has(about.kind) && isNamedAfter(subject, about)) return about;
  const selected = object !== undefined && subject.kind === 'Pod' ? bySelector(graph, object) : undefined;
  if (selected !== undefined) return selected;
  if (object === undefined) return asked(subject) ?? numbered(subject) ?? byName(subject, {});
  const isWholeBody = textAt(object.body, 'metadata.uid') !== undefined;
  return isWholeBody ? subject : byName(subject, labelsOf(object));
}

/** Finds the controller at the top of a pod or workload: by owner references, then by selector, then by the shape of its name. */
export function createTopController(graph: ObjectGraph, about: Subject): (subject: Subject) => Subject {
  const step = (subject: Subject): Subject => {
    const owner = graph.out(subject, 'owner')[0]?.to;
    if (owner === undefined) return unstatedOwner(graph, about, subject);
    return owner.kind === 'Node' ? subject : owner;
  };
  const climbed = (subject: Subject): Subject => {
    let top = subjectOf(subject);
    for (let owners = 0; owners < MOST_OWNERS; owners += 1) {
      const above = step(top);
      if (isSame(above, top)) return top;
      top = above;
    }
    return top;
  };
  const known = new Map<string, Subject>();
  return (subject) => {
    const key = keyOf(subject);
    const top = known.get(key) ?? climbed(subject);
    known.set(key, top);
    return top;
  };
}
