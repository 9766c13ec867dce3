import type { BundleEvent } from '@aetherius/shared/contracts';
import { brokenBy, type Container, citeEvents, citeObject, type Facts } from '../facts.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { inWords, recentRollout, rollBack } from '../remedies.ts';

const pullReasons = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
];
const pullMessage =
  /^Failed to pull image|^Error: (ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)|^Back-off pulling image/;

/** What the registry's answer says about why, most telling first. */
const answers = [
  {
    pattern: /toomanyrequests|rate limit|429 Too Many/i,
    category: 'image_pull_rate_limit',
    words: 'the registry limits the rate',
  },
  {
    pattern: /unauthorized|authentication required|no basic auth|pull access denied|401 |403 Forbidden|denied: /i,
    category: 'image_pull_unauthorized',
    words: 'the registry wants other credentials',
  },
  {
    pattern: /not found|manifest unknown|does not exist/i,
    category: 'image_pull_failure',
    words: 'the registry does not have it',
  },
  {
    pattern: /no such host|i\/o timeout|connection refused|dial tcp/i,
    category: 'image_pull_failure',
    words: 'the registry cannot be reached',
  },
  {
    pattern: /InvalidImageName|invalid reference format/i,
    category: 'image_pull_failure',
    words: 'its name is not valid',
  },
] as const;

const pullEvents = (facts: Facts, { pod }: Container): BundleEvent[] =>
  facts.events({ kind: 'Pod', message: pullMessage }).filter((event) => event.name === pod.name);

/** The kubelet writes its Event before the status that goes with it; until then the container is still being created. */
const isPulledInVain = (facts: Facts, container: Container): boolean =>
  container.waiting !== undefined &&
  (pullReasons.includes(container.waiting.reason) ||
    (container.waiting.reason === 'ContainerCreating' &&
      pullEvents(facts, container).some((event) => event.message.includes(`"${container.image}"`))));

function explain(facts: Facts, container: Container): Hypothesis {
  const events = pullEvents(facts, container);
  const said = [
    container.waiting?.message ?? '',
    container.waiting?.reason ?? '',
    ...events.map((event) => event.message),
  ].join('\n');
  const answer = answers.find(({ pattern }) => pattern.test(said));
  const rollout = recentRollout(facts, (paths) => paths.some((path) => /image$/.test(path)));
  const subject = brokenBy(facts, container.pod);
  return {
    category: answer?.category ?? 'image_pull_failure',
    severity: 'high',
    subject,
    cause: {
      subject,
      description: `image ${container.image} cannot be pulled: ${answer?.words ?? 'no answer says why'}${rollout === undefined ? '' : ` (${inWords(rollout)})`}`,
    },
    weight: events.length > 0 ? 0.96 : 0.9,
    evidence: [...citeObject(container.pod, `waiting.reason: ${container.waiting?.reason}`), ...citeEvents(events)],
    recommendations: rollBack(facts, rollout),
  };
}

/** An image that cannot be had. */
export const imagePull: Rule = (facts) => {
  const container = facts.containers.find((one) => isPulledInVain(facts, one));
  return container === undefined ? undefined : explain(facts, container);
};
