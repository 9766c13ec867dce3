import type { Subject } from '@aetherius/shared/contracts';
import { inWords } from '../diagnosis/comparison/change-words.ts';
import type { Container } from '../diagnosis/facts.ts';
import { inFull, isSame } from '../diagnosis/graph/object-key.ts';
import { isInvented } from '../diagnosis/invented-name.ts';
import { numberAt, objectAt, textAt, textsAt, wordAt } from '../diagnosis/json-path.ts';
import { mebibytes, parseQuantity } from '../diagnosis/quantity.ts';
import { recentRollout } from '../diagnosis/remedies.ts';
import {
  failingContainer,
  MEMORY_IN_USE,
  ownContainers,
  pointsOf,
  type Scope,
  subjectObject,
  templateContainer,
} from './scope.ts';

/** A value that the catalogue may name: what it is like, how to say it when it is unknown, and where it comes from. */
type Value = { like: string | number; else: string; of: (scope: Scope) => string | number | undefined };

const LARGEST_MEMORY = 4 * 2 ** 30;
const LARGEST_CPU = 4;
/** Fewer points than this say little about usual use. */
const FEWEST_POINTS = 5;
const CPU = /^(container_cpu_usage_cores|cpu_usage_cores)$/;

const limitOf = (scope: Scope, resource: 'memory' | 'cpu', of = 'limits'): string | undefined => {
  const container = killedContainer(scope) ?? failingContainer(scope) ?? ownContainers(scope)[0];
  return wordAt(container?.spec, `resources.${of}.${resource}`);
};

const limitInWords = (scope: Scope, resource: 'memory' | 'cpu'): string | undefined => {
  const limit = limitOf(scope, resource);
  return limit === undefined ? undefined : `the limit of ${limit}`;
};

const killedContainer = (scope: Scope) =>
  ownContainers(scope).find(({ ended }) =>
    ended.some(({ reason, exit_code }) => reason === 'OOMKilled' || exit_code === 137),
  );

const nameOf = (container: Container | undefined): string | undefined =>
  container === undefined || isInvented(container) ? undefined : container.name;

function raised(text: string | undefined, factor: number, most: number): number | undefined {
  const now = parseQuantity(text);
  return now === undefined || now >= most ? undefined : Math.min(now * factor, most);
}

/** The value that a share of the points does not exceed (nearest rank), or undefined for too few points. */
function quantileOf(points: readonly number[], share: number): number | undefined {
  if (points.length < FEWEST_POINTS) return undefined;
  return [...points].sort((a, b) => a - b)[Math.ceil(share * points.length) - 1];
}

const asMemory = (bytes: number | undefined) => (bytes === undefined || bytes <= 0 ? undefined : mebibytes(bytes));
/** Whole thousandths, rounded up; what a division leaves behind the ninth place is no thousandth. */
const millicores = (cores: number): number => Math.ceil(Math.round(cores * 1e9) / 1e6);
const asCpu = (cores: number | undefined) => (cores === undefined || cores <= 0 ? undefined : `${millicores(cores)}m`);
const text = (of: Value['of'], words: string): Value => ({ like: 'name', else: words, of });
const quantity = (of: Value['of'], words: string): Value => ({ like: '128Mi', else: words, of });
const count = (of: Value['of'], words: string): Value => ({ like: 2, else: words, of });
const name = (subject: Subject) => subject.name;
/** A log of which nothing tells who wrote it stands for its program. */
const spoken = (subject: Subject) =>
  subject.kind === 'Log' ? `the program that wrote ${subject.name}` : inFull(subject);

const replicasOf = (scope: Scope) => {
  const object = subjectObject(scope);
  return object === undefined ? undefined : (numberAt(object.body, 'spec.replicas') ?? 1);
};

/** A policy stands in the way and is not its end. */
const farEndOf = ({ root_cause: { description } }: Scope['diagnosis']): string | undefined =>
  / forbids the path to ([^;(]{1,200}?)(?: \(|;|$)/.exec(description)?.[1];

/** Undefined where nothing in the bundle stands at what the subject calls: then the cause is told of the subject itself. */
function dependencyOf({ diagnosis }: Scope): string | undefined {
  const { subject, root_cause: cause } = diagnosis;
  if (cause.subject.kind === 'NetworkPolicy') return farEndOf(diagnosis);
  return isSame(cause.subject, subject) ? undefined : spoken(cause.subject);
}

/** Every value that the catalogue may name, as a parameter of an action or between braces in its text. */
export const values = {
  subject: text(({ diagnosis }) => spoken(diagnosis.subject), 'it'),
  cause: text(({ diagnosis }) => spoken(diagnosis.root_cause.subject), 'the cause'),
  dependency: text(dependencyOf, 'its dependency'),
  cause_name: text(({ diagnosis }) => name(diagnosis.root_cause.subject), 'the cause'),
  namespace: text(({ diagnosis }) => diagnosis.subject.namespace ?? undefined, 'its namespace'),
  container: text((scope) => nameOf(failingContainer(scope) ?? ownContainers(scope)[0]), 'the container'),
  pod: text((scope) => (failingContainer(scope) ?? ownContainers(scope)[0])?.pod.name, 'the pod'),
  template_container: text((scope) => textAt(templateContainer(subjectObject(scope)), 'name'), 'the container'),
  killed_container: text((scope) => nameOf(killedContainer(scope)), 'the container'),
  image: text((scope) => failingContainer(scope)?.image, 'the image'),
  node: text((scope) => textAt(ownContainers(scope)[0]?.pod.body, 'spec.nodeName'), 'the node'),
  exit_code: text((scope) => exitCode(scope), 'its code'),
  memory_limit: text((scope) => limitInWords(scope, 'memory'), 'the memory limit'),
  cpu_limit: text((scope) => limitInWords(scope, 'cpu'), 'the processor limit'),
  cpu_request: text((scope) => limitOf(scope, 'cpu', 'requests'), 'nothing'),
  rollout_change: text(({ facts }) => changeOf(facts), 'nothing tells what it changed'),
  selector: text((scope) => selectorOf(scope), 'its selector'),
  doubled_memory_limit: quantity((scope) => asMemory(raised(limitOf(scope, 'memory'), 2, LARGEST_MEMORY)), 'more'),
  raised_cpu_limit: quantity((scope) => asCpu(raised(limitOf(scope, 'cpu'), 1.5, LARGEST_CPU)), 'more'),
  usual_memory: quantity((scope) => asMemory(quantileOf(pointsOf(scope, MEMORY_IN_USE), 0.8)), 'its usual use'),
  usual_cpu: quantity((scope) => asCpu(quantileOf(pointsOf(scope, CPU), 0.8)), 'its usual use'),
  peak_cpu: quantity((scope) => asCpu(quantileOf(pointsOf(scope, CPU), 0.95)), 'its usual use'),
  replicas: count(replicasOf, 'its'),
  one_more_replica: count((scope) => increment(replicasOf(scope)), 'one more replica'),
} satisfies Record<string, Value>;
export type ValueName = keyof typeof values;

const increment = (replicas: number | undefined) => (replicas === undefined ? undefined : replicas + 1);

const exitCode = (scope: Scope): string | undefined => {
  const code = failingContainer(scope)?.ended.find(({ exit_code }) => exit_code !== undefined)?.exit_code;
  return code === undefined ? undefined : String(code);
};

const changeOf = (facts: Scope['facts']): string | undefined => {
  const rollout = recentRollout(facts, facts.subject);
  const words = rollout === undefined ? '' : inWords(rollout);
  return words === '' ? undefined : words;
};

function selectorOf(scope: Scope): string | undefined {
  const body = subjectObject(scope)?.body;
  const labels = textsAt(objectAt(body, 'spec.selector'), 'matchLabels');
  const pairs = Object.entries(Object.keys(labels).length > 0 ? labels : textsAt(body, 'spec.selector'));
  return pairs.length === 0 ? undefined : pairs.map(([key, value]) => `${key}=${value}`).join(',');
}

/** Whether a word names a value. */
export const isValue = (word: string): word is ValueName => Object.hasOwn(values, word);
