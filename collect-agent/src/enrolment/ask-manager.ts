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
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
});

/** Asks the manager to be let in, on plain node:http as all else here; what it refuses comes back with its own code. */
export async function askManager(url: string, request: EnrolmentRequest): Promise<Enrolment> {
  const { status, text } = await post(new URL(`${url.replace(/\/+$/, '')}/api/v1/enroll`), JSON.stringify(request));
  if (status === 200) {
    const answer = Enrolment.safeParse(json(text));
    if (answer.success) return answer.data;
    throw errors.unavailable({ url, reason: `the answer is no enrolment: ${z.prettifyError(answer.error)}` });
  }
  const problem = Problem.safeParse(json(text));
  if (!problem.success) throw errors.unavailable({ url, status, answer: text.slice(0, 200) });
  const { code, title, errors: fields } = problem.data;
  throw new AetheriusError({ code, title, status, retryable: status >= 500 || status === 429 }, { url, fields });
}

function post(url: URL, body: string): Promise<{ status: number; text: string }> {
  const { request } = url.protocol === 'https:' ? https : http;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const signal = AbortSignal.timeout(ANSWER_MS);
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => {
      const why = certificateProblem(cause, { variable: 'ENROL_URL' }) ?? { reason: cause.message || cause.name };
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
