import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const pending = `$ kubectl get pods -n data
NAME      READY   STATUS    RESTARTS   AGE
kafka-0   0/1     Pending   0          18m
$ kubectl describe pvc data-kafka-0 -n data
Name:          data-kafka-0
Namespace:     data
StorageClass:  fast-nvme
Status:        Pending
Volume:
Annotations:   <none>
Capacity:
Access Modes:
VolumeMode:    Filesystem
Used By:       kafka-0
Events:
  Type     Reason              Age                  From                         Message
  ----     ------              ----                 ----                         -------
  Warning  ProvisioningFailed  30s (x70 over 18m)   persistentvolume-controller  storageclass.storage.k8s.io "fast-nvme" not found
`;

describe('a copied terminal', () => {
  it('shows a claim and the pod that waits for it as one fault', () => {
    expect(allInShort(pasted({ 'x.txt': pending }))).toEqual([
      'pvc_storageclass_missing PersistentVolumeClaim data/data-kafka-0',
    ]);
  });

  it('shows a drain to its end without a word that could not be read', () => {
    const evict = 'error when evicting pods/"api-5d8c7b9f6d-2sdfg" -n "web"';
    const found = pasted({
      'x.txt': `$ kubectl drain n8 --ignore-daemonsets --timeout=120s
node/n8 already cordoned
evicting pod web/api-5d8c7b9f6d-2sdfg
${evict} (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
There are pending pods in node "n8" when an error occurred: ${evict}: global timeout reached: 2m0s
error: unable to drain node "n8" due to error: ${evict}: global timeout reached: 2m0s, continuing command...
`,
    });
    expect([inShort(found), found.unread]).toEqual(['pdb_blocks_eviction Deployment web/api', []]);
  });

  it('shows the log of a workload of which no pod is named', () => {
    const log =
      '$ kubectl logs deploy/bot -n web --previous\nError: Missing required environment variable: SLACK_TOKEN\n';
    expect(inShort(pasted({ 'x.txt': log }))).toBe('missing_env_var Deployment web/bot');
  });

  it('names the namespace in a message where its table does not', () => {
    const refused =
      'Error creating: pods "etl-29384000-" is forbidden: error looking up service account data/etl-runner: serviceaccount "etl-runner" not found';
    const found = pasted({
      'x.txt': `LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n50s   Warning   FailedCreate   job/etl-29384000   ${refused}\n`,
    });
    expect(inShort(found)).toBe('missing_service_account CronJob data/etl');
  });
});

describe('a pod that a table shows as running, not ready and often started again', () => {
  const row = (restarts: string) =>
    `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\npay   settlement-7b9d8c6f5d-qqwrt   0/1   Running   ${restarts}   2h\n`;
  const log = 'ERROR x509: certificate has expired or is not yet valid\n';
  const name = 'pay_settlement-7b9d8c6f5d-qqwrt_app_previous.log';

  it('ended for what the log of the run before says', () => {
    expect(inShort(pasted({ 'p.txt': row('14 (4m ago)'), [name]: log }))).toBe(
      'tls_certificate_expired Deployment pay/settlement',
    );
  });

  it('is left open where it was started again once or twice', () => {
    expect(pasted({ 'p.txt': row('1 (4m ago)'), [name]: log }).status).toBe('abstained');
  });
});

describe('a description that was cut', () => {
  const conditions = (pressure: string) => `Conditions:
  Type             Status  LastTransitionTime                Reason                       Message
  ----             ------  ------------------                ------                       -------
  MemoryPressure   ${pressure}    Fri, 20 Nov 2026 10:01:05 +0000   KubeletHasInsufficientMemory   kubelet has insufficient memory available
  Ready            True    Tue, 10 Nov 2026 10:01:05 +0000   KubeletReady                 kubelet is posting ready status
`;
  const head = 'Name:               pool-7\nRoles:              worker\nUnschedulable:      false\n';

  it.each([
    ['behind its command', `$ kubectl describe node pool-7 | head -20\n${head}${conditions('True')}`],
    ['by itself', `${head}${conditions('True')}`],
    ['to one section', `$ kubectl describe node pool-7 | grep -A4 ^Cond\n${conditions('True')}`],
  ])('is still of its kind: %s', (_, text) => {
    const found = pasted({ 'x.txt': text });
    expect([inShort(found), found.unread]).toEqual(['node_memory_pressure Node pool-7', []]);
    expect(found.cut).toHaveLength(1);
  });

  it('of what is well shows no fault', () => {
    const text = `$ kubectl describe node pool-7 | head -20\n${head}${conditions('False')}`;
    expect(pasted({ 'x.txt': text }).category).toBe('no_incident');
  });

  it('before the number of ready pods says nothing of them', () => {
    const text =
      '$ kubectl describe sts ledger -n pay | head -4\nName:       ledger\nNamespace:  pay\nReplicas:   3 desired | 3 total\n';
    expect(pasted({ 'x.txt': text }).status).toBe('abstained');
  });

  it('to the conditions of a rollout is read by them', () => {
    const progress = (reason: string, status: string) =>
      `$ kubectl describe deploy/ledger -n pay | grep -A5 Conditions\nConditions:\n  Type           Status  Reason\n  ----           ------  ------\n  Available      True    MinimumReplicasAvailable\n  Progressing    ${status}   ${reason}\n`;
    expect(inShort(pasted({ 'x.txt': progress('ProgressDeadlineExceeded', 'False') }))).toBe(
      'rollout_stuck Deployment pay/ledger',
    );
    expect(pasted({ 'x.txt': progress('NewReplicaSetAvailable', 'True') }).category).toBe('no_incident');
  });

  const last = (reason: string, code: number) => `    Last State:     Terminated
      Reason:       ${reason}
      Exit Code:    ${code}
      Finished:     Fri, 20 Nov 2026 10:14:04 +0000
`;
  const asked = (rest: string) =>
    `$ kubectl get pod ledger-0 -n pay\nNAME       READY   STATUS             RESTARTS      AGE\nledger-0   0/1     CrashLoopBackOff   8 (1m ago)    41m\n$ kubectl describe pod ledger-0 -n pay | grep -A5 'Last State'\n${rest}`;

  it('to the end of a container is of the pod that the command names', () => {
    expect(inShort(pasted({ 'x.txt': asked(last('OOMKilled', 137)) }))).toBe('oom_killed StatefulSet pay/ledger');
    expect(inShort(pasted({ 'x.txt': asked(`${last('OOMKilled', 137)}--\n    Limits:\n      memory:  96Mi\n`) }))).toBe(
      'oom_killed StatefulSet pay/ledger',
    );
  });

  it('to an end by its own doing is no kill', () => {
    expect(inShort(pasted({ 'x.txt': asked(last('Error', 1)) }))).toBe('unknown StatefulSet pay/ledger');
  });

  it('to its events says nothing of how the pod fares', () => {
    const events =
      'Events:\n  Type     Reason       Age   From      Message\n  ----     ------       ----  ----      -------\n  Normal   Pulled       3m    kubelet   Container image "a:1" already present on machine\n';
    const found = pasted({ 'x.txt': `$ kubectl describe pod ledger-0 -n pay | tail -4\n${events}` });
    expect([found.status, found.confidence, found.severity]).toEqual(['abstained', 0, 'low']);
  });

  it('that nothing was found in is named as unread', () => {
    const text = `$ kubectl describe pod ledger-0 -n pay | grep limit\n$ kubectl describe widget gear -n pay | head -3\nName:   gear\nKind:   Widget\nSpec:\n  size: 4\n${'$ kubectl get nodes\nNAME   STATUS   ROLES    AGE   VERSION\nn1     Ready    <none>   40d   v1.31.2\n'}`;
    expect(pasted({ 'x.txt': text }).unread).toHaveLength(2);
  });
});

const deployment =
  '$ kubectl get deploy till -n bakery\nNAME   READY   UP-TO-DATE   AVAILABLE   AGE\ntill   2/2     1            2           80d\n';
const pods =
  '$ kubectl get pods -n bakery\nNAME                    READY   STATUS    RESTARTS   AGE\ntill-6d8f9c7b5d-2k8xq   1/1     Running   0          9d\n';

describe('what a terminal shows besides', () => {
  it('tells of a rollout past its deadline', () => {
    const text = `$ kubectl rollout status deploy/till -n bakery\nWaiting for deployment "till" rollout to finish: 1 out of 2 new replicas have been updated...\nerror: deployment "till" exceeded its progress deadline\n${deployment}`;
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual(['rollout_stuck Deployment bakery/till']);
  });

  it.each([
    [
      'a wait that ran out',
      `$ kubectl wait --for=condition=Available deploy/till -n bakery\nerror: timed out waiting for the condition on deployments/till\n${deployment}`,
      'timed out waiting',
    ],
    ['an answer of a proxy', `$ curl -so /dev/null -w '%{http_code}' https://till.example.org\n502\n${pods}`, '502'],
    [
      'a release under way',
      `$ helm list -n bakery\nNAME  NAMESPACE  REVISION  UPDATED     STATUS           CHART\ntill  bakery     7         2026-11-20  pending-upgrade  till-1.2\n${pods}`,
      'pending-upgrade',
    ],
  ])('acquits nobody where it was not read and speaks of trouble: %s', (_, text, told) => {
    const found = pasted({ 'x.txt': text });
    expect(found.status).toBe('abstained');
    expect(found.root_cause.description).toContain(told);
  });

  it('is left aside where it speaks of none', () => {
    const text = `$ curl -so /dev/null -w '%{http_code}' https://till.example.org\n200\n${pods}`;
    expect(pasted({ 'x.txt': text }).category).toBe('no_incident');
  });

  it('is the end of a description without the line above its events', () => {
    const text =
      '$ kubectl describe rs -n bakery till-6d8f9c7b5d | tail -3\n  Type     Reason        Age                   From                   Message\n  ----     ------        ----                  ----                   -------\n  Warning  FailedCreate  2m (x17 over 11m)  replicaset-controller  Error creating: pods "till-6d8f9c7b5d-x2k4p" is forbidden: exceeded quota: all, requested: pods=1, used: pods=9, limited: pods=9\n';
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual(['quota_exceeded Deployment bakery/till']);
  });

  it('is a row of the list of APIs without its head', () => {
    const text =
      '$ kubectl get apiservices | grep False\nv1beta1.example.org    kitchen/oven   False (MissingEndpoints)   80d\n';
    expect(allInShort(pasted({ 'x.txt': text }))).toEqual(['control_plane_unhealthy APIService v1beta1.example.org']);
  });

  it('is a claim that waits for its first pod, as its class wants it', () => {
    const text = `$ kubectl get pvc -n bakery\nNAME    STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\nflour   Pending                                      standard       6m\n$ kubectl get events -n bakery\nLAST SEEN   TYPE     REASON                 OBJECT                        MESSAGE\n9s          Normal   WaitForFirstConsumer   persistentvolumeclaim/flour   waiting for first consumer to be created before binding\n`;
    expect(pasted({ 'x.txt': text }).category).toBe('no_incident');
  });

  it('is an empty Service, where who asks is known by its log alone', () => {
    const service =
      '$ kubectl -n bakery describe svc ovens\nName:              ovens\nNamespace:         bakery\nSelector:          app=ovens\nType:              ClusterIP\nIP:                10.43.2.4\nPort:              http  80/TCP\nTargetPort:        8080/TCP\nEndpoints:         \nSession Affinity:  None\nEvents:            <none>\n';
    const log =
      '$ kubectl -n bakery logs taster --tail=2\n2026-11-20T10:14:00Z taste http://ovens/: 503 Service Unavailable\n2026-11-20T10:14:30Z taste http://ovens/: 503 Service Unavailable\n';
    expect(allInShort(pasted({ 'x.txt': service + log }))).toEqual(['service_no_endpoints Service bakery/ovens']);
  });
});
