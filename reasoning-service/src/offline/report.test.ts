import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadRemedies } from '../recommendations/load-remedies.ts';
import { createRunbookIndex } from '../runbooks/find-runbooks.ts';
import { bundleOf, findingsIn } from './findings.ts';
import { reportOf } from './report.ts';

const shelf = {
  remedies: loadRemedies(new URL('../../recommendations/', import.meta.url)),
  runbooks: createRunbookIndex([]),
};

/** The report on a text that somebody pasted. */
function told(text: string): string {
  const { bundle, ...read } = bundleOf([{ name: 'paste', text }], '2026-11-20T10:15:00.000Z');
  return bundle === undefined ? JSON.stringify(read.unread) : reportOf(findingsIn({ bundle, ...read, shelf }));
}

const events = (object: string, reason: string, message: string) => `$ kubectl get events -n shop
LAST SEEN   TYPE      REASON   OBJECT   MESSAGE
30s         Warning   ${reason}   ${object}   ${message}
`;
const pod = (status: string, name = 'cart-7d9f8b6c5d-x2x4q') => `$ kubectl get pods -n shop
NAME   READY   STATUS   RESTARTS   AGE
${name}   0/1   ${status}   6 (40s ago)   12m
`;
const crash = (words: string) => `${pod('CrashLoopBackOff')}
$ kubectl logs cart-7d9f8b6c5d-x2x4q -n shop --previous
${words}
`;
const failedCreate = (words: string) =>
  events('replicaset/cart-7d9f8b6c5d', 'FailedCreate', `Error creating: ${words}`);

describe('what would help', () => {
  it('is one list, by rank, of what an agent and what people can do', () => {
    const file = new URL('../../incidents/pasted-quota-of-rollout-tables.json', import.meta.url);
    const { pasted } = JSON.parse(readFileSync(file, 'utf8'));
    const { bundle, ...read } = bundleOf(pasted.texts, pasted.at);
    if (bundle === undefined) throw new Error('nothing of it can be read');
    const findings = findingsIn({ bundle, ...read, shelf });
    const [action] = findings.recommendations;
    const [advice] = findings.advice;
    expect(action?.name).toBe('roll_without_surge');
    expect(advice?.score ?? 0).toBeGreaterThan(action?.score ?? 1);
    const report = reportOf(findings);
    expect(report.indexOf(advice?.title ?? '-')).toBeGreaterThan(0);
    expect(report.indexOf(advice?.title ?? '-')).toBeLessThan(report.indexOf(action?.reason ?? '-'));
  });
});

describe('the command that shows what is needed', () => {
  it.each([
    [
      'the quota',
      failedCreate(
        'pods "cart-7d9f8b6c5d-1" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=5, limited: pods=5',
      ),
      'kubectl describe resourcequota/compute -n shop',
    ],
    [
      'the Service that answers for a webhook, where it is',
      failedCreate(
        'Internal error occurred: failed calling webhook "x.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": no endpoints available for service "istiod"',
      ),
      'kubectl describe service/istiod -n istio-system',
    ],
    [
      'the pod that the scheduler speaks of',
      events('pod/cart-7d9f8b6c5d-x2x4q', 'FailedScheduling', '0/3 nodes are available: 3 Insufficient cpu.'),
      'kubectl describe pod/cart-7d9f8b6c5d-x2x4q -n shop',
    ],
    [
      'the ConfigMaps that are there',
      events(
        'pod/cart-7d9f8b6c5d-x2x4q',
        'FailedMount',
        'MountVolume.SetUp failed for volume "conf" : configmap "cart-conf" not found',
      ),
      'kubectl get configmap -n shop',
    ],
    [
      'the Secrets that are there, without what is in them',
      events('pod/cart-7d9f8b6c5d-x2x4q', 'Failed', 'Error: secret "cart-key" not found'),
      'kubectl get secret -n shop',
    ],
    [
      'the classes that are there',
      events('persistentvolumeclaim/data', 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast-ssd" not found'),
      'kubectl get storageclass',
    ],
    [
      'the budget that the API server names',
      events(
        'pod/kafka-1',
        'EvictionBlocked',
        "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget kafka-pdb needs 3 healthy pods and has 3 currently",
      ),
      'kubectl describe poddisruptionbudget/kafka-pdb -n shop',
    ],
  ])('asks for %s, below what is to be done and before the steps', (_, text, command) => {
    expect(told(text)).toMatch(
      new RegExp(`\\n- [A-Z][^\`\\n]+\\n  - Look first: \`${command.replaceAll('.', '\\.')}\`\\n  - `),
    );
  });

  it('never carries what is no name', () => {
    const text = failedCreate(
      'Internal error occurred: failed calling webhook "x": failed to call webhook: Post "https://a;rm$(x).ns.svc:443/": EOF',
    );
    expect(told(text)).not.toMatch(/`kubectl[^`]*rm/);
  });
});

describe('advice that fits', () => {
  it.each([
    ['panic: runtime error: invalid memory address or nil pointer dereference'],
    ["SyntaxError: expected ':'"],
    ["TypeError: Cannot read properties of undefined (reading 'id')"],
  ])('says of %s that no setting is wrong', (words) => {
    expect(told(crash(words))).toContain('failed in its own code');
    expect(told(crash(words))).not.toContain('Correct the setting');
  });

  it('sends to the setting where the program complains of one', () => {
    const report = told(crash('panic: settings: cannot parse PAYMENT_TIMEOUT: invalid duration "30 seconds"'));
    expect(report).toContain('Correct the setting');
    expect(report).not.toContain('its own code');
  });

  it('names the far end of a path that a policy forbids, not the policy', () => {
    const report = told(`${pod('Running', 'cart-7d9f8b6c5d-x2x4q')}
$ kubectl get netpol -n shop
NAME           POD-SELECTOR   AGE
default-deny   <none>         15m
$ kubectl logs cart-7d9f8b6c5d-x2x4q -n shop
2026-11-20T10:14:00Z ERROR dial tcp redis:6379: i/o timeout
2026-11-20T10:14:10Z ERROR dial tcp redis:6379: i/o timeout
`);
    expect(report).toContain('Allow the path from Deployment shop/cart to redis');
  });

  const resize = (words: string) =>
    told(events('persistentvolumeclaim/data', 'VolumeResizeFailed', `resize volume "pvc-1" failed: ${words}`));

  it('waits where a cloud wants that, and looks at the class where that forbids to grow', () => {
    const waits = resize('VolumeModificationRateExceeded: Wait at least 6 hours between modifications per EBS volume.');
    expect(waits).toContain('Wait until the cloud takes the next change');
    expect(waits).not.toContain('allowVolumeExpansion');
    const never = resize('storageclass "local-path" does not allow volume expansion');
    expect(never).toContain('allowVolumeExpansion');
    expect(never).not.toContain('Wait until');
  });

  it('does not send back to the event that it quotes', () => {
    const report = told(
      events(
        'service/web',
        'SyncLoadBalancerFailed',
        'Error syncing load balancer: could not find any suitable subnets',
      ),
    );
    expect(report).toContain('Tag subnets');
    expect(report).not.toContain('kubectl get events');
  });
});

describe('what was not read', () => {
  const strange = `$ kubectl wait deploy/web -n shop
error: timed out waiting for the condition on deployments/web
`;
  it('stands under the title where no fault is named', () => {
    const report = told(`${pod('Completed')}${strange}`);
    expect(report).toMatch(/^# .*\n\nCould not be read:\n- paste: /);
    expect(report.match(/Could not be read/g)).toHaveLength(1);
  });

  it('stands last beside a fault that is', () => {
    const report = told(`${pod('OOMKilled')}${strange}`);
    expect(report).toMatch(/^# One fault\n\nHealth/);
    expect(report).toMatch(/## What this answer rests on\n\nCould not be read:\n- paste: /);
  });
});

describe('a namespace that nothing names', () => {
  const words = 'Nothing in it names a namespace, so that of kubectl is taken: default.';
  const row = 'NAME     READY   STATUS             RESTARTS   AGE\ncart-0   0/1     ErrImagePull   0          9m\n';

  it('is said to be assumed', () => {
    expect(told(row)).toContain(words);
    expect(told(`$ kubectl get pods\n${row}`)).toContain(words);
  });

  it.each([
    `$ kubectl get pods -n default\n${row}`,
    `$ kubectl get pods -n shop\n${row}`,
    'NAME   STATUS     ROLES    AGE   VERSION\nn1     NotReady   <none>   9d    v1.34.1\n',
  ])('is not where it is told, or where there is none', (text) => {
    expect(told(text)).not.toContain(words);
  });
});

describe('a program that fails in its own code', () => {
  it('is told to correct no setting', () => {
    const panic = "thread 'main' panicked at src/offsets.rs:118:9:\nattempt to add with overflow";
    expect(told(crash(panic))).not.toContain('Correct the setting');
    const assertion = "thread 'main' panicked at src/model.rs:12:5:\nassertion `left == right` failed";
    expect(told(crash(assertion))).not.toContain('Correct the setting');
    expect(told(crash('fatal: config: MAX_OFFSET must be a number'))).toContain('Correct the setting');
  });
});

describe('the evidence', () => {
  it('says of an event whose it is, how often it came and since when', () => {
    const report = told(`$ kubectl get events -n shop
LAST SEEN               TYPE      REASON   OBJECT         MESSAGE
1m (x12 over 10m)       Warning   FailedCreate   replicaset/cart-7d9f8b6c5d   Error creating: pods "cart-1" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=5, limited: pods=5
`);
    expect(report).toContain(
      '(FailedCreate ReplicaSet shop/cart-7d9f8b6c5d, 12 times from 2026-11-20T10:05:00.000Z to 2026-11-20T10:14:00.000Z): Error',
    );
  });

  it('has no severity where nothing is wrong', () => {
    const report = told(
      'NAMESPACE   NAME    READY   STATUS    RESTARTS   AGE\nshop        owl-0   1/1     Running   0          3d\n',
    );
    expect(report).toMatch(/no_incident[\s\S]*\n\nConfidence 0\.\d+\.\n/);
    expect(report).not.toContain('Severity');
  });
});

describe('an event without words', () => {
  it('is quoted by its reason', () => {
    const report = told(`${pod('Pending')}${events('pod/cart-7d9f8b6c5d-x2x4q', 'Odd', '')}`);
    expect(report).not.toMatch(/`event:\d+`[^:]*: *\n/);
    expect(report).toMatch(/`event:\d+` \(.*\): Odd/);
  });

  it('leaves nothing to be shown unsaid', () => {
    expect(told(events('pod/cart-7d9f8b6c5d-x2x4q', 'Odd', ''))).not.toMatch(/what it shows: *\n/);
  });
});

describe('headings', () => {
  it('speaks of no limit that nobody told', () => {
    expect(told(pod('OOMKilled'))).toContain('a container was killed for memory\n');
  });

  it('counts one node as one', () => {
    const text = events('pod/a', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient memory.');
    expect(told(text)).toContain('the one node cannot take the pod: Insufficient memory');
  });

  it('gives no reason for a node where none is told', () => {
    const nodes = `$ kubectl get nodes
NAME   STATUS     ROLES    AGE   VERSION
w-2    NotReady   <none>   91d   v1.31.2
`;
    expect(told(nodes)).toContain('node w-2 is not ready\n');
  });
});

describe('help that fits what is told', () => {
  const asks = events(
    'pod/cart-7d9f8b6c5d-x2x4q',
    'FailedMount',
    'MountVolume.SetUp failed for volume "conf" : configmap references non-existent config key: cart.yaml',
  );
  const mapped = (source: string) => `$ kubectl get pod cart-7d9f8b6c5d-x2x4q -n shop -o yaml
apiVersion: v1
kind: Pod
metadata:
  name: cart-7d9f8b6c5d-x2x4q
  namespace: shop
spec:
  containers:
  - name: cart
    image: cart:1
  volumes:
  - name: conf
    ${source}
status:
  phase: Pending
`;

  it('invents no object behind a volume of which only the name is told', () => {
    const report = told(asks);
    expect(report).toContain('the ConfigMap behind volume conf has no key cart.yaml');
    expect(report).toContain('`kubectl describe pod/cart-7d9f8b6c5d-x2x4q -n shop`');
    expect(report).not.toMatch(/ConfigMap (?:shop\/)?conf\b/);
  });

  it.each([
    ['configMap: {name: cart-settings}'],
    ['projected: {sources: [{secret: {name: keys}}, {configMap: {name: cart-settings}}]}'],
    [
      'projected: {sources: [{configMap: {name: other, items: [{key: a}]}}, {configMap: {name: cart-settings, items: [{key: cart.yaml}]}}]}',
    ],
  ])('names the object that the pod maps: %s', (source) => {
    const report = told(`${asks}\n${mapped(source)}`);
    expect(report).toContain('ConfigMap cart-settings has no key cart.yaml');
    expect(report).toContain('Add the entry that ConfigMap shop/cart-settings lacks');
  });

  it('names none of several that may be meant', () =>
    expect(
      told(`${asks}\n${mapped('projected: {sources: [{configMap: {name: a}}, {configMap: {name: b}}]}')}`),
    ).toContain('the ConfigMap behind volume conf has no key'));

  it('names a class that is not there, with the list of those that are', () => {
    const report = told(
      failedCreate('pods "cart-7d9f8b6c5d-1" is forbidden: no PriorityClass with name top was found'),
    );
    expect(report).toContain('PriorityClass top, which it names, does not exist');
    expect(report).toContain('`kubectl get priorityclass`');
  });

  const pulls = (words: string) =>
    events('pod/cart-7d9f8b6c5d-x2x4q', 'Failed', `Failed to pull image "r.example/cart:2": ${words}`);
  it.each([
    ['not found', 'Correct the reference', 'mirror|cache|get through'],
    [
      'Head "https://r.example/v2/": dial tcp 192.0.2.7:443: i/o timeout',
      'Get the nodes through',
      'Correct the reference',
    ],
    ['http: server gave HTTP response to HTTPS client', 'Give the registry', 'cannot be reached|Correct the reference'],
    ['toomanyrequests: slow down', 'through a mirror', 'Get the nodes through'],
  ])('of an image that fails with %s: %s', (words, offered, not) => {
    expect(told(pulls(words))).toContain(offered);
    expect(told(pulls(words))).not.toMatch(new RegExp(not));
  });

  const pods = (olderAge: string, newerAge: string) => `$ kubectl get pods -n shop
NAME                    READY   STATUS             RESTARTS   AGE
cart-5c8d7b9f66-aaaaa   1/1     Running            0          ${olderAge}
cart-7d9f8b6c5d-x2x4q   0/1     ImagePullBackOff   0          ${newerAge}
`;
  it('offers the way back where pods of the former revision run, and not where the healthy ones are the later', () => {
    expect(told(pods('9d', '4m'))).toContain('Go back to the revision whose pods still run');
    expect(told(pods('4m', '9d'))).not.toContain('Go back to the revision');
  });
});
