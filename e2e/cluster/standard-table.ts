import type { Subject } from '@aetherius/shared/contracts';
import type { Check } from './check.ts';
import type { StandardFault } from './standard-faults.ts';

/** What somebody said of the cluster: one fault. */
export type Answer = { category: string; subject: Subject; reasons?: readonly string[] };
/** Who answered: `npm run diagnose` with a snapshot, and the running services with what the agent sent. */
export type Answerer = 'snapshot' | 'agent';
/** What was said last, and the second at which each fault was first named rightly. */
export type Answers = Record<Answerer, { said: readonly Answer[]; right_at: Map<string, number> }>;

const isSame = (a: Subject, b: Subject): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
const inFull = ({ kind, namespace, name }: Subject): string =>
  [kind, namespace, name].filter((part) => part !== null).join('/');

const expects = ({ by_snapshot_only }: StandardFault, who: Answerer): boolean =>
  who === 'snapshot' || !by_snapshot_only;
const about = ({ subject }: StandardFault, said: readonly Answer[]): string[] =>
  said.filter((one) => isSame(one.subject, subject)).map(({ category }) => category);

/** Whether a fault is named, once and rightly. */
export const isNamed = (fault: StandardFault, said: readonly Answer[]): boolean => {
  const got = about(fault, said);
  return got.length === 1 && got[0] === fault.category;
};

const answerers: readonly Answerer[] = ['snapshot', 'agent'];

/** What is wrong with the answers to one fault. */
function problemsOf(fault: StandardFault, answers: Answers): string[] {
  return answerers
    .filter((who) => expects(fault, who) && !isNamed(fault, answers[who].said))
    .map((who) => {
      const got = about(fault, answers[who].said);
      return `${who} says ${got.length === 0 ? 'nothing' : got.join(' and ')} of ${inFull(fault.subject)}, expected ${fault.category}`;
    });
}

/** Whether every fault is named by everybody who can. */
export const isComplete = ({ faults, answers }: Round): boolean =>
  faults.every((fault) => problemsOf(fault, answers).length === 0);

/** Findings that nobody made a fault for. */
const strays = (faults: readonly StandardFault[], said: readonly Answer[]): string[] =>
  said
    .filter((one) => !faults.some(({ subject }) => isSame(subject, one.subject)))
    .map(({ category, subject, reasons = [] }) => [`${category} of ${inFull(subject)}`, ...reasons].join(', '));

/** One check for each fault. */
export const checksOf = ({ faults, answers }: Round): Check[] =>
  faults.map((fault) => ({ name: `diagnosed: ${fault.name}`, problems: problemsOf(fault, answers) }));

/** One check for each who answers, that nothing is said of what is healthy. */
export const silenceOf = ({ faults, answers }: Round): Check[] =>
  answerers.map((who) => ({
    name: `nothing said of what is healthy: ${who}`,
    problems: strays(faults, answers[who].said),
  }));

/** That the snapshot is answered with as many findings as there are faults, whoever they are about. */
export const oncePerFault = ({ faults, answers: { snapshot } }: Round): Check => ({
  name: `one finding for each of ${faults.length} faults: snapshot`,
  problems: snapshot.said.length === faults.length ? [] : [`${snapshot.said.length} findings`],
});

/** How long a snapshot and its answer took, and among how many pods. */
export type Look = { pods: number; seconds: number };

/** What is promised: so many faults among so many pods, told within so many seconds. */
const PROMISED = { faults: 45, pods: 56, seconds: 10 };

/** That the promise was tried at its full size and kept; another program may have held up one look, and not every one. */
export function promiseOf({ faults }: Round, looks: readonly Look[]): Check {
  const full = looks.filter(({ pods }) => pods >= PROMISED.pods);
  const quickest = Math.min(...full.map(({ seconds }) => seconds));
  return {
    name: `${PROMISED.faults} faults among ${PROMISED.pods} pods within ${PROMISED.seconds} s: snapshot`,
    problems: [
      ...(faults.length >= PROMISED.faults ? [] : [`${faults.length} faults`]),
      ...(full.length > 0 ? [] : [`${Math.max(0, ...looks.map(({ pods }) => pods))} pods`]),
      ...(full.length === 0 || quickest <= PROMISED.seconds ? [] : [`${quickest.toFixed(1)} s`]),
    ],
  };
}

/** Faults that were there at the same time, and what was said of them. */
export type Round = { faults: readonly StandardFault[]; answers: Answers };

const HEAD = ['fault', 'expected', 'got', 'subject', 'seconds', 'ok'];

/** The table for a person; two seconds are those of the snapshot and of the agent. */
export function tableOf({ faults, answers }: Round): string {
  const rows = faults.map((fault) => rowOf(fault, answers));
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(fault: StandardFault, answers: Answers): string[] {
  const asked = answerers.filter((who) => expects(fault, who));
  const got = asked.map((who) => about(fault, answers[who].said).join(' and ') || '-');
  const seconds = asked.map((who) => answers[who].right_at.get(fault.name)?.toFixed(0) ?? '-');
  const isOk = problemsOf(fault, answers).length === 0;
  const told = [...new Set(got)].join(' / ');
  return [fault.name, fault.category, told, inFull(fault.subject), seconds.join(' / '), isOk ? 'yes' : 'NO'];
}
