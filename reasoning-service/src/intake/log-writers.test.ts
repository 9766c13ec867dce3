import { describe, expect, it } from '@jest/globals';
import { assemble } from './assemble.ts';
import { joined } from './reading.ts';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';
const table = `NAMESPACE   NAME                       READY   STATUS             RESTARTS      AGE
shop        orders-66c8d7f9b5-7b2lv    0/1     CrashLoopBackOff   9 (10s ago)   23m
shop        bills-58d9c7b6f4-zt7rn     1/1     Running            0             23m
shop        bills-58d9c7b6f4-m4kxw     1/1     Running            0             23m
shop        db-0                       1/1     Running            0             23m
kube-system kube-proxy-2tzqk           1/1     Running            0             23m
`;

const logsOf = (name: string, pods = table) => {
  const sources = [
    { name: 'pods.txt', text: pods },
    { name, text: '2026-01-02T03:04:00Z ERROR no\n' },
  ];
  return assemble(joined(sources.map((source) => recognise(source, at))), at).logs;
};
const writerIn = (name: string, pods?: string): string =>
  logsOf(name, pods)
    .map(({ pod, previous }) => `${pod}${previous ? ' before' : ''}`)
    .join();

describe('a log in a file that is called after a pod', () => {
  it.each([
    ['bills-58d9c7b6f4-zt7rn.log', 'bills-58d9c7b6f4-zt7rn'],
    ['logs/bills-58d9c7b6f4-zt7rn.log', 'bills-58d9c7b6f4-zt7rn'],
    ['bills-58d9c7b6f4-zt7rn/app.log', 'bills-58d9c7b6f4-zt7rn'],
    ['bills-58d9c7b6f4-zt7rn_c.log', 'bills-58d9c7b6f4-zt7rn'],
    ['bills-58d9c7b6f4-zt7rn-app.log', 'bills-58d9c7b6f4-zt7rn'],
    ['shop-bills-58d9c7b6f4-zt7rn.log', 'bills-58d9c7b6f4-zt7rn'],
    ['pod-bills-58d9c7b6f4-zt7rn.txt', 'bills-58d9c7b6f4-zt7rn'],
    ['bills-58d9c7b6f4-zt7rn-previous.log', 'bills-58d9c7b6f4-zt7rn before'],
    ['bills-58d9c7b6f4-zt7rn_app_previous.log', 'bills-58d9c7b6f4-zt7rn before'],
    ['kube-proxy-2tzqk.log', 'kube-proxy-2tzqk'],
    ['db-0.log.1', 'db-0'],
    ['shop-db-0.log', 'db-0'],
    ['pod-db-0-previous.log', 'db-0 before'],
    ['db-0_postgres.log', 'db-0'],
  ])('is of that pod, however the others fare: %s', (file, writer) => {
    expect(writerIn(file)).toBe(writer);
  });

  it.each([
    'other-7d9f8c6b5d-zz9xk.log',
    'logs/other-7d9f8c6b5d-zz9xk.txt',
    'shop-other-7d9f8c6b5d-zz9xk_app.log',
    'other-7d9f8c6b5d-zz9xk/app.log',
    'node-exporter-x7k2p.log',
    'cache-3.log',
    'cache-0-previous.log',
    'shop_cache-0.log',
    'bills-db-0.log',
  ])('is not of the pod in trouble where no such pod is there: %s', (file) => {
    expect(writerIn(file)).toBe(`${file} (file)`);
  });

  it.each([
    'app.log',
    'out-2026-01-02.log',
    'app.log.1',
    'log-2.txt',
    'logs/error.log',
    'http-500.log',
    'errors-404.log',
  ])('is of the one in trouble where the name tells none: %s', (file) => {
    expect(writerIn(file)).toBe('orders-66c8d7f9b5-7b2lv');
  });

  it('is of the one whose namespace the name tells where two are called alike', () => {
    const both = `${table}mall        db-0                       1/1     Running            0             23m\n`;
    expect(logsOf('mall/db-0.log', both)[0]).toMatchObject({ namespace: 'mall', pod: 'db-0' });
    expect(logsOf('shop_db-0.log', both)[0]).toMatchObject({ namespace: 'shop', pod: 'db-0' });
    expect(writerIn('db-0.log', both)).toBe('db-0.log (file)');
  });

  it('takes the container from the name where the pod has it', () => {
    const spec = { containers: [{ name: 'app' }, { name: 'proxy' }] };
    const pod = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db-0', namespace: 'shop' }, spec });
    const containers = ['db-0-proxy.log', 'db-0_proxy.log', 'db-0_stderr.log'].map(
      (file) => logsOf(file, pod)[0]?.container,
    );
    expect(containers).toEqual(['proxy', 'proxy', 'app']);
  });
});
