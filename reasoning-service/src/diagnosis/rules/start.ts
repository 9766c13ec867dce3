import type { BundleLog } from '@aetherius/shared/contracts';
import { inWords } from '../comparison/change-words.ts';
import { brokenBy, type Container, citeObject, type Facts, hasFailed } from '../facts.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { containerInWords } from '../invented-name.ts';
import { endInWords } from '../messages/exit-code.ts';
import { parseMissing } from '../messages/missing-object.ts';
import { parseScriptFault } from '../messages/program-end.ts';
import { parseStartFailure, type StartFailure } from '../messages/start-failure.ts';
import { withLimit } from '../messages/system-limit.ts';
import { loggedWords, type ProgramWords, programWords } from '../program-words.ts';
import { recentRollout, rollBack } from '../remedies.ts';
import { finding, groupBy, type Said, saidByEvents } from '../said.ts';
import { isBatch } from './crash.ts';

const startReasons = new Set([
  'RunContainerError',
  'CreateContainerError',
  'CreateContainerConfigError',
  'PostStartHookError',
  'PreStartHookError',
  'PreCreateHookError',
  'StartError',
  'ContainerCannotRun',
]);

type Found = { said: Said; failure: StartFailure };

/** What the runtime says of containers that it could not start; a missing object is another rule's matter. */
function told(facts: Facts): Found[] {
  const statuses = facts.containers.flatMap(({ pod, waiting, ended }) =>
    [...(waiting === undefined ? [] : [waiting]), ...ended]
      .filter(({ reason }) => startReasons.has(reason))
      .map(({ reason, message }) => ({
        about: subjectOf(pod),
        message: `${reason}: ${message}`,
        evidence: citeObject(pod, message === '' ? `reason: ${reason}` : (message.split('\n')[0] ?? '').slice(0, 200)),
      })),
  );
  const events = saidByEvents(facts, { kind: 'Pod', reason: ['Failed', 'FailedPostStartHook'] });
  return [...statuses, ...events].flatMap((said) => {
    const isOther =
      parseMissing(said.message) !== undefined ||
      /image|secret|configmap|couldn't find key/i.test(said.message.slice(0, 40));
    const failure = isOther && !/run as root/.test(said.message) ? undefined : parseStartFailure(said.message);
    return failure === undefined ? [] : [{ said, failure }];
  });
}

const byStatus = (facts: Facts): Hypothesis[] =>
  groupBy(told(facts), ({ said }) => JSON.stringify(facts.top(said.about))).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subject = facts.top(first.said.about);
    const rollout = recentRollout(facts, subject);
    return finding({
      category: 'container_start_error_bad_command',
      subject,
      description: withLimit(
        `the container cannot start: ${first.failure.words}: ${first.said.message.slice(0, 300)}${rollout === undefined ? '' : ` (after ${inWords(rollout)})`}`,
        first.said.message,
      ),
      weight: 0.95,
      evidence: group.flatMap(({ said }) => said.evidence),
      affects: group.map(({ said }) => said.about),
      recommendations: rollBack(rollout, subject),
    });
  });

/** Codes with which a shell or loader says that there was nothing to run. */
const startCodes = new Set([126, 127, 128]);

/** The kernel's word of the program itself; a shell says as much of any that it calls. */
const unfit = /^exec \/\S{1,200}: permission denied$|\bexec user process caused.{0,20}: permission denied$/i;

/**
 * A log that ends with the word of the kernel or the loader that there is no program to run. A shell says as much to any program
 * that calls a command, so its word counts where nobody else spoke.
 */
function endsUnstarted({ script, statements }: ProgramWords): boolean {
  if (script === undefined || script.statement.level === 'info') return false;
  const { why } = script.fault;
  if (why === 'no_command') return statements.every(({ text }) => parseScriptFault(text)?.why === why);
  const isUnfit = why === 'not_executable' && unfit.test(script.statement.text);
  return (why === 'wrong_platform' || why === 'no_program' || isUnfit) && script.statement === statements.at(-1);
}

function isStart({ ended, waiting }: Container, code: number | undefined, words: ProgramWords | undefined): boolean {
  const isUnstarted = words !== undefined && endsUnstarted(words);
  // A table of pods shows a crash loop, or an end, without an exit code.
  if (code === undefined) return (waiting?.reason === 'CrashLoopBackOff' || ended.some(hasFailed)) && isUnstarted;
  const why = words?.script?.fault.why;
  const isRefused = why === 'wrong_platform' || why === 'not_executable' || (why === 'no_program' && isUnstarted);
  return startCodes.has(code) || (isRefused && code !== 0);
}

function byExit(facts: Facts, container: Container): Hypothesis[] {
  const code = container.ended.find(({ exit_code }) => exit_code !== undefined)?.exit_code;
  const words = programWords(facts, container);
  const fault = words?.script?.fault;
  if (!isStart(container, code, words) || facts.health(container.pod).state === 'healthy') return [];
  const subject = brokenBy(facts, container.pod);
  // A job's script that calls what is not there did start: that is the script's fault.
  if (isBatch(subject) && words?.script !== undefined) return [];
  const rollout = recentRollout(facts, subject);
  return [
    finding({
      category: 'container_start_error_bad_command',
      subject,
      description: `${containerInWords(container)} ends${endInWords(code)}: ${fault?.words ?? 'its command cannot be run'}`,
      weight: words === undefined ? 0.85 : 0.92,
      evidence: [...citeObject(container.pod, 'terminated.exitCode'), ...(words?.evidence ?? [])],
      affects: [subjectOf(container.pod)],
      recommendations: rollBack(rollout, subject),
    }),
  ];
}

/** The log of a container that nothing else shows, where it says that there was nothing to run. */
function byLogAlone(facts: Facts, log: BundleLog): Hypothesis[] {
  const pod = { kind: 'Pod', namespace: log.namespace, name: log.pod };
  const subject = facts.top(pod);
  const words = facts.graph.find(pod) === undefined && !isBatch(subject) ? loggedWords(facts, [log]) : undefined;
  const known = facts.graph.find(subject);
  const isWell = known !== undefined && facts.health(known).state === 'healthy';
  if (words?.script === undefined || !endsUnstarted(words) || isWell) return [];
  return [
    finding({
      category: 'container_start_error_bad_command',
      subject,
      description: `its log ends with: ${words.script.statement.text.slice(0, 300)}: ${words.script.fault.words}`,
      weight: 0.78,
      evidence: words.evidence,
      affects: [pod],
    }),
  ];
}

/** Containers that cannot start: command, entry point, hook, user or permission of the start is wrong. */
export const startFailure: Rule = (facts) => {
  const direct = byStatus(facts);
  const indirect = [
    ...facts.containers.flatMap((container) => byExit(facts, container)),
    ...facts.bundle.logs.flatMap((log) => byLogAlone(facts, log)),
  ];
  const isNew = (hypothesis: Hypothesis, index: number) =>
    ![...direct, ...indirect.slice(0, index)].some(({ subject }) => isSame(subject, hypothesis.subject));
  return [...direct, ...indirect.filter(isNew)];
};
