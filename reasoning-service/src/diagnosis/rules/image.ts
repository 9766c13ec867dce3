import type { BundleChange, Subject } from '@aetherius/shared/contracts';
import { inWords } from '../comparison/change-words.ts';
import type { Evidence } from '../evidence.ts';
import { type Container, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { linesOf, textAt } from '../json-path.ts';
import { imageIn, isPullProblem, parsePull, registryOf, tellingPart } from '../messages/image-pull.ts';
import { recentRollout, rollBack } from '../remedies.ts';
import { finding, groupBy, type Said, saidByEvents } from '../said.ts';

const pullReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'SignatureValidationFailed',
]);

const waitsForImage = ({ waiting }: Container): boolean => waiting !== undefined && pullReasons.has(waiting.reason);

/** What waiting containers and events say; the event alone is enough, for it may come before the status shows the wait. */
function sayings(facts: Facts): Said[] {
  const waiting = facts.containers.filter(waitsForImage).map((container) => ({
    about: subjectOf(container.pod),
    message: `${container.waiting?.reason}: ${container.waiting?.message}`,
    evidence: citeWait(container),
  }));
  const events = saidByEvents(facts, {
    kind: 'Pod',
    reason: ['Failed', 'BackOff', 'InspectFailed', 'ErrImageNeverPull'],
  })
    .filter(({ message }) => isPullProblem(message))
    .map((one) => ({ ...one, evidence: one.evidence.map((each) => ({ ...each, quote: tellingPart(one.message) })) }));
  return [...waiting, ...events];
}

/** That it waits, and before that the runtime's answer where the status has it. */
function citeWait({ pod, waiting: { reason, message } = { reason: '', message: '' } }: Container): Evidence[] {
  const line = linesOf(pod.body).find((one) => one.endsWith(`waiting.message: ${message}`));
  const why = line === undefined || parsePull(message) === undefined ? [] : [{ id: pod.id, quote: tellingPart(line) }];
  return [...why, ...citeObject(pod, `waiting.reason: ${reason}`)];
}

/** What says why before what only says that. */
const cited = (said: readonly Said[]): Evidence[] =>
  said.toSorted((a, b) => Number(tellsWhy(b)) - Number(tellsWhy(a))).flatMap(({ evidence }) => evidence);

const tellsWhy = ({ evidence }: Said): boolean => evidence.some(({ quote }) => parsePull(quote) !== undefined);

function explain(facts: Facts, subject: Subject, said: readonly Said[]): Hypothesis {
  const words = said.map(({ message }) => message).join('\n');
  const answer = answerTo(said);
  const pods = new Set(said.map(({ about }) => about.name));
  const image =
    facts.containers.find((container) => pods.has(container.pod.name) && waitsForImage(container))?.image ??
    imageIn(words);
  const rollout: BundleChange | undefined = recentRollout(facts, subject, (paths) =>
    paths.some((path) => /image$/.test(path)),
  );
  return finding({
    category: answer?.category ?? 'image_pull_failure',
    subject,
    description: `image ${image ?? 'of the pod'} cannot be pulled: ${answer?.words ?? 'no answer says why'}${rollout === undefined ? '' : ` (${inWords(rollout)})`}`,
    // A registry that nobody reaches is one fault of all whose images lie there.
    ...(answer?.ofRegistry && image !== undefined
      ? { address: { kind: 'Address', namespace: null, name: registryOf(image) } }
      : {}),
    weight: answer === undefined ? 0.85 : 0.96,
    evidence: cited(said),
    affects: said.map(({ about }) => about),
    recommendations: rollBack(rollout, subject),
  });
}

const answerTo = (said: readonly Said[]) => parsePull(said.map(({ message }) => message).join('\n'));

/** The disk of a node takes no more images: whoever is started on it waits. A pod stands for a node that nothing names. */
function fullNode(facts: Facts, said: readonly Said[]): Hypothesis[] {
  const [first] = said;
  const answer = answerTo(said);
  if (first === undefined || answer === undefined) return [];
  const node = textAt(facts.graph.find(first.about)?.body, 'spec.nodeName');
  const tops = said.map(({ about }) => facts.top(about));
  return [
    finding({
      category: answer.category,
      subject: node === undefined ? first.about : { kind: 'Node', namespace: null, name: node },
      description: `image ${imageIn(first.message) ?? 'of the pod'} cannot be pulled: ${answer.words}`,
      weight: 0.92,
      evidence: cited(said),
      affects: [...said.map(({ about }) => about), ...tops],
    }),
  ];
}

/** Images that cannot be had. */
export const imagePull: Rule = (facts) => {
  const groups = groupBy(sayings(facts), ({ about }) => JSON.stringify(facts.top(about)));
  const full = groups.filter((group) => answerTo(group)?.category === 'node_disk_pressure_eviction');
  const onDisk = ({ about }: Said): string =>
    textAt(facts.graph.find(about)?.body, 'spec.nodeName') ?? JSON.stringify(facts.top(about));
  return [
    ...groups
      .filter((group) => !full.includes(group))
      .flatMap((group) => (group[0] === undefined ? [] : explain(facts, facts.top(group[0].about), group))),
    ...groupBy(full.flat(), onDisk).flatMap((group) => fullNode(facts, group)),
  ];
};
