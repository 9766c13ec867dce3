import type { BundleEvent, BundleLog, BundleObject, Subject } from '@aetherius/shared/contracts';
import { createTemplates } from '../../logs/templates.ts';
import { shownDead } from '../dependency/dead-dependency.ts';
import { addressOf, dependencyOf } from '../dependency/dependency.ts';
import type { Evidence } from '../evidence.ts';
import { brokenBy, type Container, citeEvents, citeObject, type Facts } from '../facts.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { lateAnswers } from '../messages/answered-requests.ts';
import { beforeStop, saysToTheEnd } from '../messages/end-by-signal.ts';
import { raisedBelow, withFrame } from '../messages/exception.ts';
import { areLongOver, wentToWork } from '../messages/last-complaint.ts';
import { isComplaint, type Statement } from '../messages/log-line.ts';
import { type Cause, causeIn, quoteOf, withTarget } from '../messages/log-signature.ts';
import { parseProbe } from '../messages/probe.ts';
import { lacksTopic } from '../messages/signatures/clients.ts';
import { tookSeconds } from '../messages/slow-statement.ts';
import { unsettled } from '../messages/survived.ts';
import { withLimit } from '../messages/system-limit.ts';
import { lastUncaught } from '../messages/uncaught.ts';
import { finding, groupBy } from '../said.ts';
import { uneasyIn } from '../verdict/calm-log.ts';
import { isLasting, isUnrelieved, troubleAtEnd } from '../verdict/trouble-at-end.ts';
import { isBatch, isCrashing, probeKills } from './crash.ts';

/** So many complaints make a sign of a program that runs; one that is not ready needs only one. */
const OFTEN = 3;
/** Complaints that all lie before this share of the log are over. */
const OVER_BEFORE = 0.5;

export const cite = (log: BundleLog, statements: readonly Statement[]): Evidence[] =>
  statements.slice(0, 2).map((one) => ({ id: log.id, quote: quoteOf(one).slice(0, 500) }));

/** Statements of one template say the same. */
function sayingTheSame(statements: readonly Statement[]): Statement[][] {
  const templates = createTemplates();
  return [...Map.groupBy(statements, ({ text }) => templates.learn(text)).values()];
}

export const lasts = (statements: readonly Statement[], said: readonly Statement[]): boolean => {
  const last = said.at(-1);
  return last !== undefined && statements.lastIndexOf(last) >= Math.floor(statements.length * OVER_BEFORE);
};

/** After which a program does not go on as before, however well its pod counts: it is over, it waits for people, or it may not lead. */
const standsStill = /\bfatal\b|awaiting recovery|error retrieving resource lock/i;
/** Whether a log tells nothing but complaints after the end that it told. */
function endsWith(statements: readonly Statement[], said: readonly Statement[]): boolean {
  const end = said.findLast(({ text, level }) => level === 'fatal' || standsStill.test(text));
  return (
    end !== undefined &&
    statements.slice(statements.indexOf(end)).every((one) => one === end || isComplaint(one) || one.level === 'warn')
  );
}

/** By which a broker tells that it is parted from its peers: that lasts until somebody heals it, and is said once. */
const parted = /\binconsistent_database\b|\b(?:running|starting)_partitioned_network\b/;
const healed =
  /\bauto-?heal(?:ed|ing)?\b.{0,60}\b(?:finished|complete[d]?|done|succeeded)\b|\bpartitions? (?:is |was |has been )?(?:healed|resolved)\b/i;

function staysParted(statements: readonly Statement[], said: readonly Statement[]): boolean {
  const last = said.findLast(({ text }) => parted.test(text));
  return last !== undefined && !statements.slice(statements.lastIndexOf(last)).some(({ text }) => healed.test(text));
}

type Ground = {
  facts: Facts;
  log: BundleLog;
  pod: BundleObject | undefined;
  isHealthy: boolean;
  /** By which the kubelet ended the program for its probe. */
  kills: readonly BundleEvent[];
};

const statementsOf = ({ facts, log, kills }: Ground): readonly Statement[] =>
  kills.length === 0 ? facts.statements(log) : beforeStop(facts.statements(log));

const causesOf = (ground: Ground): Cause[] =>
  unsettled(statementsOf(ground))
    .filter((one) => one.level !== 'info' || tookSeconds(one))
    .filter(({ text }) => !lacksTopic(text, statementsOf(ground)))
    .map(causeIn)
    .filter((cause) => cause !== undefined);

const subjectBehind = ({ facts, log, pod }: Ground) =>
  pod === undefined ? facts.top({ kind: 'Pod', namespace: log.namespace, name: log.pod }) : brokenBy(facts, pod);

const aboutPod = ({ log, pod }: Ground) =>
  pod === undefined ? { kind: 'Pod', namespace: log.namespace, name: log.pod } : subjectOf(pod);

/** Warnings of one cause, where nothing graver is said, up to the end of the log: as a sidecar tells that it cannot begin. */
const TWICE = 2;
const warnsToTheEnd = (all: readonly Statement[], said: readonly Statement[]): boolean =>
  said.length >= TWICE && saysToTheEnd(all, said) && !all.some(isComplaint);

const isInformation = (said: readonly Statement[]): boolean => said.every(({ level }) => level === 'info');

/** A database tells as mere information what took long: a few of many lines are nothing. */
const MANY = 10;
const SHARE = 0.1;

const isMuch = (said: readonly Statement[], all: readonly Statement[]): boolean =>
  said.length >= MANY || (said.length >= OFTEN && said.length >= all.length * SHARE);

/** Whether what was said of a cause makes it the fault, and not a matter of the past. */
function isHeld(ground: Ground, said: readonly Statement[]): boolean {
  const { pod } = ground;
  const all = statementsOf(ground);
  const isOften = said.length >= OFTEN;
  if (isInformation(said)) return isMuch(said, all) && lasts(all, said);
  if (ground.kills.length > 0 && !saysToTheEnd(all, said)) return false;
  if (staysParted(all, said)) return true;
  // Of a pod that nothing tells of, the log alone shows that it fares well again.
  if (pod === undefined && areLongOver(all, said)) return false;
  return ground.isHealthy
    ? (lasts(all, said) && !wentToWork(all, said) && (isOften || endsWith(all, said))) || isUnrelieved(all, said)
    : isOften || said.some(({ level }) => level !== 'warn') || warnsToTheEnd(all, said);
}

/** So many targets of one log are looked up. */
const MOST_TARGETS = 10;

/** What the bundle shows to be dead need not be complained of often, nor up to the end. */
const isBorneOut = ({ facts, log, kills }: Ground, causes: readonly Cause[]): boolean =>
  kills.length === 0 &&
  [...new Map(causes.map((cause) => [cause.target, cause])).values()].slice(0, MOST_TARGETS).some((cause) => {
    const target = dependencyOf(facts, cause, log.namespace);
    return target !== undefined && shownDead(facts, target) !== undefined;
  });

/** A cluster that is split is no matter of the one member that says so, or that it names. */
const membersOf = (facts: Facts, { category }: Cause, subject: Subject): Subject[] =>
  category === 'message_broker_partition' ? facts.podsUnder(subject).map(subjectOf) : [];
const outside = (members: readonly Subject[], target: Subject | undefined): Subject | undefined =>
  target !== undefined && members.some((one) => isSame(one, target)) ? undefined : target;

/** A cause that a running program names again and again, or a killed one up to its end. */
function namedCause(ground: Ground): Hypothesis[] {
  const { facts, log, kills } = ground;
  const groups = groupBy(causesOf(ground), ({ category }) => category).filter(
    (causes) =>
      isBorneOut(ground, causes) ||
      isHeld(
        ground,
        causes.map(({ statement }) => statement),
      ),
  );
  return groups.flatMap((causes) => {
    const [head] = causes;
    if (head === undefined) return [];
    const first = withTarget(head, statementsOf(ground));
    const subject = subjectBehind(ground);
    const members = membersOf(facts, first, subject);
    const target = outside(members, dependencyOf(facts, first, log.namespace));
    return finding({
      category: first.category,
      subject,
      ...(target === undefined ? {} : { cause: target }),
      address: addressOf(first, log.namespace),
      description: `${first.description}: its log says ${causes.length === 1 ? 'once' : `${causes.length} times`}: ${first.said}${kills.length === 0 ? '' : '; its probe fails, and the kubelet restarts it'}`,
      weight: causes.length >= OFTEN && !isInformation(causes.map(({ statement }) => statement)) ? 0.9 : 0.78,
      evidence: [
        ...cite(
          log,
          causes.map(({ statement }) => statement),
        ),
        ...citeEvents(kills, 1),
      ],
      affects: [aboutPod(ground), ...members],
    });
  });
}

type Repeated = { words: string; evidence: readonly Evidence[]; weight?: number };

/** Errors that are too few to be a sign by their number: those of one kind that a log goes on about, or what ended in it for good. */
function seldomSaid(all: readonly Statement[], most: readonly Statement[]): readonly Statement[] {
  const ended = troubleAtEnd(all)
    .filter((one) => causeIn(one) === undefined && isLasting(one))
    .slice(-MANY);
  return [ended, most].find((said) => said.length > 0 && isUnrelieved(all, said)) ?? [];
}

/** Errors that repeat and name no cause that is known. */
function repeatedErrors({ facts, log, isHealthy }: Ground): Repeated | undefined {
  const statements = facts.statements(log);
  const errors = unsettled(statements).filter((one) => isComplaint(one) && causeIn(one) === undefined);
  const most = sayingTheSame(errors).sort((a, b) => b.length - a.length)[0] ?? [];
  const said =
    most.length >= OFTEN ? most : errors.length >= OFTEN * 2 ? errors : isHealthy ? seldomSaid(statements, most) : [];
  const [first] = said;
  if (first === undefined || (said.length >= OFTEN && !lasts(statements, said))) return undefined;
  const [repeats, times] = said.length === 1 ? ['tells', '(once)'] : ['repeats', `(${said.length} times)`];
  const raised = raisedBelow(first, statements);
  if (raised === undefined)
    return {
      words: withLimit(`its log ${repeats}: ${first.text.slice(0, 300)} ${times}`, first.text),
      evidence: cite(log, said),
    };
  return {
    words: `its log ${repeats}: ${first.text.slice(0, 150)}: ${raised.text.slice(0, 200)} ${times}`,
    evidence: [...cite(log, [first]), { id: log.id, quote: withFrame(raised, log.lines).slice(0, 500) }],
  };
}

/** A log of which so much is one warning, so often, speaks of nothing else. */
const NEARLY_ALL = 0.9;
/** That a thing does not work, and not only that it is done in another way. */
const worksNot =
  /\bnot (?:yet )?(?:[a-z]+ ){0,2}(?:discovered|elected|found|available|reachable|connected|ready|responding|respond|joined|join|formed|synced|in sync|registered|established|received|acquired|delivered|sent|completed|work\w*)\b|\b(?:cannot|can't|could not|unable to|failed|fails|failing|unavailable|unreachable|timed out|no (?:leader|master|primary|connection|route|quorum|response|reply|heartbeats?))\b/i;

/** One warning that is nearly all that a log says, up to its end. */
function repeatedWarning({ facts, log }: Ground): Repeated | undefined {
  const statements = facts.statements(log);
  const warnings = uneasyIn(statements).filter(
    (one) => one.level === 'warn' && causeIn(one) === undefined && worksNot.test(one.text),
  );
  const most = sayingTheSame(warnings).sort((a, b) => b.length - a.length)[0] ?? [];
  const [first] = most;
  const isAll = most.length >= MANY && most.length >= statements.length * NEARLY_ALL;
  if (first === undefined || !isAll || !saysToTheEnd(statements, most) || wentToWork(statements, most))
    return undefined;
  return {
    words: `its log tells hardly anything but a warning: ${first.text.slice(0, 300)} (${most.length} times)`,
    evidence: cite(log, [first, ...most.slice(-1)]),
    weight: 0.75,
  };
}

/** Every second of the later requests is one that the program itself fails, in whatever tone it tells so. */
const MOSTLY = 0.5;

function failedRequests({ facts, log }: Ground): Repeated | undefined {
  const { failed, count } = lateAnswers(facts.statements(log));
  const [first] = failed;
  if (first === undefined || failed.length < OFTEN || failed.length < count * MOSTLY) return undefined;
  return {
    evidence: cite(log, failed.slice(-1)),
    words: `${failed.length} of the last ${count} requests in its log were answered with an error of a server: ${first.line.slice(0, 300)}`,
  };
}

function signature(ground: Ground): Hypothesis[] {
  const { pod } = ground;
  const found = repeatedErrors(ground) ?? failedRequests(ground) ?? repeatedWarning(ground);
  if (found === undefined) return [];
  return [
    finding({
      category: 'log_error_signature',
      subject: subjectBehind(ground),
      description: `it runs, but ${found.words}`,
      weight: found.weight ?? 0.82,
      evidence: [...found.evidence, ...(pod === undefined ? [] : citeObject(pod, 'running'))],
      affects: [aboutPod(ground)],
    }),
  ];
}

/** A program that ended of what it did not catch, by its log: nothing but that is there, or a status that counts it as well. */
function uncaughtEnd(ground: Ground): Hypothesis[] {
  const { facts, log, pod } = ground;
  const subject = subjectBehind(ground);
  const last = lastUncaught(facts.statements(log));
  const known = pod ?? facts.graph.find(subject);
  if (last === undefined || (known !== undefined && facts.health(known).state !== 'healthy')) return [];
  return [
    finding({
      category: 'crash_loop_app_error',
      subject,
      description: withLimit(`the program ended by itself; its log ends with: ${last.text.slice(0, 300)}`, last.text),
      weight: 0.72,
      evidence: cite(log, [last]),
      affects: [aboutPod(ground)],
      against: known === undefined ? [] : [`${known.kind} ${known.name} counts as healthy all the same`],
    }),
  ];
}

/** A probe that asks for what is not there fails whatever the program needs. */
const asksInVain = (facts: Facts, pod: Subject): boolean =>
  facts.eventsOf(pod, { reason: ['Unhealthy'] }).some(({ message }) => {
    const status = parseProbe(message)?.status ?? 0;
    return (status >= 400 && status < 500) || /executable file not found|no such file/i.test(message);
  });

/** The kills behind a log: of the run that was ended, and of the one after it only where that is all there is. */
function killsBehind(facts: Facts, log: BundleLog, own: readonly Container[]): BundleEvent[] {
  const hasRunBefore = facts
    .logsOf({ namespace: log.namespace, name: log.pod }, log.container)
    .some(({ previous, namespace, lines }) => previous && namespace === log.namespace && lines.length > 0);
  const pod = { kind: 'Pod', namespace: log.namespace, name: log.pod };
  if ((hasRunBefore && !log.previous) || asksInVain(facts, pod)) return [];
  const isNamed = own.length === 0 || own.some(({ name }) => name === log.container);
  return probeKills(facts, { pod, name: isNamed ? log.container : '' });
}

function trouble(facts: Facts, log: BundleLog): Hypothesis[] {
  const pod = facts.graph.find({ kind: 'Pod', namespace: log.namespace, name: log.pod });
  const own = pod === undefined ? [] : facts.containersOf(pod);
  const kills = killsBehind(facts, log, own);
  const isHealthy = pod !== undefined && facts.health(pod).state === 'healthy';
  const ground: Ground = { facts, log, pod, isHealthy: isHealthy && kills.length === 0, kills };
  if (isBatch(subjectBehind(ground)) && !ground.isHealthy) return [];
  if (kills.length > 0) return namedCause(ground);
  if (log.previous || own.some((container) => isCrashing(facts, container))) return [];
  const causes = [...namedCause(ground), ...signature(ground)];
  return causes.length > 0 ? causes : uncaughtEnd(ground);
}

/** What programs complain of that run, or that a probe ends: what keeps them from answering it goes before the probe. */
export const runningLog: Rule = (facts) => facts.bundle.logs.flatMap((log) => trouble(facts, log));
