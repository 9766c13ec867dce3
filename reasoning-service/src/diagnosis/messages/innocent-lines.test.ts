import { describe, expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { causeIn } from './log-signature.ts';

const causesOf = (line: string) => statementsOf([line]).map((statement) => causeIn(statement)?.category);

/** What build tools, frameworks and servers say on an ordinary day, or of a fault of their own, in words that faults outside use too. */
const innocent = [
  // Resolving what is no name of a host.
  "System.InvalidOperationException: Unable to resolve service for type 'IFoo' while attempting to activate 'Bar'.",
  'npm ERR! ERESOLVE unable to resolve dependency tree',
  'Failed to resolve import "./App" from "src/main.tsx". Does the file exist?',
  'Module build failed: failed to resolve module main.ts',
  '[Vue warn]: Failed to resolve component: my-button',
  'Unable to resolve path to module ./views/index.js',
  'failed to resolve main.js as an entry point',
  'Unable to resolve symbol: defn in this context',
  'Failed to resolve org.springframework.boot:spring-boot-starter:3.2.0',
  'Failed to resolve reference #/components/schemas/Order',
  'error: failed to resolve patches for `https://github.com/rust-lang/crates.io-index`',
  'Unable to resolve type System.Text.Json',
  // Reaching what is no service.
  'ERROR unable to reach agreement on schema version 14; migration failed',
  'could not reach the end of the file, parsing failed',
  'failed to reach consensus within 3 rounds: vote timed out',
  'workers reach 90% of the limit, autoscaling failed',
  'the job did not reach completion and failed',
  // Settings and their values.
  'connection timeout: 30s',
  'connectionTimeout=30000, idleTimeout=600000',
  'connect timeout set to 5s, read timeout set to 30s',
  'max_connections = 100',
  'invalid option: connection timeout must be positive',
  'LOG:  parameter "max_connections" is 200',
  'slow query log enabled',
  'slow query threshold is 500 ms',
  'deadlock_timeout = 1s',
  'flood stage watermark set to 95%',
  'all required options are set',
  'TLS not configured, serving plain HTTP',
  'CORS is not configured',
  'AssertionError: expected response 503 Service Unavailable to be 200',
  'assert response.status_code == 200, "got 503 Service Unavailable"',
  'Error: expected "disk full" to be ""',
  'HTTP_PROXY is not set',
  'environment variable NO_PROXY not set',
  'TERM environment variable not set.',
  'Missing TLS section in the configuration, falling back to plain text',
  'required settings loaded from /etc/app.yaml',
  'no missing configuration found',
  'split-brain resolver started',
  'split brain protection enabled',
  'urllib3: HTTPConnectionPool size is 10',
  'Error: max retries exceeded for job 17',
  // What went well, or is counted and is none.
  'ERROR count 0, transaction took 3ms',
  'timeout 5s, query took 12 ms',
  'upstream response time 0.012',
  'no network partition detected',
  'events table partitioned from 2024-01',
  'disk full check passed',
  'disk fully initialised',
  'database download complete',
  'cache downloaded in 3 s',
  'queue down to 3 entries',
  'brokers: shutdown complete',
  'loaded serving certificate CN=api NotAfter: 2027-11-10',
  'Generated self-signed certificate for the webhook',
  'using a self-signed certificate',
  'feature flag service unavailable: false',
  'the license server is optional and unavailable: using the cached one',
];

/** The same words where they do tell of a fault outside. */
const telling: [string, string, string?][] = [
  ['dns_failure', 'failed to resolve hostname "db"', 'db'],
  ['dns_failure', 'unable to resolve host address kafka', 'kafka'],
  ['dns_failure', 'Unable to resolve db.shop.svc.cluster.local', 'db.shop.svc.cluster.local'],
  ['dns_failure', "Failed to resolve 'kafka-0:9092'", 'kafka-0:9092'],
  ['dns_failure', 'Failed to resolve redis.shop: retrying', 'redis.shop'],
  ['dependency_unreachable', 'unable to reach http://orders:8080/health: timed out', 'http://orders:8080'],
  ['dependency_unreachable', 'could not reach orders:8080, giving up: check failed', 'orders:8080'],
  ['dependency_unreachable', 'could not reach the database: all attempts failed'],
  ['dependency_unreachable', 'could not reach payments-api: connection refused', 'payments-api'],
  ['dependency_unreachable', 'connection timeout while waiting for the database'],
  ['dependency_unreachable', 'ERROR redis is down'],
  ['dependency_unreachable', 'io.grpc.StatusRuntimeException: UNAVAILABLE: io exception'],
  ['dependency_unreachable', "HTTPSConnectionPool(host='pay.local', port=443): Max retries exceeded", 'pay.local'],
  [
    'dependency_unreachable',
    '{"level":"error","err":{"code":"ECONNREFUSED","address":"10.96.1.2","port":6379},"msg":"connect failed"}',
    '10.96.1.2',
  ],
  ['slow_dependency_db', 'ERROR query took 5210 ms'],
  ['slow_dependency_db', 'ERROR transaction took longer than the limit'],
  ['slow_dependency_db', 'slow query: 812 ms select 1'],
  ['message_broker_partition', 'network partition detected'],
  ['disk_full', 'disk full'],
  ['disk_full', 'flood stage disk watermark [95%] exceeded on node'],
  ['tls_certificate_expired', 'Error: self-signed certificate in certificate chain'],
  ['missing_env_var', 'Missing required option: broker.url', 'broker.url'],
  ['dependency_unreachable', 'health check of orders:8080 expected 200 but got connection refused'],
  ['missing_env_var', 'TLS_CERT is not set', 'TLS_CERT'],
  ['missing_env_var', 'ERROR_TOPIC must be set', 'ERROR_TOPIC'],
];

describe('words that faults outside and everyday lines share', () => {
  it.each(innocent)('names no cause for: %s', (line) => expect(causesOf(line)).toEqual([undefined]));
  it.each(telling)('%s: %s', (category, line, target = '') => {
    const [statement] = statementsOf([line]);
    expect(statement && causeIn(statement)).toMatchObject({ category, ...(target === '' ? {} : { target }) });
  });
});
