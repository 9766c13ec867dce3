import type { BundleLog, Category } from '@aetherius/shared/contracts';
import { brokenBy, type Container, citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { inWords, recentRollout, rollBack } from '../remedies.ts';

type Signature = { category: Category; pattern: RegExp; words: (match: RegExpExecArray) => string };

/** Last words of a program that name a cause outside the program itself; the first match in the log wins. */
const signatures: readonly Signature[] = [
  {
    category: 'missing_env_var',
    pattern:
      /(?:environment variable|env(?:ironment)? var)\s+["'`]?([A-Z][A-Z0-9_]+)["'`]?\s+(?:is )?(?:not set|missing|required|undefined)|KeyError: '([A-Z][A-Z0-9_]+)'/,
    words: (match) => `the variable ${match[1] ?? match[2]} is not set`,
  },
  {
    category: 'dns_failure',
    pattern: /(?:no such host|could not resolve host|Name or service not known|ENOTFOUND)[: ]*(\S*)/i,
    words: (match) => `a host name does not resolve ${match[1] ?? ''}`.trim(),
  },
  {
    category: 'dependency_unreachable',
    pattern: /(?:dial tcp (\S+): )?(?:connect(?:ion)?:? (?:refused|timed out)|ECONNREFUSED ?(\S*))/i,
    words: (match) => `a dependency refuses the connection ${match[1] ?? match[2] ?? ''}`.trim(),
  },
];

const isCrashing = ({ waiting, ended, restarts }: Container): boolean =>
  waiting?.reason === 'CrashLoopBackOff' ||
  (restarts > 0 && ended.some((end) => end.exit_code !== undefined && end.exit_code !== 0));

const logsOf = (facts: Facts, container: Container): BundleLog[] =>
  facts.bundle.logs
    .filter((log) => log.pod === container.pod.name && log.container === container.name && log.lines.length > 0)
    .sort((a, b) => Number(b.previous) - Number(a.previous));

const complaint = /\b(error|fatal|panic|exception|cannot|failed|invalid|refus)/i;

/** The first line that complains, else the last one: what comes after the first error is mostly its echo. */
function telling(logs: readonly BundleLog[]): { id: string; line: string } | undefined {
  for (const log of logs) {
    const line = log.lines.find((candidate) => complaint.test(candidate)) ?? log.lines.at(-1);
    if (line !== undefined) return { id: log.id, line };
  }
  return undefined;
}

function named(
  logs: readonly BundleLog[],
): { category: Category; words: string; id: string; line: string } | undefined {
  for (const log of logs) {
    for (const line of log.lines) {
      for (const { category, pattern, words } of signatures) {
        const match = pattern.exec(line);
        if (match !== null) return { category, words: words(match), id: log.id, line };
      }
    }
  }
  return undefined;
}

/** A program that keeps ending by itself; its own last words say why. */
export const crashLoop: Rule = (facts) => {
  const container = facts.containers.find(isCrashing);
  if (container === undefined) return undefined;
  const logs = logsOf(facts, container);
  const cause = named(logs);
  const word = cause ?? telling(logs);
  const rollout = recentRollout(facts);
  const subject = brokenBy(facts, container.pod);
  const code = container.ended.find((end) => end.exit_code !== undefined)?.exit_code;
  const says =
    cause?.words ?? (word === undefined ? 'its log says nothing' : `its log says: ${word.line.slice(0, 300)}`);
  return {
    category: cause?.category ?? 'crash_loop_app_error',
    severity: 'critical',
    subject,
    cause: {
      subject,
      description: `container ${container.name} keeps ending with exit code ${code ?? 'unknown'}; ${says}${rollout === undefined ? '' : ` (after ${inWords(rollout)})`}`,
    },
    weight: word === undefined ? 0.7 : 0.9,
    evidence: [
      ...citeObject(
        container.pod,
        container.waiting?.reason === 'CrashLoopBackOff' ? 'waiting.reason: CrashLoopBackOff' : 'terminated.exitCode',
      ),
      ...(word === undefined ? [] : [{ id: word.id, quote: word.line }]),
    ],
    recommendations: rollBack(facts, rollout),
  };
};
