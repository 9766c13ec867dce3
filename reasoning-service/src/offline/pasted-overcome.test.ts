import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const listing = (verb: string, ...rows: string[]): string => `$ kubectl ${verb}\n${rows.join('\n')}\n`;
const answer = (text: string, name = 'x.txt') => pasted({ [name]: text });

describe('a pod that had to wait for a node', () => {
  const events = [
    'LAST SEEN   TYPE      REASON             OBJECT                MESSAGE',
    '12m         Warning   FailedScheduling   pod/loom-77c5d-k2wq   0/4 nodes are available: 4 Insufficient memory. preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.',
    '12m         Normal    TriggeredScaleUp   pod/loom-77c5d-k2wq   pod triggered scale-up: [{pool-b 4->5 (max: 9)}]',
  ];
  const placed = [
    '9m          Normal    Scheduled          pod/loom-77c5d-k2wq   Successfully assigned mill/loom-77c5d-k2wq to pool-b-5',
    '9m          Normal    Started            pod/loom-77c5d-k2wq   Started container loom',
  ];

  it('has been served once it was placed', () => {
    const found = answer(listing('get events -n mill', ...events, ...placed));
    expect([found.category, found.confidence < 0.9]).toEqual(['no_incident', true]);
  });

  it('still waits where nothing says that it was', () => {
    expect(answer(listing('get events -n mill', ...events)).category).toBe('unschedulable_insufficient_resource');
  });
});

describe('a pod for which a node is being added', () => {
  const table = (
    age: string,
    asked: string,
    how = 'TriggeredScaleUp',
    words = 'pod triggered scale-up: [{pool-b 4->5 (max: 9)}]',
  ) =>
    listing(
      'get pods -n mill',
      'NAME              READY   STATUS    RESTARTS   AGE',
      'loom-77c5d-a1xx   1/1     Running   0          3d',
      `loom-77c5d-k2wq   0/1     Pending   0          ${age}`,
    ) +
    listing(
      'get events -n mill',
      'LAST SEEN   TYPE      REASON             OBJECT                MESSAGE',
      `${age}         Warning   FailedScheduling   pod/loom-77c5d-k2wq   0/4 nodes are available: 4 Insufficient memory.`,
      `${asked}         Normal    ${how}   pod/loom-77c5d-k2wq   ${words}`,
    );

  it.each([
    ['the cluster autoscaler', table('40s', '31s')],
    ['Karpenter', table('40s', '31s', 'Nominated', 'Pod should schedule on: nodeclaim/general-k2x4z')],
  ])('waits, and nothing is wrong, where %s says so', (_, text) => {
    const found = answer(text);
    expect(found.category).toBe('no_incident');
    expect(found.root_cause.description).toContain('waits for a node that is being added');
  });

  it('has waited for too long where the node was asked for a while ago', () => {
    const found = answer(table('14m', '13m'));
    expect(found.category).toBe('unschedulable_insufficient_resource');
    expect(found.root_cause.description).toContain('a node was to be added for it, and it still waits');
    expect(found.evidence.map(({ quote }) => quote).join()).toContain('pod triggered scale-up');
  });

  it.each([
    ['a node that is there', table('40s', '31s', 'Nominated', 'Pod should schedule on: node/general-4')],
    [
      'another pod',
      table('40s', '31s').replace('TriggeredScaleUp   pod/loom-77c5d-k2wq', 'TriggeredScaleUp   pod/loom-77c5d-zzzz'),
    ],
  ])('is another matter than %s', (_, text) => {
    expect(answer(text).category).toBe('unschedulable_insufficient_resource');
  });
});

describe('a row of a pod', () => {
  it.each(['OutOfcpu', 'OutOfmemory', 'OutOfpods'])('with %s was refused by its node', (word) => {
    const found = answer(
      listing(
        'get pods -n mill -o wide',
        'NAME               READY   STATUS     RESTARTS   AGE   IP       NODE     NOMINATED NODE   READINESS GATES',
        `loom-77c5d-k2wq    0/1     ${word}   0          4m    <none>   pool-2   <none>           <none>`,
      ),
    );
    expect(inShort(found)).toBe('node_overcommit Node pool-2');
  });

  const leaving = 'loom-77c5d-k2wq   1/1     Terminating   0          12d';
  const header = 'NAME              READY   STATUS        RESTARTS   AGE';
  it('that is told to go since nobody says when is no sure all-clear', () => {
    const nodes = listing(
      'get nodes',
      'NAME     STATUS   ROLES    AGE   VERSION',
      'pool-2   Ready    <none>   40d   v1.31.2',
    );
    const alone = answer(`${listing('get pods -n mill', header, leaving)}${nodes}`);
    expect([alone.category, alone.status]).toEqual(['unknown', 'abstained']);
    const beside = answer(
      listing('get pods -n mill', header, leaving, 'loom-77c5d-z9xx   1/1     Running       0          3m'),
    );
    expect(beside.confidence).toBeLessThan(0.9);
    expect(`${beside.category} ${beside.root_cause.description}`).toContain('loom-77c5d-k2wq');
  });
});

describe('a broker that says once that it is parted from its peers', () => {
  const said = [
    "2026-11-20 09:40:30.550114+00:00 [error] <0.230.0> Mnesia('rabbit@hare-1'): ** ERROR ** mnesia_event got {inconsistent_database, running_partitioned_network, 'rabbit@hare-0'}",
    '2026-11-20 09:41:02.100000+00:00 [info] <0.901.0> accepting AMQP connection <0.901.0> (10.0.0.4:41332 -> 10.0.0.9:5672)',
    '2026-11-20 09:52:02.100000+00:00 [info] <0.955.0> accepting AMQP connection <0.955.0> (10.0.0.4:41390 -> 10.0.0.9:5672)',
  ];
  const pods = listing(
    'get pods -n mq',
    'NAME     READY   STATUS    RESTARTS   AGE',
    'hare-0   1/1     Running   0          20d',
    'hare-1   1/1     Running   0          20d',
  );
  const category = (...lines: string[]) =>
    pasted({ 'mq_hare-1_rabbitmq.log': `${lines.join('\n')}\n`, 'pods.txt': pods }).category;

  it('is parted although its pods are ready', () => {
    expect(category(...said)).toBe('message_broker_partition');
  });

  it('is not once it was healed', () => {
    const healed =
      '2026-11-20 09:55:00.000000+00:00 [info] <0.244.0> Autoheal finished according to node rabbit@hare-0';
    expect(category(...said, healed)).not.toBe('message_broker_partition');
  });
});

describe('a log of a program whose first try failed', () => {
  const at = (second: string, text: string): string => `2026-11-20T09:00:${second}Z ${text}`;
  const refused = at('01', 'WARN  valkey connection refused at valkey.store.svc:6379, retrying in 2s (attempt 1/5)');
  const later = at('40', 'INFO  handled 300 jobs, 0 failed, errors=0');

  it.each(['valkey connected', 'valkey is connected.'])('has no complaint left after %s', (news) => {
    expect(answer([refused, at('03', `INFO  ${news}`), later].join('\n'), 'app.log').category).toBe('no_incident');
  });

  it.each(['valkey not connected', 'client connected', 'mailbox connected'])('has one after %s', (news) => {
    expect(answer([refused, at('03', `INFO  ${news}`), later].join('\n'), 'app.log').category).not.toBe('no_incident');
  });
});

it('names a node that a table shows fully used, and calls it no more than that', () => {
  const used = (cpu: string, memory: string): string =>
    listing(
      'top nodes',
      'NAME     CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)',
      `pool-1   3970m        ${cpu}      14900Mi         ${memory}`,
      'pool-2   310m         7%       2100Mi          14%',
    );
  const full = answer(used('99%', '61%'));
  expect([inShort(full), full.status]).toEqual(['unknown Node pool-1', 'abstained']);
  expect(full.root_cause.description).toContain('99 % of its processor time');
  expect(full.evidence.map(({ quote }) => quote)).toEqual(['cpu_usage_percent{node=pool-1}: last 99, highest 99']);
  expect(inShort(answer(used('70%', '61%')))).toBe('unknown Cluster local');
});

describe('a new pod that was not ready at once', () => {
  const head = 'LAST SEEN   TYPE      REASON              OBJECT                  MESSAGE';
  const unready = (pod: string) =>
    `30s         Warning   Unhealthy           pod/${pod}   Readiness probe failed: Get "http://10.1.2.3:3000/": dial tcp 10.1.2.3:3000: connect: connection refused`;
  const begun = [
    '41s         Normal    ScalingReplicaSet   deployment/loom         Scaled up replica set loom-88d6f from 0 to 1',
    '38s         Normal    Pulling             pod/loom-88d6f-7fl4w    Pulling image "mill/loom:91"',
    '33s         Normal    Pulled              pod/loom-88d6f-7fl4w    Successfully pulled image "mill/loom:91" in 5.8s',
    '32s         Normal    Started             pod/loom-88d6f-7fl4w    Started container loom',
  ];
  const ended =
    '9s          Normal    ScalingReplicaSet   deployment/loom         Scaled down replica set loom-77c5d from 1 to 0';
  const category = (...rows: string[]) => answer(listing('get events -n mill', head, ...rows)).category;

  it('serves once its Deployment has the last of its former pods removed', () => {
    expect(category(...begun, unready('loom-88d6f-7fl4w'), ended)).toBe('no_incident');
  });

  it.each([
    ['as long as the former ones stay', [...begun, unready('loom-88d6f-7fl4w')]],
    ['where a former one is meant', [...begun, unready('loom-77c5d-9pxkz'), ended]],
    ['where another Deployment did so', [...begun, unready('loom-88d6f-7fl4w'), ended.replaceAll('loom', 'weft')]],
  ])('is no all-clear %s', (_, rows) => {
    expect(category(...rows)).not.toBe('no_incident');
  });
});

describe('a watch of a client of Kubernetes', () => {
  const watch = (end: string) =>
    `I0612 08:00:00.000001       1 main.go:31] controller started\nW0612 08:00:02.120001       1 reflector.go:456] reflector.go:229: ${end}\nI0612 08:00:03.000001       1 controller.go:99] resync done, 212 objects\n`;

  it.each([
    ['that ends is begun anew', 'watch of *v1.Pod ended with: http2: client connection lost', 'no_incident'],
    ['that never came about is not', 'failed to list *v1.Pod: connection refused', 'unknown'],
  ])('%s', (_, end, category) => {
    expect(answer(watch(end), 'controller.log').category).toBe(category);
  });
});

describe('tries that failed while a program started, and that nothing takes back', () => {
  const pods = listing(
    'get pods -n mill',
    'NAME                    READY   STATUS    RESTARTS   AGE',
    'loom-6f5c8d7b9b-k8x4z   1/1     Running   0          2h',
  );
  const at = (time: string, text: string) => `2026-11-20 ${time} ${text}`;
  const tries = (times: number, level: string) =>
    Array.from({ length: times }, (_, n) =>
      at(
        `07:05:1${n}`,
        `${level}  pool - connection attempt to yarn.mill:5432 failed: Connection refused, retrying in 2s`,
      ),
    );
  const category = (...lines: string[]) =>
    answer(`${pods}$ kubectl logs -n mill loom-6f5c8d7b9b-k8x4z\n${lines.join('\n')}\n`).category;
  const up = at('07:05:20', 'INFO  Started LoomApplication in 14.2 seconds (process running for 15.0)');
  const works = at('09:01:00', 'INFO  GET /cloth/77 200 14ms');

  it.each([
    ['the program is up and works', [...tries(2, 'WARN'), up, works]],
    ['it is up and works, after more tries', [...tries(6, 'ERROR'), up, works]],
    ['it works hours later', [...tries(3, 'WARN'), works]],
  ])('are over where %s', (_, lines) => {
    expect(category(...lines)).toBe('no_incident');
  });

  it.each([
    ['it only says that it is up', [...tries(6, 'ERROR'), up]],
    [
      'work goes on between and right after them',
      [...tries(6, 'ERROR'), at('07:05:30', 'INFO  GET /cloth/77 200 14ms')],
    ],
    ['hours later it only says something else', [...tries(3, 'ERROR'), at('09:01:00', 'INFO  shuttle parked')]],
  ])('are not over where %s', (_, lines) => {
    expect(category(...lines)).not.toBe('no_incident');
  });
});

describe('a log below a table, without the command that printed it', () => {
  const table = 'NAME       READY   STATUS    RESTARTS   AGE\nyarn-0     1/1     Running   0          30d\n';
  const lines = (...said: string[]) =>
    `${table}\n${said.map((one, n) => `2026-11-20 09:0${n}:00.101 UTC [1] ${one}`).join('\n')}\n`;

  it('is the log of the one pod in it, and no trouble that could not be read', () => {
    const calm = answer(
      lines(
        'LOG:  checkpoint starting: time',
        'ERROR:  duplicate key value violates unique constraint "yarns"',
        'LOG:  checkpoint complete',
      ),
    );
    expect([calm.category, calm.confidence > 0.9]).toEqual(['no_incident', true]);
  });

  it('tells the fault as it does with its command', () => {
    const full = 'PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device';
    expect(inShort(answer(lines('LOG:  checkpoint starting: time', full)))).toBe('disk_full StatefulSet default/yarn');
  });

  it('stays unread where it is none', () => {
    const found = answer(`${table}\nthe loom failed again this morning\n`);
    expect(found.root_cause.description).toContain('could not be read');
  });
});
