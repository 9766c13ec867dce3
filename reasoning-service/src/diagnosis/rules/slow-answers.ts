import type { Rule } from '../hypothesis.ts';
import { timedAnswers } from '../messages/answer-time.ts';
import { finding } from '../said.ts';
import { cite } from './running-log.ts';

/** So many requests are no accident, and nobody who asks expects to wait so long. */
const OFTEN = 3;
const SLOW_SECONDS = 3;
/** Requests at the end of a log by which it is judged. */
const MOST = 200;

/** Programs whose logs tell that they answer everybody late, well or not: where one is served at once, the others asked for much. */
export const slowAnswers: Rule = (facts) =>
  facts.bundle.logs.flatMap((log) => {
    if (log.previous) return [];
    const timed = timedAnswers(facts.statements(log)).slice(-MOST);
    const fastest = Math.min(...timed.map(({ took }) => took));
    if (timed.length < OFTEN || fastest < SLOW_SECONDS) return [];
    const pod = { kind: 'Pod', namespace: log.namespace, name: log.pod };
    return [
      finding({
        category: 'latency_high',
        subject: facts.top(pod),
        description: `it answers slowly: of the last ${timed.length} requests in its log that tell how long they took none was answered within ${Number(fastest.toPrecision(2))} s; nothing in the evidence says why`,
        weight: 0.72,
        evidence: cite(
          log,
          timed.slice(-2).map(({ one }) => one),
        ),
        affects: [pod],
      }),
    ];
  });
