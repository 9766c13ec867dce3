import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const all = (text: string, name = 'paste.txt') => allInShort(pasted({ [name]: text }));
const because = (text: string, name = 'paste.txt') => pasted({ [name]: text }).root_cause.description;

const scaler = (targets: string, age: string, replicas = 3) => `$ kubectl get hpa -n bakery
NAME   REFERENCE         TARGETS                                MINPODS   MAXPODS   REPLICAS   AGE
oven   Deployment/oven   ${targets.padEnd(36)}   3         9         ${String(replicas).padEnd(8)}   ${age}
`;

describe('a row of an autoscaler', () => {
  it.each([
    ['by name', scaler('cpu: <unknown>/75%', '12d')],
    ['as an older kubectl prints it', scaler('<unknown>/75%', '12d')],
    ['for one of two', scaler('cpu: 31%/75%, memory: <unknown>/90%', '12d')],
    ['for a figure of its own', scaler('<unknown>/1k', '3h')],
  ])('without a figure tells that it gets none, %s', (_, text) => {
    expect(all(text)).toEqual(['hpa_no_metrics HorizontalPodAutoscaler bakery/oven']);
  });

  it.each([
    ['is a minute old', scaler('cpu: <unknown>/75%', '62s')],
    ['has no pods to measure', scaler('cpu: <unknown>/75%', '12d', 0)],
  ])('says nothing where it %s', (_, text) => expect(all(text)[0]).toMatch(/^no_incident /));

  it('tells of requests that its target does not state', () => {
    const target = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: oven, namespace: bakery}
spec:
  replicas: 3
  selector: {matchLabels: {app: oven}}
  template: {metadata: {labels: {app: oven}}, spec: {containers: [{name: oven, image: "bakery/oven:2"}]}}
status: {replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 3}
`;
    const found = pasted({ 'a.txt': scaler('cpu: <unknown>/75%', '12d'), 'b.yaml': target });
    expect(allInShort(found)).toEqual(['hpa_missing_requests HorizontalPodAutoscaler bakery/oven']);
  });

  it('is one fault with the workload whose pods do not run', () => {
    const down = `${scaler('cpu: <unknown>/75%', '12d')}$ kubectl get deploy -n bakery
NAME   READY   UP-TO-DATE   AVAILABLE   AGE
oven   0/3     3            0           12d
`;
    expect(all(down)).toEqual(['unknown Deployment bakery/oven']);
  });
});

const cron = (...rows: string[]) => `$ kubectl get cronjobs -n post
NAME    SCHEDULE         TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
${rows.join('\n')}
`;

describe('a row of a CronJob', () => {
  it.each([
    ['that ran long before its period', 'stamp   */15 * * * *     <none>     False     0        9h              80d'],
    ['that runs on working days', 'stamp   0 6 * * 1-5      <none>     False     0        20d             80d'],
    ['that never ran', 'stamp   @hourly          <none>     False     0        <none>          2d'],
    ['of twice a day', 'stamp   30 8,20 * * *    <none>     False     0        2d4h            80d'],
  ])('%s missed its runs', (_, row) => expect(all(cron(row))).toEqual(['cronjob_missed_schedule CronJob post/stamp']));

  it.each([
    ['is suspended', 'stamp   */15 * * * *     <none>     True      0        9h              80d'],
    ['runs once a month', 'stamp   0 0 1 * *        <none>     False     0        20d             80d'],
    ['ran last Friday', 'stamp   0 6 * * 1-5      <none>     False     0        3d              80d'],
    ['was made a moment ago', 'stamp   0 6 * * 1-5      <none>     False     0        <none>          4m'],
    ['has just run', 'stamp   */15 * * * *     <none>     False     0        11m             80d'],
  ])('says nothing where it %s', (_, row) => expect(all(cron(row))[0]).toMatch(/^no_incident /));

  it('names the run that has not ended', () => {
    const hung = `$ kubectl get cj,job,pod -n post
NAME                  SCHEDULE      TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
cronjob.batch/stamp   */5 * * * *   <none>     False     1        26h             80d

NAME                       STATUS    COMPLETIONS   DURATION   AGE
job.batch/stamp-29381000   Running   0/1           26h        26h

NAME                       READY   STATUS    RESTARTS   AGE
pod/stamp-29381000-q8zkd   1/1     Running   0          26h
`;
    expect(all(hung)).toEqual(['cronjob_missed_schedule CronJob post/stamp']);
    expect(because(hung)).toContain('Job stamp-29381000 has not ended');
  });

  it('is read in a description as well', () => {
    const text = `Name:                          stamp
Namespace:                     post
Schedule:                      */5 * * * *
Concurrency Policy:            Forbid
Suspend:                       False
Successful Job History Limit:  3
Failed Job History Limit:      1
Starting Deadline Seconds:     <unset>
Pod Template:
  Containers:
   stamp:
    Image:         post/stamp:1
Last Schedule Time:  Fri, 20 Nov 2026 06:00:00 +0000
Active Jobs:         <none>
Events:
  Type    Reason            Age   From                Message
  ----    ------            ----  ----                -------
  Normal  SuccessfulCreate  4h    cronjob-controller  Created job stamp-29381000
`;
    const later =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: post, creationTimestamp: "2026-11-20T10:00:00Z"}\n';
    const found = pasted({ 'cron.txt': text, 'x.yaml': later });
    expect(allInShort(found)).toEqual(['cronjob_missed_schedule CronJob post/stamp']);
  });
});

describe('a Job that a table calls Failed', () => {
  const table = (pods: string) => `$ kubectl get jobs,pods -n mill
NAME              STATUS   COMPLETIONS   DURATION   AGE
job.batch/grind   Failed   0/1           21m        21m
${pods}`;
  const tries = `
NAME              READY   STATUS   RESTARTS   AGE
pod/grind-7hk2w   0/1     Error    0          21m
pod/grind-mmz4t   0/1     Error    0          20m
`;
  it('has used up its retries where the pods that failed are there', () => {
    expect(all(table(tries))).toEqual(['job_failed_backoff Job mill/grind']);
  });
  it('may have come to its deadline where they are gone', () => {
    const { category, missing_evidence } = pasted({ 'a.txt': table('') });
    expect(category).toBe('unknown');
    expect(missing_evidence.join()).toContain('kubectl');
  });
  it('is told by its log where that says more', () => {
    const log = 'starting\n/job/run.sh: line 3: grindd: command not found\n';
    const found = pasted({ 'a.txt': table(tries), 'mill_grind-mmz4t_grind.log': log });
    expect(allInShort(found)).toEqual(['job_script_error Job mill/grind']);
  });
});

describe('a row of a certificate', () => {
  const rows = (ready: string, age: string) => `$ kubectl get certificates -n shopfront
NAME      READY   SECRET        AGE
front     ${ready}   front-tls     ${age}
back      True    back-tls      60d
`;
  it('that is not ready is what the answer is about, with the command that says why', () => {
    const found = pasted({ 'a.txt': rows('False', '60d') });
    expect(allInShort(found)).toEqual(['unknown Certificate shopfront/front']);
    expect(found.missing_evidence).toEqual([
      'the status of Certificate shopfront/front and its Events: kubectl describe certificate front -n shopfront',
    ]);
  });
  it('is known by its columns alone', () => {
    const [, ...bare] = rows('False', '60d').split('\n');
    expect(all(bare.join('\n'))).toEqual(['unknown Certificate default/front']);
  });
  it('says nothing where it was asked for a moment ago, or is ready', () => {
    expect(all(rows('False', '40s'))[0]).toMatch(/^no_incident /);
    expect(all(rows('True ', '60d'))[0]).toMatch(/^no_incident /);
  });
});

describe('the log of an ingress controller', () => {
  const file = 'ingress-nginx_ingress-nginx-controller-6c8d5f7b9-zk4xp_controller.log';
  const warning =
    'W1120 10:02:11.400211       9 controller.go:1214] Service "deli/cheese" does not have any active Endpoint.';
  const asked = (status: number, by: string) =>
    `10.1.2.3 - - [20/Nov/2026:10:03:00 +0000] "GET /brie HTTP/2.0" ${status} 190 "-" "Mozilla/5.0" 410 0.001 [deli-cheese-80] [] ${by} 190 0.001 ${status} 77aa`;
  const refused = asked(503, '-');

  it('names the Service behind which nobody stands', () => {
    expect(all([warning, refused, refused].join('\n'), file)).toEqual(['service_no_endpoints Service deli/cheese']);
    expect(all([warning, warning, warning].join('\n'), file)).toEqual(['service_no_endpoints Service deli/cheese']);
  });
  it('is surer with requests that were turned away', () => {
    const [once, often] = [warning, `${warning}\n${refused}`].map((text) => pasted({ [file]: text }).confidence);
    expect(once).toBeLessThan(often ?? 0);
  });
  it('says no more of a Service that answers since then', () => {
    expect(all([warning, refused, asked(200, '10.1.0.8:8080')].join('\n'), file)).not.toContainEqual(
      expect.stringContaining('service_no_endpoints'),
    );
  });
  it('does not take the answers of another Service for those of this one', () => {
    const other = asked(200, '10.1.0.8:8080').replace('[deli-cheese-80]', '[deli-wine-80]');
    expect(all([warning, refused, other].join('\n'), file)).toContain('service_no_endpoints Service deli/cheese');
  });
});

describe('pods that are not made beside a quota', () => {
  const deployment = (reason: string) => `Name:                   press
Namespace:              print
CreationTimestamp:      Fri, 20 Nov 2026 08:00:00 +0000
Labels:                 app=press
Selector:               app=press
Replicas:               4 desired | 1 updated | 1 total | 1 available | 3 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Labels:  app=press
  Containers:
   press:
    Image:      print/press:1
    Limits:
      memory:  3Gi
Conditions:
  Type             Status  Reason
  ----             ------  ------
  Available        False   MinimumReplicasUnavailable
  ReplicaFailure   ${reason}
  Progressing      True    NewReplicaSetAvailable
OldReplicaSets:    <none>
NewReplicaSet:     press-6d5f7c9b8 (1/4 replicas created)
Events:            <none>
`;
  const quota = (used: string, cpu = '2') => `Name:            team
Namespace:       print
Resource         Used  Hard
--------         ----  ----
limits.memory    ${used}   8Gi
requests.cpu     ${cpu}     10
services         5     5
`;
  const failed = 'True    FailedCreate';
  it.each([
    ['is used up', deployment(failed), quota('8Gi')],
    ['has less room than one more pod takes', deployment(failed), quota('6Gi')],
  ])('lack room where it %s', (_, one, other) => {
    const found = pasted({ 'a.txt': one, 'b.txt': other });
    expect(allInShort(found)).toEqual(['quota_exceeded Deployment print/press']);
    expect(found.root_cause.subject).toEqual({ kind: 'ResourceQuota', namespace: 'print', name: 'team' });
  });
  it.each([
    ['has room', deployment(failed), quota('3Gi')],
    ['is that of another namespace', deployment(failed), quota('8Gi').replace('print', 'office')],
  ])('have another reason where it %s', (_, one, other) => {
    expect(allInShort(pasted({ 'a.txt': one, 'b.txt': other })).join()).not.toContain('quota_exceeded');
  });
});

describe('a claim of a stateful set that waits', () => {
  it('is one fault with the pod that waits for it', () => {
    const text = `$ kubectl get sts,po,pvc -n farm
NAME                     READY   AGE
statefulset.apps/hens   1/2     3h

NAME         READY   STATUS    RESTARTS   AGE
pod/hens-0   1/1     Running   0          3h
pod/hens-1   0/1     Pending   0          2h

NAME                                STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
persistentvolumeclaim/eggs-hens-0   Bound     pv-1     5Gi        RWO            fast           3h
persistentvolumeclaim/eggs-hens-1   Pending                                      fast           2h
persistentvolumeclaim/feed          Pending                                      fast           2h
`;
    const found = pasted({ 'a.txt': text });
    expect(allInShort(found)).toEqual(['unknown StatefulSet farm/hens', 'unknown PersistentVolumeClaim farm/feed']);
    expect(found.missing_evidence.join()).toContain('involvedObject.name=eggs-hens-1');
  });
});
