import type { NextFunction, Request, Response } from 'express';
import { Counter, Histogram, type Registry } from 'prom-client';

/** A path that no route answers must not become a label of its own: anybody could make any number of them. */
const UNKNOWN = 'none';

/** Counts and times requests under the names that dashboards of such services use everywhere; streams are open for hours and only counted. */
export function observeRequests(metrics: Registry): (request: Request, response: Response, next: NextFunction) => void {
  const labelNames = ['method', 'route', 'status'] as const;
  const total = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered',
    labelNames,
    registers: [metrics],
  });
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames,
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  return (request, response, next) => {
    const started = performance.now();
    response.once('finish', () => {
      const route: unknown = request.route?.path;
      const labels = {
        method: request.method,
        route: typeof route === 'string' ? route : UNKNOWN,
        status: String(response.statusCode),
      };
      total.inc(labels);
      if (!String(response.getHeader('content-type')).startsWith('text/event-stream'))
        seconds.observe(labels, (performance.now() - started) / 1000);
    });
    next();
  };
}
