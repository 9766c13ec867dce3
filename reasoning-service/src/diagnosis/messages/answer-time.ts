import { isProbe, statusIn } from './answered-requests.ts';
import type { Statement } from './log-line.ts';

/** Letters behind which no request and no figure of it is looked for. */
const MOST = 1_000;

const NAMES = 'duration|latency|elapsed|took|took_time|request_time|response_time|upstream_response_time|rt|urt';
/** A figure in a field; a server that tells none of its unit means seconds where it calls it the time of a request. */
const inField = new RegExp(
  `\\b(${NAMES})(_?ms|_?s|_?seconds|Ms|Millis|_?millis)?["']?[=: ]{1,3}["']?(\\d{1,7}(?:\\.\\d{1,9})?) ?(ms|s|sec|seconds|m?µs|us)?\\b`,
  'i',
);
const ofSeconds = /^(?:request_time|response_time|upstream_response_time|u?rt)$/i;
/** A figure behind the status, with its unit; or at the very end of a line, as servers add the seconds to their usual fields. */
const withUnit = /\b[1-5]\d\d\b.{0,80}?[\s|(]{1,4}(\d{1,7}(?:\.\d{1,9})?) ?(ms|s|sec|seconds)\b/;
const atEnd = /" [1-5]\d\d \d{1,12} .{0,400}\s(\d{1,5}\.\d{3})$/;

const inSeconds = (value: string, unit: string): number =>
  Number(value) / (/^_?m(?:s|illis)/i.test(unit) ? 1_000 : /^(?:µs|us)/i.test(unit) ? 1e6 : 1);

/** How many seconds the answer took that a line of a log of requests tells of; undefined where it does not say. */
function answerSeconds(whole: string): number | undefined {
  const line = whole.slice(0, MOST);
  const [, name = '', suffix = '', value, unit = suffix] = inField.exec(line) ?? [];
  if (value !== undefined && (unit !== '' || ofSeconds.test(name))) return inSeconds(value, unit);
  const [, figure, own = ''] = withUnit.exec(line) ?? [];
  if (figure !== undefined) return inSeconds(figure, own);
  const end = atEnd.exec(line)?.[1];
  return end === undefined ? undefined : Number(end);
}

/** Whoever asks to be told of what happens waits for it. */
const waits =
  /\/(?:[\w-]{1,40}[/-])?(?:events?|stream\w{0,4}|sse|ws|websocket|socket\.io|poll\w{0,4}|watch|subscribe|notifications?|export|upload|download)\b|[?&](?:watch|wait|follow|timeout)=|\btext\/event-stream\b/i;

/** The answered requests of a log that tell how long they took, with that. */
export const timedAnswers = (all: readonly Statement[]): { one: Statement; took: number }[] =>
  all.flatMap((one) => {
    if (statusIn(one.line) === undefined || isProbe(one.line) || waits.test(one.line.slice(0, MOST))) return [];
    const took = answerSeconds(one.line);
    return took === undefined ? [] : [{ one, took }];
  });
