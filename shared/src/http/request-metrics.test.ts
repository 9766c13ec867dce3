import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { Registry } from '../metrics/index.ts';
import { type Listening, listen } from './listen.ts';
import { observeRequests } from './request-metrics.ts';

describe('observeRequests', () => {
  const metrics = new Registry();
  let server: Listening;
  beforeAll(async () => {
    const app = express();
    app.use(observeRequests(metrics));
    app.get('/things/:id', (_request, response) => void response.json({}));
    app.get('/stream', (_request, response) => void response.set('content-type', 'text/event-stream').end());
    server = await listen(app, 0, '127.0.0.1');
  });
  afterAll(() => server.stop());

  it('names the route and never the path, so that nobody can make labels', async () => {
    for (const path of ['/things/1', '/things/2', '/stream', '/no/such/thing', '/neither'])
      await (await fetch(`http://127.0.0.1:${server.port}${path}`)).text();
    const text = await metrics.metrics();
    expect(text).toContain('http_requests_total{method="GET",route="/things/:id",status="200"} 2');
    expect(text).toContain('http_requests_total{method="GET",route="none",status="404"} 2');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/things/:id",status="200"} 2');
  });

  it('counts a stream and does not time it', async () => {
    const text = await metrics.metrics();
    expect(text).toContain('http_requests_total{method="GET",route="/stream",status="200"} 1');
    expect(text).not.toContain('http_request_duration_seconds_count{method="GET",route="/stream"');
  });
});
