import type { BundleChange, Subject } from '@aetherius/shared/contracts';
import { inWords } from '../comparison/change-words.ts';
import { type Container, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { imageIn, isPullProblem, parsePull, registryOf } from '../messages/image-pull.ts';
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
  const waiting = facts.containers.filter(waitsForImage).map(({ pod, waiting }) => ({
    about: subjectOf(pod),
    message: `${waiting?.reason}: ${waiting?.message}`,
    evidence: citeObject(pod, `waiting.reason: ${waiting?.reason}`),
  }));
  const events = saidByEvents(facts, {
    kind: 'Pod',
    reason: ['Failed', 'BackOff', 'InspectFailed', 'ErrImageNeverPull'],
  }).filter(({ message }) => isPullProblem(message));
  return [...waiting, ...events];
}

function explain(facts: Facts, subject: Subject, said: readonly Said[]): Hypothesis {
  const words = said.map(({ message }) => message).join('\n');
  const answer = parsePull(words);
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
    evidence: said.flatMap(({ evidence }) => evidence),
    affects: said.map(({ about }) => about),
    recommendations: rollBack(rollout, subject),
  });
}

/** Images that cannot be had. */
export const imagePull: Rule = (facts) =>
  groupBy(sayings(facts), ({ about }) => JSON.stringify(facts.top(about))).flatMap((group) =>
    group[0] === undefined ? [] : explain(facts, facts.top(group[0].about), group),
  );
