import http from 'node:http';
import https from 'node:https';
import { Enrolment, type EnrolmentRequest } from '@aetherius/shared/contracts';
import { AetheriusError, certificateProblem, errors } from '@aetherius/shared/errors';
import { z } from 'zod';

const ANSWER_MS = 15_000;
const LONGEST_ANSWER = 256 * 1024;

const Problem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
});
type Problem = z.infer<typeof Problem>;

const WHERE = 'set ENROL_URL to the agent-manager, whose port is 8080 unless told otherwise';
const AWAY = `start the agent-manager, or ${WHERE}`;
const FRESH =
  'put a fresh token of this cluster into ENROL_TOKEN or the file of ENROL_TOKEN_FILE: POST /api/v1/clusters on the agent-manager makes one';

/** What helps, by what the manager refuses. */
const waysOut: { is: (problem: Problem) => boolean; way_out: string }[] = [
  { is: ({ code }) => code === 'not_found', way_out: WHERE },
  {
    is: ({ code, errors: [first] }) => code === 'enrolment_refused' && first?.field === 'body.at',
    way_out: 'set the clocks of both machines right',
  },
  { is: ({ code }) => code === 'enrolment_refused' || code === 'key_revoked', way_out: FRESH },
];

/** Asks the manager to be let in, on plain node:http as all else here; what it refuses comes back with its own code. */
export async function askManager(url: string, request: EnrolmentRequest): Promise<Enrolment> {
  const { status, text } = await post(new URL(`${url.replace(/\/+$/, '')}/api/v1/enroll`), JSON.stringify(request));
  if (status === 200) {
    const answer = Enrolment.safeParse(json(text));
    if (answer.success) return answer.data;
    const reason = `the answer is no enrolment: ${z.prettifyError(answer.error)}`;
    throw errors.unavailable({ url, reason, way_out: WHERE });
  }
  throw refusal(url, { status, text });
}

function refusal(url: string, { status, text }: { status: number; text: string }): AetheriusError {
  const problem = Problem.safeParse(json(text)).data;
  if (problem === undefined)
    return errors.unavailable({ url, status, answer: text.slice(0, 200), way_out: status >= 500 ? AWAY : WHERE });
  const { code, title, detail, errors: fields } = problem;
  const way_out = waysOut.find(({ is }) => is(problem))?.way_out;
  return new AetheriusError(
    { code, title, status, retryable: status >= 500 || status === 429 },
    {
      url,
      ...(fields.length === 0 ? {} : { fields }),
      // What the manager says of itself has its own way out.
      ...(way_out === undefined ? { detail: detail?.slice(0, 400) } : { way_out }),
    },
  );
}

function post(url: URL, body: string): Promise<{ status: number; text: string }> {
  const { request } = url.protocol === 'https:' ? https : http;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const signal = AbortSignal.timeout(ANSWER_MS);
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => {
      const why = certificateProblem(cause, { variable: 'ENROL_URL' }) ?? {
        reason: cause.message || (cause as NodeJS.ErrnoException).code || cause.name,
        way_out: AWAY,
      };
      reject(errors.unavailable({ url: url.origin, ...why }, { cause }));
    };
    const sent = request(url, { method: 'POST', headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        if (text.length > LONGEST_ANSWER) response.destroy(new Error('the answer is too long'));
      });
      response.on('error', fail);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
