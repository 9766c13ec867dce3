import { type Route, route } from '@aetherius/shared/http';
import { LARGE_BODY_BYTES } from '../large-body.ts';
import { analyze } from './analyze.ts';
import { fromRequest, MetricsQuestion } from './request.ts';
import { RootCauses, toWire } from './wire.ts';

/** Root causes over metrics and a call graph, for people and tools. */
export const rootCauseRoutes = (): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/analyze/metrics',
    summary: 'Which entity broke, from metrics, calls and logs before and after an onset',
    role: 'viewer',
    request: { body: MetricsQuestion },
    bodyLimit: LARGE_BODY_BYTES,
    response: RootCauses,
    handler: async ({ body }) => {
      const { known, question } = fromRequest(body);
      return toWire(analyze(known, question), question.target ?? null);
    },
  }),
];
