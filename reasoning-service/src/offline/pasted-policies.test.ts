import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db-only-from-api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: orders-db}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: api}}
    ports: [{port: 5432}]
`;
const pods = (caller: string, header = '', labels = (_: string) => '') => `$ kubectl get pods -n shop
NAME   READY   STATUS   RESTARTS   AGE${header}
${caller}-6c9d8b7f5d-x2k4p   0/1   CrashLoopBackOff   5 (1m ago)   24m${labels(caller)}
orders-db-0   1/1   Running   0   10d${labels('orders-db')}
`;
const wide = (caller: string) =>
  pods(
    caller,
    '   IP   NODE   NOMINATED NODE   READINESS GATES   LABELS',
    (app) => `   10.244.1.${app.length}   n1   <none>   <none>   app=${app}`,
  );
const services = `$ kubectl get svc -n shop
NAME        TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE
orders-db   ClusterIP   10.96.3.4    <none>        5432/TCP   10d
`;
const slices = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: orders-db-abc, namespace: shop, labels: {kubernetes.io/service-name: orders-db}}
addressType: IPv4
endpoints:
- addresses: [10.244.1.9]
  targetRef: {kind: Pod, name: orders-db-0, namespace: shop}
ports: [{port: 5432}]
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: report, namespace: shop}
spec:
  selector: {matchLabels: {app: report}}
  template:
    metadata: {labels: {app: report}}
    spec: {containers: [{name: app, image: x}]}
`;
const byAddress = 'ERROR dial tcp 10.96.3.4:5432: i/o timeout\n';
const bySlice = 'ERROR dial tcp 10.244.1.9:5432: i/o timeout\n';
const byName = 'ERROR could not connect to orders-db.shop.svc:5432: connection timed out\n';
const byPod =
  'psycopg2.OperationalError: connection to server at "orders-db-0.orders-db.shop.svc.cluster.local" (10.244.1.9), port 5432 failed: Connection timed out\n';

const about = (caller: string, line: string, texts: Record<string, string>) => {
  const found = pasted({ 'policy.yaml': policy, [`shop_${caller}-6c9d8b7f5d-x2k4p_app_previous.log`]: line, ...texts });
  return `${inShort(found)}, cause ${found.root_cause.subject.kind}`;
};

describe('a call that a policy swallows', () => {
  it.each([
    ['the address of a Service', byAddress, { 'pods.txt': wide('report'), 'svc.txt': services }],
    ['the name of a Service', byName, { 'pods.txt': wide('report'), 'svc.txt': services }],
    ['the name of a Service that is not there', byName, { 'pods.txt': wide('report') }],
    ['the name of a pod', byPod, { 'pods.txt': wide('report') }],
    ['the address of a pod', bySlice, { 'pods.txt': wide('report') }],
    ['the address of an endpoint', bySlice, { 'pods.txt': pods('report'), 'slices.yaml': slices }],
    [
      'an address, and one slice that serves its port',
      byAddress,
      { 'pods.txt': wide('report'), 'slices.yaml': slices },
    ],
    ['a Service and pods without labels', byAddress, { 'pods.txt': pods('report'), 'svc.txt': services }],
    ['a Service, and only the manifest of the caller', byAddress, { 'app.yaml': deployment, 'svc.txt': services }],
  ])('is seen by %s', (_, line, texts) => {
    expect(about('report', line, texts)).toBe('network_policy_block Deployment shop/report, cause NetworkPolicy');
  });

  it.each([
    ['that it lets in', byAddress, { 'pods.txt': wide('api'), 'svc.txt': services }],
    ['that it lets in, by its name alone', byAddress, { 'pods.txt': pods('api'), 'svc.txt': services }],
    ['that it lets in, by a slice', byAddress, { 'pods.txt': wide('api'), 'slices.yaml': slices }],
  ])('is not held against a policy %s', (_, line, texts) => {
    expect(about('api', line, texts)).toMatch(/^dependency_unreachable Deployment shop\/api/);
  });

  it('is an answer of somebody when it is refused', () => {
    const refused = 'ERROR dial tcp 10.96.3.4:5432: connect: connection refused\n';
    expect(about('report', refused, { 'pods.txt': wide('report'), 'svc.txt': services })).toMatch(
      /^dependency_unreachable /,
    );
  });
});

describe('the log of a run that has ended', () => {
  it('speaks for itself when nothing else was pasted, with doubt', () => {
    const found = pasted({ 'shop_api-6c9d8b7f5d-x2k4p_app_previous.log': byName });
    expect(inShort(found)).toBe('dependency_unreachable Deployment shop/api');
    expect(found.confidence).toBeLessThan(0.75);
  });
});

describe('a call by a name beside an address that nobody has, where only tables tell the pods', () => {
  const log = {
    'shop_report-6c9d8b7f5d-x2k4p_app.log': [1, 2, 3]
      .map((at) => `2026-11-20T10:14:0${at}Z error: redis://orders-db.shop.svc:5432 connect ETIMEDOUT 10.96.3.4:5432`)
      .join('\n'),
  };
  const running = (caller: string) => wide(caller).replace('0/1   CrashLoopBackOff   5 (1m ago)', '1/1   Running   0');
  const described = (from: string) => `$ kubectl describe netpol -n shop
Name:         db-only
Namespace:    shop
Created on:   2026-11-19 10:00:00 +0000 UTC
Labels:       <none>
Annotations:  <none>
Spec:
  PodSelector:     app=orders-db
  Allowing ingress traffic:
    To Port: 5432/TCP
    From:
      PodSelector: ${from}
  Not affecting egress traffic
  Policy Types: Ingress
`;
  const row = `$ kubectl get netpol -n shop
NAME      POD-SELECTOR    AGE
db-only   app=orders-db   1d
`;
  const found = (policyText: string) => pasted({ 'netpol.txt': policyText, 'pods.txt': running('report'), ...log });

  it.each([
    ['a manifest', policy],
    ['a description', described('app in (api,web)')],
  ])('is held against %s', (_, text) => {
    expect(inShort(found(text))).toBe('network_policy_block Deployment shop/report');
    expect(found(text).evidence.map(({ quote }) => quote)).toContain('spec.podSelector.matchLabels.app: orders-db');
  });

  it('is let through by a description that names its labels', () => {
    expect(inShort(found(described('app in (api,report)')))).toBe('dependency_unreachable Deployment shop/report');
  });

  it('is held with doubt against a row, which does not tell whom the policy lets through', () => {
    const answer = found(row);
    expect([inShort(answer), answer.confidence < 0.9]).toEqual(['network_policy_block Deployment shop/report', true]);
    expect(answer.root_cause.description).toContain('which a table does not show');
    const other = found(row.replaceAll('app=orders-db', 'app=ledger-db'));
    expect(inShort(other)).toBe('dependency_unreachable Deployment shop/report');
  });
});
