import { type BundleLog, FIRST_LOG_LINES } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import type { Container, Facts } from './facts.ts';
import { citeObject } from './facts.ts';
import { isComplaint, isManual, type Statement, statementsOf } from './messages/log-line.ts';
import { type Cause, firstCause, firstComplaint, quoteOf } from './messages/log-signature.ts';
import { parseScriptFault, type ScriptFault } from './messages/program-end.ts';
import { lastUncaught } from './messages/uncaught.ts';

const QUOTE = 500;
const MOST_TERMINATION = 8_000;

/** What a container's program said before it ended, or says now. */
export type ProgramWords = {
  cause: Cause | undefined;
  script: { fault: ScriptFault; statement: Statement } | undefined;
  complaint: Statement | undefined;
  statements: readonly Statement[];
  evidence: Evidence[];
};

/** The last words of a program, before it told how it is to be called. */
function lastSaid(statements: readonly Statement[]): Statement | undefined {
  const manual = statements.findIndex(isManual);
  return statements[manual - 1] ?? statements.at(-1);
}

function wordsIn(facts: Facts, log: BundleLog): ProgramWords {
  const statements = facts.statements(log);
  const cause = firstCause(statements);
  const faulty = statements
    .map((statement) => ({ statement, fault: parseScriptFault(statement.text) }))
    .find((one): one is { statement: Statement; fault: ScriptFault } => one.fault !== undefined);
  const complaint = firstComplaint(statements) ?? lastSaid(statements);
  const cited = cause?.statement ?? faulty?.statement ?? complaint;
  // What a program ends of beside what it complained of first, where nothing says that one is the other's cause.
  const end = cause === undefined && faulty === undefined ? lastUncaught(statements) : undefined;
  const evidence = [...new Set([cited, end])]
    .filter((one) => one !== undefined)
    .map((one) => ({ id: log.id, quote: quoteOf(one).slice(0, QUOTE) }));
  return { cause, script: faulty, complaint, statements, evidence };
}

/** The words that kubelet kept of a container's end, when it kept any. */
function terminationWords({ pod, ended }: Container): ProgramWords | undefined {
  const message = ended.find((end) => end.message !== '')?.message;
  if (message === undefined) return undefined;
  const statements = statementsOf(message.slice(0, MOST_TERMINATION).split('\n'));
  const cause = firstCause(statements);
  const first = cause?.statement ?? firstComplaint(statements) ?? statements[0];
  if (first === undefined) return undefined;
  const fault = parseScriptFault(first.text);
  return {
    cause,
    script: fault === undefined ? undefined : { fault, statement: first },
    complaint: first,
    statements,
    evidence: citeObject(pod, (message.split('\n')[0] ?? '').slice(0, 200)),
  };
}

/** What each log says that says anything: the kubelet's excuse for a log that is gone must not hide the log of the other run. */
const saying = (facts: Facts, logs: readonly BundleLog[]): ProgramWords[] =>
  logs.map((log) => wordsIn(facts, log)).filter(({ statements }) => statements.length > 0);

/** What the log of a pod says that is not in the evidence itself: the first that names a cause, else the first. */
export function loggedWords(facts: Facts, logs: readonly BundleLog[]): ProgramWords | undefined {
  const all = saying(facts, logs);
  return all.find(({ cause, script }) => cause !== undefined || script !== undefined) ?? all[0];
}

/** The telling log of a container: of the run that ended before the one that runs, and one that names a cause before one that does not. */
export function programWords(facts: Facts, container: Container): ProgramWords | undefined {
  const own = facts.logsOf(container.pod, container.name);
  const logs = own.length > 0 ? own : facts.logsOf(container.pod);
  const all = [...saying(facts, logs), terminationWords(container)].filter((words) => words !== undefined);
  return all.find(({ cause }) => cause !== undefined) ?? all[0];
}

/** Whether the logs leave open why a container ended: there are none, or only the end of one is there and complains of nothing. */
export function saysNothing(facts: Facts, container: Container): boolean {
  const words = programWords(facts, container);
  if (words === undefined) return true;
  const logs = facts.logsOf(container.pod, container.name);
  const isEndOnly = logs.length > 0 && logs.every(({ lines }) => lines.length >= FIRST_LOG_LINES);
  return isEndOnly && words.cause === undefined && !words.statements.some(isComplaint);
}
