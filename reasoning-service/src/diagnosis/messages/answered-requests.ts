import type { Statement } from './log-line.ts';

const METHOD = '(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)';
/** A request with the status behind it, as access logs and the loggers of frameworks write it. */
const behindRequest = new RegExp(
  `\\b${METHOD} (?:https?://[\\w.:-]{1,253})?/[^\\s"]{0,800}(?: HTTP/\\d(?:\\.\\d)?)?\\\\?"?[\\s,:>=-]{1,4}(?:(?:status|code|returned|responded|completed)[=: ]{1,2})?([1-5]\\d\\d)\\b`,
);
/** The status before the request, between bars; and that of a request that a line before has named. */
const betweenBars = new RegExp(`\\|\\s*([1-5]\\d\\d)\\s*\\|.{0,120}\\b${METHOD}\\b`);
const completed = /\bCompleted ([1-5]\d\d) [A-Z]\w+ .{0,40}\bin \d/;
/** The status in a field of its own; what stands in the value of another field was chosen by whoever asked. */
const inField =
  /(?:^|[\s{,(])"?(?:http[._]?)?(?:status(?:_?code)?|response_?(?:code|status))"?[=:] ?"?([1-5]\d\d)\b(?![.\d])/i;
const ofRequest = new RegExp(
  `(?:^|[\\s{,(])"?(?:http[._]?)?(?:path|url|uri|route|method|request(?:_?uri)?|req)"?[=:]|\\b${METHOD}\\b`,
  'i',
);

/** The status with which a line tells that a request was answered; undefined for any other line. */
export function statusIn(line: string): number | undefined {
  const found =
    behindRequest.exec(line) ??
    betweenBars.exec(line) ??
    completed.exec(line) ??
    (ofRequest.test(line) ? inField.exec(line) : null);
  return found === null ? undefined : Number(found[1]);
}

/** Whoever only asks how a program fares tells nothing of how those fare that use it. */
const probe =
  /kube-probe\/|HealthChecker|\bPrometheus\/|\/(?:[\w-]{1,40}\/)?(?:health\w{0,6}|livez?|liveness|ready|readyz|readiness|metrics|ping)\b/i;
export const isProbe = (line: string): boolean => probe.test(line) && statusIn(line) !== undefined;
const FAILED = 500;

export type Answers = { failed: readonly Statement[]; count: number };

/** What a log tells of the later half of the requests that it names: those that the server failed, and how many were answered. */
export function lateAnswers(statements: readonly Statement[]): Answers {
  // Most logs have no such line, and are passed over by this alone.
  if (!statements.some(({ line }) => /\b5\d\d\b/.test(line))) return { failed: [], count: 0 };
  const answers = statements.flatMap((one) => {
    const status = statusIn(one.line);
    return status === undefined || (status < FAILED && probe.test(one.line)) ? [] : { one, status };
  });
  const late = answers.slice(Math.floor(answers.length / 2));
  return { failed: late.filter(({ status }) => status >= FAILED).map(({ one }) => one), count: late.length };
}
