import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callLatencyAt, latencyAt, requestsAt, type Traffic, workloadsIn } from './traffic.ts';

type Labels = Record<string, string>;
type Row = { metric: Labels; at: (time: number) => number };

const P95_TO_MEAN = 2;
const MOST_POINTS = 11_000;

const named = (side: 'source' | 'destination', workload: string): Labels => {
  const [namespace = '', name = ''] = workload.split('/');
  return { [`${side}_workload_namespace`]: namespace, [`${side}_workload`]: name };
};

/** What a query of Istio's standard metrics is after; undefined for everything else, which this mesh does not measure. */
function asked(query: string): 'requests' | 'errors' | 'mean' | 'p95' | undefined {
  if (query.includes('istio_request_duration_milliseconds'))
    return query.startsWith('histogram_quantile') ? 'p95' : 'mean';
  if (!query.includes('istio_requests_total')) return undefined;
  return query.includes('response_code') ? 'errors' : 'requests';
}

function rowsFor(query: string, traffic: Traffic): Row[] {
  const what = asked(query);
  if (what === undefined) return [];
  if (!query.includes('source_workload')) {
    const value = (workload: string, time: number) => {
      if (what === 'errors') return 0;
      if (what === 'requests') return requestsAt(traffic, workload, time);
      return latencyAt(traffic, workload, time) * (what === 'p95' ? P95_TO_MEAN : 1);
    };
    return workloadsIn(traffic).map((workload) => ({
      metric: named('destination', workload),
      at: (time) => value(workload, time),
    }));
  }
  const sees = query.includes('reporter="source"') ? callLatencyAt : latencyAt;
  return traffic.calls.map(({ caller, callee, share }) => ({
    metric: { ...named('source', caller), ...named('destination', callee) },
    at: (time) => (what === 'requests' ? share * requestsAt(traffic, caller, time) : sees(traffic, callee, time)),
  }));
}

type Span = { start: number; end: number; step: number };

function matrix(rows: readonly Row[], { start, end, step }: Span) {
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => start + at * step);
  return rows.map(({ metric, at }) => ({ metric, values: times.map((time) => [time, String(at(time * 1000))]) }));
}

type Outcome = { code: number; body: object };
const refused = (error: string, code = 400): Outcome => ({
  code,
  body: { status: 'error', errorType: 'bad_data', error },
});

function answer(url: URL, traffic: Traffic): Outcome {
  if (url.pathname !== '/api/v1/query_range') return refused('only /api/v1/query_range is simulated', 404);
  const read = (name: string) => Number(url.searchParams.get(name) ?? Number.NaN);
  const span = { start: read('start'), end: read('end'), step: read('step') };
  const points = (span.end - span.start) / span.step;
  if (!(points >= 0 && points <= MOST_POINTS)) return refused('start, end or step is no usable time');
  const result = matrix(rowsFor(url.searchParams.get('query') ?? '', traffic), span);
  return { code: 200, body: { status: 'success', data: { resultType: 'matrix', result } } };
}

/** A Prometheus that has scraped a small mesh for ever: range queries of Istio's standard metrics, computed when asked. */
export async function startPrometheus(traffic: Traffic, port = 0): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const url = URL.parse(incoming.url ?? '/', 'http://prometheus');
    const { code, body } = url === null ? refused('the address cannot be read') : answer(url, traffic);
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
