import { seconds } from '@aetherius/shared/contracts';
import { type Route, route } from '@aetherius/shared/http';
import type { Db } from '@aetherius/shared/postgres';
import { type Clock, newId } from '@aetherius/shared/service';
import { z } from 'zod';
import { refuseUnmeasured, timesOf } from '../given-times.ts';
import { LARGE_BODY_BYTES } from '../large-body.ts';
import type { LearningStore } from '../learning/learning-store.ts';
import { storedResources, storedUsage } from '../metrics/forecasting/of-object.ts';
import { PredictionRequest, PredictionResult, predict, refuseFuture } from './prediction.ts';
import { RightSize, RightSizeRequest, rightSize, unset } from './right-size.ts';

/** What will break, and what size would fit, computed from the history in the question or the stored series of an object. */
export const forecastRoutes = ({
  db,
  clock,
  learning,
}: {
  db: Db;
  clock: Clock;
  learning: Pick<LearningStore, 'forecast'>;
}): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/analyze/predict',
    summary: 'What reaches its limit within a time window, with band and past accuracy',
    role: 'viewer',
    request: { body: PredictionRequest },
    bodyLimit: LARGE_BODY_BYTES,
    response: PredictionResult.extend({
      request_id: z.string().meta({ description: 'What a mark of the kind prediction_accuracy names' }),
    }),
    handler: async ({ body }) => {
      refuseFuture(body, clock.now());
      const { cluster_id: cluster, object, time_window, request_id = newId() } = body;
      const stored = object === undefined ? [] : await storedResources(db, { cluster, object }, seconds(time_window));
      const result = predict(body, clock.now(), stored);
      if (result.status === 'answered') await learning.forecast(request_id, clock.now().toISOString());
      return { request_id, ...result };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/analyze/right-size',
    summary: 'Requests and limits that fit the usage of a container, or of the pods of an object',
    role: 'viewer',
    request: { body: RightSizeRequest },
    response: RightSize,
    handler: async ({ body }) => {
      const { cluster_id: cluster, object, cpu, memory } = body;
      for (const [part, used] of Object.entries({ cpu, memory }))
        if (used !== undefined) refuseUnmeasured(timesOf(part, used), clock.now());
      if (cluster === undefined || object === undefined) return rightSize(body);
      const used = await storedUsage(db, { cluster, object });
      return rightSize({
        cpu: { current: cpu?.current ?? unset, points: used.cpu },
        memory: { current: memory?.current ?? unset, points: used.memory },
      });
    },
  }),
];
