import type { BundleEvent, Category, Subject } from '@aetherius/shared/contracts';
import { inWords } from '../comparison/change-words.ts';
import { addressOf, dependencyOf } from '../dependency/dependency.ts';
import { brokenBy, type Container, citeContainer, citeObject, type Facts, hasFailed } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { containerInWords } from '../invented-name.ts';
import { endInWords, isOwnFault } from '../messages/exit-code.ts';
import { isComplaint, isNoLog } from '../messages/log-line.ts';
import { parseProbeKill } from '../messages/probe.ts';
import { withLimit } from '../messages/system-limit.ts';
import { unheardCause } from '../messages/unheard.ts';
import { isWrapper } from '../messages/wrapper.ts';
import { type ProgramWords, programWords, saysNothing } from '../program-words.ts';
import { recentRollout, rollBack } from '../remedies.ts';
import { finding, groupBy } from '../said.ts';
import { unseenContainers } from '../unseen-container.ts';
import { isLogLeftOut } from '../verdict/in-time.ts';

/** Kinds whose pods are meant to end. */
export const isBatch = ({ kind }: Subject): boolean => kind === 'Job' || kind === 'CronJob';

/** So often that it is no accident, where a row of a table tells restarts but not how they came about. */
const OFTEN = 3;

/** Started again and again, for now up or not, and the log of a run before is there: it ended. */
const endsUnseen = ({ bundle }: Facts, { pod, restarts, ended, waiting }: Container): boolean =>
  waiting === undefined &&
  ended.length === 0 &&
  restarts >= OFTEN &&
  bundle.logs.some((log) => log.previous && log.pod === pod.name && log.namespace === pod.namespace);

/** A container that keeps ending, and not because of an image, a reference or a start that fails. */
export const isCrashing = (facts: Facts, container: Container): boolean => {
  const { pod, waiting, ended, restarts } = container;
  const failed = ended.some(hasFailed);
  // Between two runs a container has no back-off to show: it lies ended, and so did the run before.
  const isEndless = ended.length > 1 && restarts >= OFTEN;
  const { state } = facts.health(pod);
  if (state === 'healthy' || state === 'finished') return false;
  if (endsUnseen(facts, container)) return true;
  return waiting?.reason === 'CrashLoopBackOff' || isEndless || (failed && (restarts > 0 || waiting === undefined));
};

/** The events by which the kubelet ended a container for its probe. */
export const probeKills = (facts: Facts, { pod, name }: { pod: Subject; name: string }): BundleEvent[] =>
  facts.eventsOf(pod, { reason: ['Killing'] }).filter(({ message }) => {
    const kill = parseProbeKill(message);
    return kill !== undefined && (kill.container === '' || name === '' || kill.container === name);
  });

/** Whether the log of a run that ended was read, be it that it is empty; what the kubelet says where it has none any more is no log. */
const isHeard = (facts: Facts, { pod, isRunning }: Container): boolean =>
  facts
    .logsOf(pod)
    .some(({ lines, previous }) => (previous || !isRunning) && (lines.length === 0 || !lines.every(isNoLog)));

/** What it said before it ended: a run that goes on and complains of nothing tells nothing of the one before. */
function lastWords(facts: Facts, container: Container): ProgramWords | undefined {
  const words = programWords(facts, container);
  const isOfNow = container.isRunning && !facts.logsOf(container.pod).some(({ previous }) => previous);
  return isOfNow && words?.cause === undefined && !words?.statements.some(isComplaint) ? undefined : words;
}

/** Why nothing was heard of a program. */
function unread(facts: Facts, { pod }: Container): string {
  if (isLogLeftOut(facts.bundle, pod.name)) return 'is of another time';
  const refusal = facts.logsOf(pod).flatMap(({ lines }) => lines.filter(isNoLog))[0];
  return refusal === undefined ? 'is not there' : `could not be read (${refusal.slice(0, 300)})`;
}

/** Signals that nobody sends to end a program: it trips over itself each time. */
const endsByItsOwnFault = ({ ended }: Pick<Container, 'ended'>): boolean => {
  const codes = ended.flatMap(({ exit_code: code }) => code ?? []);
  return codes.length > 0 && codes.every(isOwnFault);
};

type Reading = {
  category: Category;
  words: string;
  weight: number;
  cause?: Subject | undefined;
  address?: Subject | undefined;
};

/** Where the dependency that a program names stands in the cluster. */
export const causeOf = (facts: Facts, words: ProgramWords, namespace: string | null): Subject | undefined =>
  words.cause === undefined ? undefined : dependencyOf(facts, words.cause, namespace);

const unheardIn = (facts: Facts, { pod, name }: Container, { statements }: ProgramWords): string | undefined =>
  facts
    .logsOf(pod, name)
    .map(({ lines }) => unheardCause(lines, statements))
    .find((text) => text !== undefined);

function reading(facts: Facts, container: Container, words: ProgramWords | undefined): Reading {
  if (words?.cause !== undefined) {
    const { category, description, said } = words.cause;
    return {
      category,
      words: `${description}: ${said}`,
      weight: 0.92,
      cause: causeOf(facts, words, container.pod.namespace),
      address: addressOf(words.cause, container.pod.namespace),
    };
  }
  const last = words?.complaint;
  // What may tell of a fault outside the program does not speak for one inside it.
  const isOwn = words === undefined || last === undefined || unheardIn(facts, container, words) !== last.text;
  const isTold = isOwn && last !== undefined && isComplaint(last) && !isWrapper(last) && !saysNothing(facts, container);
  const verb = last !== undefined && isComplaint(last) ? 'says' : 'ends with';
  return {
    category: 'crash_loop_app_error',
    words:
      last === undefined
        ? `its log ${isHeard(facts, container) ? 'says nothing' : unread(facts, container)}${endsByItsOwnFault(container) ? ', and such a signal comes of what a program itself does' : ''}`
        : withLimit(`its log ${verb}: ${last.text.slice(0, 300)}`, last.text),
    weight: isTold ? 0.85 : 0.7,
  };
}

/**
 * What keeps an end from being the program's own: a signal that it did not send itself, or a log that nobody read, since nearly every
 * other cause ends a program with the same exit code. A log that was read and is empty is all that there is to know.
 */
function doubts(
  facts: Facts,
  container: Container,
  { code, words }: { code: number | undefined; words: ProgramWords | undefined },
): string[] {
  if (words?.cause !== undefined) return [];
  const unheard = words && unheardIn(facts, container, words);
  if (unheard !== undefined) return [`near its end the log also says: ${unheard.slice(0, 200)}`];
  const isSilent = !words?.statements.some(isComplaint);
  if (isSilent && container.isReady && endsUnseen(facts, container))
    return ['nothing tells how it ended, and its log complains of nothing'];
  const isRead = words !== undefined || isHeard(facts, container);
  return doubtsByCode(code, { isSilent, unread: isRead ? undefined : unread(facts, container) }, container);
}

function doubtsByCode(
  code: number | undefined,
  { isSilent, unread }: { isSilent: boolean; unread: string | undefined },
  { ended }: Container,
): string[] {
  // Whoever ends well again and again where it is to go on has nothing to complain of: its end is the fault.
  if (code === 0 && ended.every(({ exit_code }) => exit_code === 0)) return [];
  if (code === 137) return ['the program was killed, and nothing says by whom'];
  if (code === 143 && isSilent) return ['the program was told to stop, and nothing says by whom'];
  if (unread === undefined || endsByItsOwnFault({ ended })) return [];
  return [
    `its log ${unread}${code === undefined ? ' and neither is its exit code' : ', and its exit code fits many causes'}`,
  ];
}

/** Whether it lies ended for the first time, and nobody has started it anew yet. */
const isFirst = ({ restarts, waiting, ended }: Container): boolean =>
  restarts === 0 && waiting === undefined && ended.length === 1;

function explain(facts: Facts, container: Container): Hypothesis {
  const words = lastWords(facts, container);
  const read = reading(facts, container, words);
  const subject = brokenBy(facts, container.pod);
  const rollout = recentRollout(facts, subject);
  const code = container.ended.find(({ exit_code }) => exit_code !== undefined)?.exit_code;
  return finding({
    category: read.category,
    subject,
    ...(read.cause === undefined ? {} : { cause: read.cause }),
    address: read.address,
    description: `${containerInWords(container)} ${isFirst(container) ? 'has ended' : 'keeps ending'}${endInWords(code)}; ${read.words}${rollout === undefined ? '' : ` (after ${inWords(rollout)})`}`,
    weight: read.weight,
    evidence: [
      ...citeObject(
        container.pod,
        container.waiting?.reason === 'CrashLoopBackOff' ? 'waiting.reason: CrashLoopBackOff' : 'terminated.exitCode',
      ),
      ...(endsByItsOwnFault(container) ? citeContainer(container, 'terminated.exitCode') : []),
      ...(endsUnseen(facts, container) ? citeContainer(container, 'restartCount') : []),
      ...(words?.evidence ?? []),
    ],
    affects: [subjectOf(container.pod)],
    recommendations: rollBack(rollout, subject),
    against: doubts(facts, container, { code, words }),
  });
}

/** Crash loops of pods that are not in the bundle: events say that it is one, a log may say why. */
const unseen = (facts: Facts): Hypothesis[] =>
  groupBy(
    unseenContainers(facts).filter(({ container }) => probeKills(facts, container).length === 0),
    ({ container }) => keyOf(facts.top(container.pod)),
  ).flatMap((group) => {
    const chosen = group.find(({ container }) => programWords(facts, container) !== undefined) ?? group[0];
    if (chosen === undefined || isBatch(facts.top(chosen.container.pod))) return [];
    const told = explain(facts, chosen.container);
    return {
      ...told,
      evidence: [...chosen.evidence, ...told.evidence],
      against: [...(told.against ?? []), ...chosen.against],
    };
  });

/** Programs that keep ending by themselves; their own first complaint says why. */
export const crashLoop: Rule = (facts) => [...byStatus(facts), ...unseen(facts)];

function byStatus(facts: Facts): Hypothesis[] {
  const crashing = facts.containers.filter(
    (container) =>
      isCrashing(facts, container) &&
      !isBatch(brokenBy(facts, container.pod)) &&
      probeKills(facts, container).length === 0,
  );
  return groupBy(crashing, ({ pod, name }) => JSON.stringify([brokenBy(facts, pod), name])).flatMap((group) => {
    const told = group.find((container) => programWords(facts, container)?.cause !== undefined);
    const withLog = group.find((container) => programWords(facts, container) !== undefined);
    const chosen = told ?? withLog ?? group[0];
    return chosen === undefined ? [] : explain(facts, chosen);
  });
}
