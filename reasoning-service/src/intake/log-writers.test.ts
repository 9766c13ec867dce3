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

  it.each([
    ['orders.log', 'orders-66c8d7f9b5-7b2lv'],
    ['logs/bills.log', 'bills-58d9c7b6f4-zt7rn'],
    ['bills.error.log', 'bills-58d9c7b6f4-zt7rn'],
    ['shop-bills-previous.log', 'bills-58d9c7b6f4-zt7rn before'],
    ['deploy-bills.txt', 'bills-58d9c7b6f4-zt7rn'],
    ['bills/stderr.log', 'bills-58d9c7b6f4-zt7rn'],
    ['db.log', 'db-0'],
    ['kube-proxy.log', 'kube-proxy-2tzqk'],
  ])('is of the workload that it is called after: %s', (file, writer) => {
    expect(writerIn(file)).toBe(writer);
  });

  it('is of the replica in trouble where the name tells no more than the workload', () => {
    const broken = `${table}shop        bills-58d9c7b6f4-xk2lp     0/1     CrashLoopBackOff   4 (10s ago)   23m\n`;
    expect(writerIn('bills.log', broken)).toBe('bills-58d9c7b6f4-xk2lp');
  });

  it.each(['bills-api.log', 'old-bills.log', 'bills_redis.log', 'bills/redis.log', 'billing.log'])(
    'is not of a workload whose name is only part of what it is called: %s',
    (file) => {
      expect(writerIn(file)).not.toContain('bills-');
    },
  );

  it('stays with its file where two namespaces have a workload called so, unless the name tells which', () => {
    const both = `${table}mall        bills-58d9c7b6f4-q8qwz     1/1     Running            0             23m\n`;
    expect(writerIn('bills.log', both)).toBe('bills.log (file)');
    expect(writerIn('mall_bills.log', both)).toBe('bills-58d9c7b6f4-q8qwz');
    expect(logsOf('mall/bills.log', both)[0]).toMatchObject({ namespace: 'mall' });
  });

  it('is of a workload of which no pod is there, whatever else begins like it', () => {
    const of = (kind: string, name: string) => ({
      ...{ apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1', kind, metadata: { name, namespace: 'shop' }, spec: {} },
    });
    const items = [of('Deployment', 'mail'), of('Pod', 'mail-api-58d9c7b6f4-zt7rn')];
    expect(logsOf('mail.log', JSON.stringify({ kind: 'List', apiVersion: 'v1', items }))[0]).toMatchObject({
      ...{ namespace: 'shop', pod: 'deployment/mail' },
    });
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

describe('a log in a file that is called after a pod of which only events tell', () => {
  const events = `NAMESPACE  LAST SEEN  TYPE     REASON                OBJECT                  MESSAGE
dairy      39m        Normal   SuccessfulCreate      job/churn-29384640      Created pod: churn-29384640-c7xqk
dairy      20m        Normal   SuccessfulCreate      replicaset/milk-6d8f7c9b5  Created pod: milk-6d8f7c9b5-q2w4r
dairy      38m        Warning  BackOff               pod/press-7c9d8f6b5-zz9xk  Back-off restarting failed container
dairy      38m        Warning  Failed                job/churn-29384640      Created pod: fake-29384640-c7xqk
`;
  it.each([
    ['churn-29384640-c7xqk.log', 'churn-29384640-c7xqk'],
    ['milk-6d8f7c9b5-q2w4r_previous.log', 'milk-6d8f7c9b5-q2w4r before'],
    ['logs/press-7c9d8f6b5-zz9xk.txt', 'press-7c9d8f6b5-zz9xk'],
    ['churn-29384640-54rsd.log', 'churn-29384640-54rsd.log (file)'],
    ['fake-29384640-c7xqk.log', 'fake-29384640-c7xqk.log (file)'],
  ])('%s', (file, writer) => {
    expect(writerIn(file, events)).toBe(writer);
    expect(logsOf(file, events)[0]?.namespace).toBe('dairy');
  });
});
