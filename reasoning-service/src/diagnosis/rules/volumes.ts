import { type BundleObject, parseQuantity, type Subject, seconds } from '@aetherius/shared/contracts';
import { volumeDriverBehind } from '../dependency/node-agent.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { parseMissing, parseMissingItem, unregisteredIn } from '../messages/missing-object.ts';
import { blamedClaim } from '../messages/scheduling.ts';
import { lastClause, parseVolume, type VolumeProblem } from '../messages/volume.ts';
import { finding, groupBy, type Said, saidByConditions, saidByEvents } from '../said.ts';
import { nodeTaint } from './node.ts';

/** Claims that wait for a pod or a volume that no message about a class explains. */
export function waitingPods(facts: Facts, claim: Subject): Subject[] {
  const direct = facts.graph.in(claim, 'claims').map(({ from }) => from);
  const named = [
    ...saidByEvents(facts, { reason: ['FailedScheduling'] }),
    ...saidByConditions(facts, 'Pod', 'PodScheduled'),
  ]
    .filter(({ message, about }) => {
      const blamed = blamedClaim(message);
      return (
        about.namespace === claim.namespace &&
        blamed !== undefined &&
        (blamed.name === undefined || blamed.name === claim.name)
      );
    })
    .map(({ about }) => about);
  return [...direct, ...named];
}

const provisionerAbsent =
  /no volume plugin matched|provisioner.{0,80}(?:not found|not running)|CSIDriver.{0,40}not found|driver name \S{1,120} not found/i;

/** Claims whose class, or whose provisioner, is not there. */
export const storageClass: Rule = (facts) => {
  const said = [
    ...saidByEvents(facts, { reason: ['ProvisioningFailed', 'FailedBinding'] }),
    ...saidByConditions(facts, 'Pod', 'PodScheduled'),
    ...saidByEvents(facts, { reason: ['FailedScheduling'] }),
  ].filter(({ message }) => parseMissing(message)?.kind === 'StorageClass' || provisionerAbsent.test(message));
  return groupBy(said, ({ about }) => keyOf(about)).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const name = parseMissing(first.message)?.name;
    const claim = facts.graph.find(first.about);
    return finding({
      category: 'pvc_storageclass_missing',
      subject: first.about,
      cause: {
        kind: 'StorageClass',
        namespace: null,
        name: name ?? textAt(claim?.body, 'spec.storageClassName') ?? 'unknown',
      },
      description:
        name === undefined
          ? `the claim's provisioner is not there: ${first.message.slice(0, 200)}`
          : `the claim asks for StorageClass ${name}, which does not exist`,
      weight: 0.97,
      evidence: [
        ...group.flatMap(({ evidence }) => evidence).slice(0, 2),
        ...(claim === undefined || name === undefined ? [] : citeObject(claim, `storageClassName: ${name}`)),
      ],
      affects: waitingPods(facts, first.about),
    });
  });
};

/** Seconds after which an external provisioner that says nothing is taken to be absent. */
const PATIENCE = 300;

function unclassed(facts: Facts, claim: BundleObject): Hypothesis[] {
  const phase = textAt(claim.body, 'status.phase');
  if (phase !== undefined && phase !== 'Pending') return [];
  const subject = subjectOf(claim);
  const wanted = textAt(claim.body, 'spec.storageClassName');
  const target = facts.graph.out(subject, 'class')[0]?.to;
  const isAbsent =
    target !== undefined && facts.graph.find(target) === undefined && facts.graph.isWhole('StorageClass', null);
  const unclaimed = facts.eventsOf(subject, { reason: ['FailedBinding'], message: /no storage class is set/ });
  const waits = facts
    .eventsOf(subject, { reason: ['ExternalProvisioning'] })
    .filter(
      ({ first_timestamp, count }) => count >= 10 || (facts.now - Date.parse(first_timestamp ?? '')) / 1000 > PATIENCE,
    );
  if (!isAbsent && unclaimed.length === 0 && (waits.length === 0 || phase === undefined)) return [];
  return [
    finding({
      category: 'pvc_storageclass_missing',
      subject,
      cause: { kind: 'StorageClass', namespace: null, name: wanted ?? 'default' },
      description: isAbsent
        ? `the claim asks for StorageClass ${wanted}, which does not exist`
        : waits.length > 0
          ? 'the claim waits for a provisioner that does not answer'
          : 'the claim names no StorageClass, and no default one or fitting volume exists',
      weight: isAbsent ? 0.92 : 0.85,
      evidence: [
        ...citeEvents([...unclaimed, ...waits], 2),
        ...citeObject(claim, isAbsent ? `storageClassName: ${wanted}` : 'status.phase'),
      ],
      affects: waitingPods(facts, subject),
    }),
  ];
}

/** Pending claims whose class a whole listing lacks, that name none where none is the default, or whose provisioner is silent. */
export const claimWithoutClass: Rule = (facts) =>
  facts.of('PersistentVolumeClaim').flatMap((claim) => unclassed(facts, claim));

/** A resizer that is there takes a claim over within seconds; after this time nobody will. */
const TAKEN_OVER = seconds('1m');

/** Claims that were handed to an outside controller to grow, have not grown since, and that nobody works on; all else of them is well. */
const leftAlone = ({ bundle, graph, now }: Facts): Said[] =>
  bundle.events.flatMap((event) => {
    if (event.reason !== 'ExternalExpanding') return [];
    const about = subjectOf(event);
    const claim = graph.find(about);
    const [wanted, got] = ['spec.resources.requests.storage', 'status.capacity.storage'].map((path) =>
      parseQuantity(textAt(claim?.body, path) ?? ''),
    );
    const isUnderWay = objectsAt(claim?.body, 'status.conditions').length > 0;
    const isLate = Date.parse(event.first_timestamp ?? event.last_timestamp) < now - TAKEN_OVER * 1000;
    if (!isLate || isUnderWay || wanted === undefined || got === undefined || wanted <= got) return [];
    return [{ about, message: event.message, evidence: citeEvents([event]) }];
  });

/** Claims that cannot grow. */
export const claimExpansion: Rule = (facts) => {
  const said = [
    ...saidByEvents(facts, { reason: ['VolumeResizeFailed', 'FileSystemResizeFailed'] }),
    ...saidByEvents(facts, { reason: ['ExternalExpanding'], message: /couldn't|could not|cannot|no .{0,40}resizer/i }),
    ...leftAlone(facts),
    ...['ControllerResizeError', 'NodeResizeError', 'ModifyVolumeError'].flatMap((type) =>
      saidByConditions(facts, 'PersistentVolumeClaim', type),
    ),
    ...saidByConditions(facts, 'PersistentVolumeClaim', 'Resizing').filter(({ message }) =>
      /fail|error|forbid/i.test(message),
    ),
  ];
  return groupBy(said, ({ about }) => keyOf(claimBehind(facts, about))).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return finding({
      category: 'volume_expand_failed',
      subject: claimBehind(facts, first.about),
      description: `the claim cannot grow${first.message.trim() === '' ? ', and nothing says why' : `: ${first.message.slice(0, 300)}`}`,
      weight: 0.94,
      evidence: group.flatMap(({ evidence }) => evidence),
      affects: group.map(({ about }) => about),
    });
  });
};

/** The only claim of a pod; the pod itself where it has none or several. */
function claimBehind(facts: Facts, about: Subject): Subject {
  const claims = about.kind === 'Pod' ? facts.graph.out(about, 'claims') : [];
  return claims.length === 1 && claims[0] !== undefined ? claims[0].to : about;
}

type Found = { said: Said; problem: VolumeProblem };

function troubles(facts: Facts): Found[] {
  return saidByEvents(facts, {
    reason: ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume', 'VolumeConditionAbnormal'],
  }).flatMap((said) => {
    const isAboutReference =
      parseMissing(said.message) !== undefined ||
      parseMissingItem(said.message) !== undefined ||
      unregisteredIn(said.message) !== undefined;
    const problem = isAboutReference ? undefined : parseVolume(said.message);
    return problem === undefined ? [] : [{ said, problem }];
  });
}

/** The claim that is bound to a volume, or the claim that the pod uses when it has one only. */
function claimOf(facts: Facts, { said, problem }: Found): Subject {
  const volume = 'volume' in problem ? problem.volume : undefined;
  const bound =
    volume === undefined ? [] : facts.graph.in({ kind: 'PersistentVolume', namespace: null, name: volume }, 'binds');
  return bound[0]?.from ?? claimBehind(facts, said.about);
}

/** Whether all that use the volume of a pod, apart from it, are known and were on nodes that are lost. */
function isHeldByLostNode(facts: Facts, pod: Subject, lost: ReadonlySet<string>): boolean {
  const claims = facts.graph.out(pod, 'claims').flatMap(({ to }) => facts.graph.in(to, 'claims'));
  const top = facts.top(pod);
  // Where no claim is told: pods of one Deployment share theirs, each of a StatefulSet has its own.
  const users =
    claims.length > 0 ? claims.map(({ from }) => from) : top.kind === 'StatefulSet' ? [] : facts.podsUnder(top);
  const nodeOf = (user: Subject) => textAt(facts.graph.find(user)?.body, 'spec.nodeName') ?? '';
  return (
    lost.size > 0 &&
    facts.graph.isWhole('Pod', pod.namespace) &&
    users.every((user) => isSame(user, pod) || user.kind !== 'Pod' || lost.has(nodeOf(user)))
  );
}

const isLost = (node: BundleObject): boolean =>
  !['True', undefined].includes(textAt(conditionOf(node, 'Ready'), 'status'));

/** Who has a volume stands behind its name and the node's, which clouds spell with whole paths. */
const MOST_HELD = 400;
/** What whoever keeps a volume says of who has it; Kubernetes itself says that in a sentence. */
const heldInWords = ({ volume, words }: Extract<VolumeProblem, { why: 'multi_attach' }>): string | undefined =>
  words === undefined ? undefined : `volume ${volume} is in use on another node: ${lastClause(words, MOST_HELD)}`;

/** Volumes attached to another node; where that node is lost, its fault is what shows here. */
export const multiAttach: Rule = (facts) => {
  const lostNodes = facts.of('Node').filter(isLost);
  const lost = new Set(lostNodes.map(({ name }) => name));
  return troubles(facts)
    .flatMap(({ said, problem }) => (problem.why === 'multi_attach' ? [{ said, problem }] : []))
    .map((found) =>
      finding({
        category: 'volume_multi_attach',
        subject: claimOf(facts, found),
        description: heldInWords(found.problem) ?? found.said.message.slice(0, 300),
        weight: 0.96,
        evidence: found.said.evidence,
        affects: [
          found.said.about,
          facts.top(found.said.about),
          ...(isHeldByLostNode(facts, found.said.about, lost) ? [nodeTaint('unreachable')] : []),
        ],
      }),
    );
};

/** Volumes that cannot be mounted or found for a reason other than a missing ConfigMap or Secret. */
export const volumeMount: Rule = (facts) =>
  groupBy(
    troubles(facts).filter(({ problem }) => problem.why !== 'multi_attach'),
    ({ said }) => JSON.stringify(facts.top(said.about)),
  ).flatMap((group) => {
    const telling = group.find(({ problem }) => problem.why !== 'waiting') ?? group[0];
    if (telling === undefined) return [];
    const { said, problem } = telling;
    const words = 'words' in problem ? lastClause(problem.words) : said.message.slice(0, 200);
    const pods = group.map((one) => one.said.about);
    const driver = volumeDriverBehind(facts, pods, said.message);
    return finding({
      category: 'volume_mount_failed',
      subject: facts.top(said.about),
      ...(driver === undefined ? {} : { cause: driver.subject }),
      description: `a volume cannot be mounted: ${words}${driver?.words ?? ''}`,
      weight: problem.why === 'waiting' ? 0.75 : 0.94,
      evidence: [telling, ...group].flatMap((one) => one.said.evidence),
      affects: pods,
    });
  });

/** Claims that lost their volume, or that are waited for and do not exist. */
export const lostClaim: Rule = (facts) =>
  facts.of('PersistentVolumeClaim').flatMap((claim) => {
    if (textAt(claim.body, 'status.phase') !== 'Lost') return [];
    const [pod] = waitingPods(facts, subjectOf(claim));
    return finding({
      category: 'volume_mount_failed',
      subject: pod === undefined ? subjectOf(claim) : facts.top(pod),
      cause: subjectOf(claim),
      description: `claim ${claim.name} has lost its volume`,
      weight: 0.9,
      evidence: citeObject(claim, 'status.phase: Lost'),
      affects: waitingPods(facts, subjectOf(claim)),
    });
  });

/** Volumes that the provisioner of a class which exists could not make. */
export const failedProvisioning: Rule = (facts) =>
  groupBy(
    saidByEvents(facts, { reason: ['ProvisioningFailed'] }).filter(
      ({ message }) => /failed to provision volume/i.test(message) && !provisionerAbsent.test(message),
    ),
    ({ about }) => keyOf(about),
  ).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const [pod] = waitingPods(facts, first.about);
    return finding({
      category: 'volume_mount_failed',
      subject: pod === undefined ? first.about : facts.top(pod),
      cause: first.about,
      description: `the volume for claim ${first.about.name} cannot be made: ${lastClause(first.message)}`,
      weight: 0.88,
      evidence: group.flatMap(({ evidence }) => evidence),
      affects: [first.about, ...waitingPods(facts, first.about)],
    });
  });
