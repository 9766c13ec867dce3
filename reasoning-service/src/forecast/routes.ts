import { type Route, route } from '@aetherius/shared/http';
import type { Clock } from '@aetherius/shared/service';
import { PredictionRequest, PredictionResult, predict } from './prediction.ts';
import { RightSize, RightSizeRequest, rightSize } from './right-size.ts';

/** What will break, and what size would fit, computed from the history in the question. */
export const forecastRoutes = ({ clock }: { clock: Clock }): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/analyze/predict',
    summary: 'What reaches its limit within a time window, with band and past accuracy',
    role: 'viewer',
    request: { body: PredictionRequest },
    response: PredictionResult,
    handler: async ({ body }) => predict(body, clock.now()),
  }),
  route({
    method: 'post',
    path: '/api/v1/analyze/right-size',
    summary: 'Requests and limits that fit the usage of a container',
    role: 'viewer',
    request: { body: RightSizeRequest },
    response: RightSize,
    handler: async ({ body }) => rightSize(body),
  }),
];
