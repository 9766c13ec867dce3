import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const events = (...rows: string[]) =>
  `NAMESPACE   LAST SEEN   TYPE      REASON     OBJECT   MESSAGE\n${rows.join('\n')}\n`;

describe('a crash loop of which only events tell', () => {
  const pod = 'billing-api-6c9d8b7f5d-x2k4p';
  const table = events(
    `payments   2m   Warning   BackOff   pod/${pod}   Back-off restarting failed container api in pod ${pod}_payments(0f0c0a3e)`,
  );

  it('leaves the cause open and names the log that would tell it', () => {
    const found = pasted({ 'events.txt': table });
    expect([found.status, inShort(found)]).toEqual(['abstained', 'unknown Deployment payments/billing-api']);
    expect(found.missing_evidence[0]).toBe(
      `what container api of Pod payments/${pod} said before it ended: kubectl logs ${pod} -n payments -c api --previous --tail=400`,
    );
  });

  it('is explained by the log beside them', () => {
    const log = 'INFO starting\nERROR required key DATABASE_URL missing value\n';
    const found = pasted({ 'events.txt': table, [`payments_${pod}_api_previous.log`]: log });
    expect(inShort(found)).toBe('missing_env_var Deployment payments/billing-api');
    expect(found.evidence.map(({ quote }) => quote)).toContain('ERROR required key DATABASE_URL missing value');
  });

  it('says nothing of a pod that a whole listing does not have any more', () => {
    const pods = `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\npayments   billing-api-7c9d8b7f5d-x2k4p   1/1   Running   0   3m\n`;
    expect(allInShort(pasted({ 'events.txt': table, 'pods.txt': pods }))[0]).toMatch(/^no_incident /);
  });
});

describe('a crash loop whose log names no cause that is known', () => {
  const name = 'owls-6c9d8b7f5d-x2k4p';
  const pods = `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nnest   ${name}   0/1   CrashLoopBackOff   7 (2m ago)   12m\n`;
  const told = (...lines: string[]) =>
    pasted({ 'pods.txt': pods, [`nest_${name}_app_previous.log`]: `${lines.join('\n')}\n` });

  it('is a fault of the program for sure only where nothing else was said', () => {
    expect(told('ERROR egg is null')).toMatchObject({ category: 'crash_loop_app_error', status: 'answered' });
    expect(told('ERROR egg is null').confidence).toBeGreaterThan(0.9);
    expect(told('ERROR the owl was refused at the gate', 'ERROR egg is null').confidence).toBeLessThanOrEqual(0.7);
  });
  it('is the last to be sure of, since any client may have words that nobody has heard yet', () => {
    expect(told('ERROR egg is null').confidence).toBeLessThan(told('ERROR no such host').confidence);
    expect(told('ERROR nest 3: no answer from the owl server', 'ERROR Application run failed').confidence).toBeLessThan(
      0.7,
    );
  });
  it('is told less surely where the log has only the head of a report', () => {
    expect(told('ERROR Application run failed').confidence).toBeLessThan(told('ERROR egg is null').confidence);
  });
  it('is told by what the report says whose head is empty', () => {
    const report = [
      '2026-11-20 07:15:02 ERROR 1 --- [main] o.Reporter   : ',
      '',
      'NO START',
      '',
      'The twigs are away.',
    ];
    expect(told(...report).root_cause.description).toContain('its log says: The twigs are away.');
  });
});

describe('a young pod that has ended several times', () => {
  const pods = `NAMESPACE   NAME    READY   STATUS   RESTARTS      AGE\npayments    api-0   0/1     Error    4 (97s ago)   2m44s\n`;

  it('is broken and not on its way', () => {
    expect(inShort(pasted({ 'pods.txt': pods, 'payments_api-0_api.log': 'panic: no rates\n' }))).toBe(
      'crash_loop_app_error StatefulSet payments/api',
    );
  });

  it('is judged by the log that is there, not by the excuse for the one that is not', () => {
    const logs = {
      'payments_api-0_api.log': 'exec /start/api: exec format error\n',
      'payments_api-0_api_previous.log': 'unable to retrieve container logs for containerd://d50f08e3ca85\n',
    };
    expect(inShort(pasted({ 'pods.txt': pods, ...logs }))).toBe(
      'container_start_error_bad_command StatefulSet payments/api',
    );
  });
});

const described = (containers: string) => `Name:             billing-api-6c9d8b7f5d-x2k4p
Namespace:        payments
Status:           Running
Controlled By:    ReplicaSet/billing-api-6c9d8b7f5d
Containers:
${containers}
Conditions:
  Type              Status
  Ready             False
`;
const container = (name: string, reason: string, code: number) => `  ${name}:
    Image:          registry.local/${name}:1.2
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       ${reason}
      Exit Code:    ${code}
      Finished:     Fri, 20 Nov 2026 10:11:04 +0000
    Ready:          False
    Restart Count:  7
    Limits:
      memory:  64Mi`;

describe('containers that end', () => {
  it('are no fault of the program by an exit code alone', () => {
    const found = pasted({ 'describe.txt': described(container('api', 'Error', 1)) });
    expect([found.status, found.missing_evidence[0]]).toEqual([
      'abstained',
      'what container api of Pod payments/billing-api-6c9d8b7f5d-x2k4p said before it ended: kubectl logs billing-api-6c9d8b7f5d-x2k4p -n payments -c api --previous --tail=400',
    ]);
  });

  it('are told of each, where two of one pod were killed for memory', () => {
    const both = `${container('api', 'OOMKilled', 137)}\n${container('exporter', 'OOMKilled', 137)}`;
    const found = pasted({ 'describe.txt': described(both) });
    expect(allInShort(found)).toEqual(['oom_killed Deployment payments/billing-api']);
    expect(found.root_cause.description).toBe(
      'container api was killed for memory at its limit of 64Mi; container exporter was killed for memory at its limit of 64Mi',
    );
    expect(found.evidence.map(({ quote }) => quote)).toEqual([
      'status.containerStatuses[0].lastState.terminated.reason: OOMKilled',
      'status.containerStatuses[1].lastState.terminated.reason: OOMKilled',
    ]);
  });

  it('are told of each, where two of one pod crash', () => {
    const texts = {
      'describe.txt': described(`${container('api', 'Error', 1)}\n${container('exporter', 'Error', 2)}`),
      'payments_billing-api-6c9d8b7f5d-x2k4p_api_previous.log': 'panic: bad weight of parcel\n',
      'payments_billing-api-6c9d8b7f5d-x2k4p_exporter_previous.log': 'panic: bad scrape interval\n',
    };
    const [{ description }] = [pasted(texts).root_cause];
    expect(description).toContain('container api keeps ending with exit code 1; its log says: panic: bad weight');
    expect(description).toContain('container exporter keeps ending with exit code 2; its log says: panic: bad scrape');
  });

  it('have no names in a table of pods, and get none', () => {
    const row = `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nshop   cart-5b8c9d7f4d-x2x9k   1/2   OOMKilled   7 (2m ago)   12m\n`;
    const found = pasted({ 'pods.txt': row, 'cart.log': 'ERROR out of cheese\n' });
    expect(inShort(found)).toBe('oom_killed Deployment shop/cart');
    expect(JSON.stringify(found)).not.toMatch(/container-\d/);
  });
});

describe('a drain that a budget holds', () => {
  const drain = (pod: string) => `$ kubectl drain node-7 --ignore-daemonsets
node/node-7 cordoned
evicting pod shop/${pod}
error when evicting pods/"${pod}" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
`;
  const budgets = `NAMESPACE   NAME     MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE
shop        web      1               N/A               2                     200d
shop        zk-pdb   N/A             1                 0                     200d
`;

  it.each([
    ['zookeeper-1', 'StatefulSet shop/zookeeper'],
    ['cart-5b8c9d7f4d-x2x9k', 'Deployment shop/cart'],
    // Names that somebody changed by hand are not made of the letters of Kubernetes.
    ['cart-7d9f8c6b5-abcde', 'Deployment shop/cart'],
    ['toolbox', 'Pod shop/toolbox'],
  ])('is about what runs pod %s', (pod, subject) => {
    const found = pasted({ 'drain.txt': drain(pod), 'budgets.txt': budgets });
    expect(inShort(found)).toBe(`pdb_blocks_eviction ${subject}`);
    expect(found.root_cause.subject).toMatchObject({ kind: 'PodDisruptionBudget', name: 'zk-pdb' });
  });

  it('does not take the pods of a namespace for those of a budget whose selector is not told', () => {
    const pods = `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nshop   cart-5b8c9d7f4d-x2x9k   1/1   Running   0   12d\nshop   zookeeper-0   1/1   Running   0   12d\nshop   zookeeper-1   1/1   Running   0   12d\n`;
    const found = pasted({ 'drain.txt': drain('zookeeper-1'), 'budgets.txt': budgets, 'pods.txt': pods });
    expect(inShort(found)).toBe('pdb_blocks_eviction StatefulSet shop/zookeeper');
  });

  it('does not take a static pod for one of a stateful set', () => {
    const table = events(
      `kube-system   1m   Warning   Unhealthy   pod/etcd-master-1   Liveness probe failed: HTTP probe failed with statuscode: 503`,
    );
    expect(JSON.stringify(pasted({ 'events.txt': table }))).not.toContain('StatefulSet');
  });
});

describe('a pod that is up for the moment', () => {
  const row = (restarts: string, age = '3h') =>
    `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nmedia   encoder-0   1/1   Running   ${restarts}   ${age}\n`;

  it.each(['57 (40s ago)', '4 (2m11s ago)'])('and ended a moment ago once more is not well: %s', (restarts) => {
    const found = pasted({ 'pods.txt': row(restarts) });
    expect([found.status, inShort(found)]).toEqual(['abstained', 'unknown StatefulSet media/encoder']);
    expect(found.missing_evidence[0]).toBe(
      'what Pod media/encoder-0 said before it ended: kubectl logs encoder-0 -n media --all-containers --previous',
    );
    expect(found.evidence[0]?.quote).toContain('containerStatuses[0].restartCount: ');
  });

  it.each([
    ['ended often, but long ago', '57 (12d ago)', '90d'],
    ['took two tries to start', '2 (5m ago)', '6m'],
    ['never ended', '0', '90d'],
  ])('and %s is well', (_, restarts, age) => {
    expect(pasted({ 'pods.txt': row(restarts, age) }).category).toBe('no_incident');
  });

  it('is told with the container that ends, not with the one beside it', () => {
    const text = row('9 (30s ago)').replace('1/1', '2/2');
    expect(pasted({ 'pods.txt': text }).evidence[0]?.quote).toBe('status.containerStatuses[1].restartCount: 9');
  });
});

describe('what is answered in place of a log', () => {
  const rows = `NAMESPACE   NAME    READY   STATUS             RESTARTS      AGE\npayments    api-0   0/1     CrashLoopBackOff   4 (97s ago)   9m\n`;
  it.each([
    'unable to retrieve container logs for containerd://d50f08e3ca85',
    'Error from server: Get "https://10.9.8.7:10250/containerLogs/payments/api-0/api?previous=true": dial tcp 10.9.8.7:10250: i/o timeout',
    'Error from server (BadRequest): previous terminated container "api" in pod "api-0" not found',
    'Error from server (Forbidden): pods "api-0" is forbidden: User "kim" cannot get resource "pods/log" in API group "" in the namespace "payments"',
    'Error from server (NotFound): the server could not find the requested resource ( pods/log api-0)',
    'error: a container name must be specified for pod api-0, choose one of: [api proxy]',
  ])('is not what the program said: %s', (line) => {
    const found = pasted({ 'pods.txt': rows, 'payments_api-0_api_previous.log': `${line}\n` });
    expect(inShort(found)).toBe('unknown StatefulSet payments/api');
    expect(found.root_cause.description).toContain(`could not be read (${line}`);
  });

  it('stands above a log that was read', () => {
    const log = 'Defaulted container "api" out of: api, proxy\nFATAL no tariff for zone 9\n';
    const found = pasted({ 'pods.txt': rows, 'payments_api-0_api_previous.log': log });
    expect(found.root_cause.description).toContain('its log says: FATAL no tariff for zone 9');
  });

  it('is something else where a program itself calls the API', () => {
    const log =
      'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:payments:api" cannot list resource "pods" in API group "" in the namespace "payments"\n';
    expect(inShort(pasted({ 'pods.txt': rows, 'payments_api-0_api_previous.log': log }))).toBe(
      'rbac_forbidden StatefulSet payments/api',
    );
  });
});
