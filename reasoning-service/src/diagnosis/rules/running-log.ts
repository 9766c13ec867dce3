import type { BundleLog, BundleObject } from '@aetherius/shared/contracts';
import { createTemplates } from '../../logs/templates.ts';
import { dependencyAt } from '../dependency.ts';
import type { Evidence } from '../evidence.ts';
import { brokenBy, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { isComplaint, type Statement } from '../messages/log-line.ts';
import { type Cause, causeIn } from '../messages/log-signature.ts';
import { unsettled } from '../messages/survived.ts';
import { finding, groupBy } from '../said.ts';
import { isBatch, isCrashing } from './crash.ts';

/** So many complaints make a sign of a program that runs; one that is not ready needs only one. */
const OFTEN = 3;
/** Complaints that all lie before this share of the log are over. */
const OVER_BEFORE = 0.5;

const cite = (log: BundleLog, statements: readonly Statement[]): Evidence[] =>
  statements.slice(0, 2).map(({ line }) => ({ id: log.id, quote: line.slice(0, 500) }));

/** Statements of one template say the same. */
function sayingTheSame(statements: readonly Statement[]): Statement[][] {
  const templates = createTemplates();
  return [...Map.groupBy(statements, ({ text }) => templates.learn(text)).values()];
}

const lasts = (statements: readonly Statement[], said: readonly Statement[]): boolean => {
  const last = said.at(-1);
  return last !== undefined && statements.lastIndexOf(last) >= statements.length * OVER_BEFORE;
};

type Ground = { facts: Facts; log: BundleLog; pod: BundleObject | undefined; isHealthy: boolean };

const causesOf = ({ facts, log }: Ground): Cause[] =>
  unsettled(facts.statements(log))
    .filter(({ level }) => level !== 'info')
    .map(causeIn)
    .filter((cause) => cause !== undefined);

const subjectBehind = ({ facts, log, pod }: Ground) =>
  pod === undefined ? facts.top({ kind: 'Pod', namespace: log.namespace, name: log.pod }) : brokenBy(facts, pod);

const aboutPod = ({ log, pod }: Ground) =>
  pod === undefined ? { kind: 'Pod', namespace: log.namespace, name: log.pod } : subjectOf(pod);

/** A cause that a running program names again and again. */
function namedCause(ground: Ground): Hypothesis[] {
  const { facts, log, isHealthy } = ground;
  const statements = facts.statements(log);
  const groups = groupBy(causesOf(ground), ({ category }) => category).filter((causes) => {
    const said = causes.map(({ statement }) => statement);
    const isGrave = said.some(({ level }) => level !== 'warn');
    return isHealthy ? said.length >= OFTEN && lasts(statements, said) : isGrave || said.length >= OFTEN;
  });
  return groups.flatMap((causes) => {
    const [first] = causes;
    if (first === undefined) return [];
    const target = dependencyAt(facts, first.target, log.namespace);
    return finding({
      category: first.category,
      subject: subjectBehind(ground),
      ...(target === undefined ? {} : { cause: target }),
      description: `${first.description}: its log says ${causes.length === 1 ? 'once' : `${causes.length} times`}: ${first.statement.text.slice(0, 200)}`,
      weight: causes.length >= OFTEN ? 0.9 : 0.78,
      evidence: cite(
        log,
        causes.map(({ statement }) => statement),
      ),
      affects: [aboutPod(ground)],
    });
  });
}

/** Errors that repeat and name no cause that is known. */
function repeatedErrors(ground: Ground): Hypothesis[] {
  const { facts, log, pod } = ground;
  const statements = facts.statements(log);
  const errors = unsettled(statements).filter((one) => isComplaint(one) && causeIn(one) === undefined);
  const most = sayingTheSame(errors).sort((a, b) => b.length - a.length)[0] ?? [];
  const said = most.length >= OFTEN ? most : errors.length >= OFTEN * 2 ? errors : [];
  const [first] = said;
  if (first === undefined || !lasts(statements, said)) return [];
  return [
    finding({
      category: 'log_error_signature',
      subject: subjectBehind(ground),
      description: `it runs, but its log repeats: ${first.text.slice(0, 300)} (${said.length} times)`,
      weight: 0.82,
      evidence: [...cite(log, said), ...(pod === undefined ? [] : citeObject(pod, 'running'))],
      affects: [aboutPod(ground)],
    }),
  ];
}

function trouble(facts: Facts, log: BundleLog): Hypothesis[] {
  const pod = facts.graph.find({ kind: 'Pod', namespace: log.namespace, name: log.pod });
  const own = facts.containers.filter((container) => container.pod === pod);
  if (log.previous || own.some((container) => isCrashing(facts, container))) return [];
  const ground: Ground = { facts, log, pod, isHealthy: pod !== undefined && facts.health(pod).state === 'healthy' };
  if (isBatch(subjectBehind(ground)) && !ground.isHealthy) return [];
  return [...namedCause(ground), ...repeatedErrors(ground)];
}

/** What programs that run complain of. */
export const runningLog: Rule = (facts) => facts.bundle.logs.flatMap((log) => trouble(facts, log));
