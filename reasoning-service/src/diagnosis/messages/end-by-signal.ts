import { isComplaint, type Statement } from './log-line.ts';

/** How a program says that it was told to end. */
const stops =
  /\b(?:received|caught|got|handling)\b.{0,30}\b(?:SIG(?:TERM|INT|QUIT)|signal)\b|\bSIG(?:TERM|INT|QUIT)\b.{0,20}\breceived\b|\bshutting down\b|\bcommencing graceful shutdown\b/i;
/** A line of its own about one more try is no sign that the try before went well. */
const triesAgain =
  /\bre-?(?:try|trying|tries|connecting)\b|\btry(?:ing)? again\b|\bwaiting (?:for|until)\b|\battempt\b/i;

/** What a program said before it was told to end: after that its own end breaks connections. */
export function beforeStop(statements: readonly Statement[]): readonly Statement[] {
  const at = statements.findIndex((one) => !isComplaint(one) && stops.test(one.text));
  return at === -1 ? statements : statements.slice(0, at);
}

const isCalm = (one: Statement): boolean => !isComplaint(one) && one.level !== 'warn' && !triesAgain.test(one.text);

/** Whether a log complains of something up to its end: who goes on about other things as often as it complained has got over it. */
export function saysToTheEnd(statements: readonly Statement[], said: readonly Statement[]): boolean {
  const last = said.at(-1);
  return last !== undefined && statements.slice(statements.lastIndexOf(last) + 1).filter(isCalm).length < said.length;
}
