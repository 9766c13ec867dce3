import { type Route, route } from '@aetherius/shared/http';
import type { Clock } from '@aetherius/shared/service';
import { refuseUnmeasured, timesIn } from '../given-times.ts';
import { LARGE_BODY_BYTES } from '../large-body.ts';
import { ObserveRequest, ObserveResponse, observationsOf } from './observation.ts';
import type { Observer } from './observer.ts';

/** Points of metrics over REST; what is unusual in them goes out as a message as well. */
export const detectionRoutes = ({ observer, clock }: { observer: Observer; clock: Clock }): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/detect/observe',
    summary: 'Observe new points of series and say what is unusual in them',
    role: 'responder',
    request: { body: ObserveRequest },
    bodyLimit: LARGE_BODY_BYTES,
    response: ObserveResponse,
    handler: async ({ body }) => {
      const { series, workloads } = body;
      refuseUnmeasured([...timesIn('series', series), ...timesIn('workloads', workloads)], clock.now());
      return { watched: await observer.observe(observationsOf(body)) };
    },
  }),
];
