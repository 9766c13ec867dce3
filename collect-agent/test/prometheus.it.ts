import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@aetherius/shared/service';
import { debianProgram, describeUnless, eventually } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { asObject } from '../src/evidence/bundle-items.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { samplesOf } from '../src/metrics/prometheus.ts';
import { type PrometheusQuery, queries } from '../src/metrics/queries.ts';
import { aDeployment, aPod, aReplicaSet, factsOf } from './objects.ts';

const prometheus = await debianProgram('prometheus');
const [program, missing] = 'path' in prometheus ? [prometheus.path] : ['', prometheus.missing];
const withPrometheus = describeUnless(missing);

const facts = factsOf(
  aDeployment(),
  aReplicaSet(),
  aPod({ metadata: { name: 'cart-5d9c-a', uid: 'u-a' } }),
  aDeployment({ metadata: { name: 'front', uid: 'u-front' } }),
);
const istio = (reporter: string): string =>
  `reporter="${reporter}",source_workload_namespace="shop",source_workload="front",destination_workload_namespace="shop",destination_workload="cart"`;
const pod = 'namespace="shop",pod="cart-5d9c-a"';

/** Counters of two workloads after so many seconds: ten requests a second, one of them failing, 50 ms each. */
function exposition(seconds: number): string {
  const count = 10 * seconds;
  const took = (name: string, labels: string, unit: number): string[] => [
    `${name}_bucket{${labels},le="${0.1 * unit}"} ${count}`,
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${count * 0.05 * unit}`,
    `${name}_count{${labels}} ${count}`,
  ];
  return [
    ...['source', 'destination'].flatMap((reporter) => [
      `istio_requests_total{${istio(reporter)},response_code="200"} ${count * 0.9}`,
      `istio_requests_total{${istio(reporter)},response_code="503"} ${count * 0.1}`,
      ...took('istio_request_duration_milliseconds', istio(reporter), 1_000),
    ]),
    `http_requests_total{${pod},code="200"} ${count}`,
    ...took('http_request_duration_seconds', pod, 1),
    `container_cpu_usage_seconds_total{${pod},container="app"} ${seconds * 0.2}`,
    `container_memory_working_set_bytes{${pod},container="app"} 1048576`,
    '',
  ].join('\n');
}

/** Writes what the server is to scrape, and gives the flags that point at it. */
function settings(folder: string, target: string): string[] {
  const file = join(folder, 'prometheus.yml');
  writeFileSync(
    file,
    `global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: mesh\n    honor_labels: true\n    static_configs: [{targets: ["${target}"]}]\n`,
  );
  return [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`];
}

withPrometheus('a real Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-prometheus-'));
  const began = Date.now();
  const exporter = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(exposition((Date.now() - began) / 1_000));
  });
  let server: ReturnType<typeof spawn>;
  let client: KubeClient;

  beforeAll(async () => {
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    const port = await freePort();
    const flags = [...settings(folder, target), `--web.listen-address=127.0.0.1:${port}`];
    server = spawn(program, flags, { stdio: 'ignore' });
    client = createKubeClient({ server: `http://127.0.0.1:${port}` });
  });
  afterAll(async () => {
    client.stop();
    server.kill('SIGKILL');
    await new Promise((resolve) => exporter.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (query: string) => {
    const now = Math.floor(Date.now() / 1_000);
    return asObject(await client.get('/api/v1/query_range', { query, start: now - 1, end: now, step: 1 }));
  };

  const latest = async (query: PrometheusQuery): Promise<[string, number][]> =>
    samplesOf(query, await ask(query.query), facts).map(({ series, points }) => [
      `${query.about.kind} ${series.name}`,
      points.at(-1)?.[1] ?? Number.NaN,
    ]);

  it('understands every query, and its answers are what was served', async () => {
    await eventually(
      async () => {
        const found = new Map((await Promise.all(queries.map(latest))).flat());
        // The counters are younger than the window of the rates, so these are only right beside one another.
        const rate = found.get('workload requests_per_second') ?? Number.NaN;
        expect(rate).toBeGreaterThan(0);
        const near = (key: string, value: number) =>
          expect([key, (found.get(key) ?? 0) / value]).toEqual([key, expect.closeTo(1, 1)]);
        near('workload error_ratio', 0.1);
        near('workload latency_mean_ms', 50);
        near('workload latency_p95_ms', 95);
        near('call requests_per_second', rate);
        near('call caller_latency_mean_ms', 50);
        near('call callee_latency_mean_ms', 50);
        near('pod requests_per_second', rate);
        near('pod latency_mean_ms', 50);
        near('pod cpu_seconds_per_second', rate / 50);
        near('pod memory_working_set_bytes', 1_048_576);
      },
      { within: 60_000 },
    );
  }, 90_000);
});
