import { anyOf } from './any-of.ts';

/** How runners of tests tell that one has passed, or that all of a file have. */
const passed = anyOf(
  /^\s*[✓✔√] /,
  /^\s*ok \d{1,6}(?: |$)/,
  /^\s*--- PASS: |^PASS(?:\s|$)/,
  /^test \S{1,300} \.\.\. ok$/,
  /^\S{1,300}::\S{1,300} PASSED\b/,
  /^\[ +OK \] /,
);
const failed = anyOf(
  // Of whom else a cross tells, what follows is his own failure.
  /^\s*[✕✗✘×] .{1,300}\(\d{1,6}(?:\.\d{1,3})? ?m?s\)$/,
  /^\s*not ok \d{1,6}(?: |$)/,
  /^\s*--- FAIL: |^FAIL(?:\s|$)/,
  /^test \S{1,300} \.\.\. FAILED$/,
  /^(?:FAILED \S{1,300}::|\S{1,300}::\S{1,300} FAILED\b)/,
  /^\[ +FAILED +\] /,
);
/** How they end where none has failed. */
const allPassed = anyOf(
  /^(?:\[INFO\] )?Tests run: [1-9]\d{0,6}, Failures: 0, Errors: 0\b/,
  /^\s*Tests:? +(?:\d{1,6} (?:skipped|todo), ){0,2}[1-9]\d{0,6} passed(?:, \d{1,6} total| \(\d{1,6}\))/,
  /^[#ℹ] fail 0$/,
  /^test result: ok\. \d{1,6} passed; 0 failed\b/,
  /^=+ (?:\d{1,6} (?:skipped|deselected|xfailed|xpassed|warnings?), ){0,5}[1-9]\d{0,6} passed\b(?!.{0,80}\b(?:failed|errors?)\b).{0,120} in [\d.]+s/,
  /^[1-9]\d{0,6} examples?, 0 failures\b/,
  /^\s*[1-9]\d{0,6} passing \(\d{1,6}m?s\)$/,
  /^\[ +PASSED +\] [1-9]\d{0,6} tests?\./,
  /^ok\s+\S{1,300}\s+(?:\d[\d.]{0,10}s|\(cached\))/,
);
const someFailed =
  /^\s*[1-9]\d{0,6} failing\b|^(?:\[\w+\] )?Tests run: .{0,40}(?:Failures|Errors): [1-9]|^[#ℹ] fail [1-9]|^\s*Tests:? .{0,60}\b[1-9]\d{0,6} failed|^=+ .{0,60}\b[1-9]\d{0,6} (?:failed|errors?)\b|^test result: FAILED|\bexamples?, [1-9]\d{0,6} failures?\b/;

/** Whether a line tells that tests passed; whatever their names say, nothing is wrong. */
export const isPassedTest = (line: string): boolean => passed.test(line) || allPassed.test(line);
/** Whether a line tells that a test failed; its name is no word about the surroundings of a program. */
export const isFailedTest = (line: string): boolean => failed.test(line);

/** What a program logs has a time, and what a test only quotes has none. */
const timed = /\d\d:\d\d:\d\d/;

/** The lines of a log without what a run of tests without a failure prints above its count. */
export function withoutPassedRun(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => allPassed.test(line));
  if (at <= 0 || lines.some((line) => someFailed.test(line) || failed.test(line))) return lines;
  return lines.filter((line, index) => index >= at || timed.test(line));
}
