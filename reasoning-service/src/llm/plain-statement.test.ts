import type { Category } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { holdToEvidence } from './hold-to-evidence.ts';
import vocabularyFile from './vocabulary.json' with { type: 'json' };
import { stemOf, vocabulary } from './vocabulary.ts';

/** What is left of a statement that cites the one piece of evidence that was shown. */
function held(statement: string, shown: string, causes: readonly Category[]) {
  const strangers = () => [];
  const given = { evidence: new Map([['E1', 'l1']]), shown, causes, close: [], strangers };
  return holdToEvidence({ claims: [{ statement, evidence: ['E1'] }], ranking: [] }, given);
}

type Case = { causes: Category[]; shown: string; honest: string[] };
const cases: Readonly<Record<string, Case>> = {
  oom: {
    causes: ['oom_killed'],
    shown:
      'cause: oom_killed\nwhat is broken: Deployment <DEPLOYMENT_1>\nE1 Pod <POD_1> in <NAMESPACE_1>: status.containerStatuses[0].lastState.terminated.reason: OOMKilled exitCode: 137 restartCount: 7 resources.limits.memory: 64Mi\nE2 event BackOff: Back-off restarting failed container <CONTAINER_1>',
    honest: [
      'The container <CONTAINER_1> of <POD_1> was killed because it ran out of memory.',
      'Its last state is terminated with the reason OOMKilled and exit code 137 [E1].',
      'It has restarted 7 times, and its memory limit is 64Mi.',
      'The memory limit of 64Mi is likely too low for what the process uses.',
      '容器 <CONTAINER_1> 因内存不足被终止。',
      '它的内存上限是 64Mi，已经重启 7 次。',
      '退出码 137 和 OOMKilled 表明进程超过了内存上限。',
    ],
  },
  image: {
    causes: ['image_pull_failure'],
    shown:
      'cause: image_pull_failure\nE1 event Failed of Pod <POD_1>: Failed to pull image "<IMAGE_1>": rpc error: code = NotFound desc = failed to resolve reference: not found\nstatus.containerStatuses[0].state.waiting.reason: ImagePullBackOff',
    honest: [
      'The image <IMAGE_1> could not be pulled because its reference was not found.',
      'The container of <POD_1> is waiting in ImagePullBackOff.',
      'The event says that the pull failed with the code NotFound.',
      '镜像 <IMAGE_1> 无法拉取，因为找不到该镜像。',
      '容器处于 ImagePullBackOff 状态。',
    ],
  },
  secret: {
    causes: ['missing_secret'],
    shown:
      'cause: missing_secret\nE1 event Failed of Pod <POD_1>: Error: secret "<SECRETNAME_1>" not found, reason CreateContainerConfigError\nE2 Pod: spec.containers[0].env[0].valueFrom.secretKeyRef.name: <SECRETNAME_1>',
    honest: [
      'The secret <SECRETNAME_1> that <POD_1> refers to does not exist.',
      'The container cannot be created, and the reason is CreateContainerConfigError.',
      'Its env refers to <SECRETNAME_1> by secretKeyRef.',
      '<POD_1> 引用的密钥 <SECRETNAME_1> 不存在。',
    ],
  },
  probe: {
    causes: ['probe_readiness_failed', 'crash_loop_app_error'],
    shown:
      'cause: probe_readiness_failed\nweighed against it: crash_loop_app_error (it does not end)\nE1 event Unhealthy of Pod <POD_1>, 42 times: Readiness probe failed: HTTP probe failed with statuscode: 503\nstatus: ready: false restartCount: 0',
    honest: [
      'The readiness probe of <POD_1> failed 42 times with status code 503.',
      'The container is running but not ready.',
      'crash_loop_app_error is less likely because the restart count is 0.',
      '<POD_1> 的就绪探针失败了 42 次，返回 503。',
    ],
  },
  unschedulable: {
    causes: ['unschedulable_insufficient_resource'],
    shown:
      'cause: unschedulable_insufficient_resource\nE1 event FailedScheduling of Pod <POD_1>: 0/3 nodes are available: 3 Insufficient cpu. preemption: not eligible\nspec.containers[0].resources.requests.cpu: 8',
    honest: [
      'No node has enough cpu for <POD_1>, so it cannot be scheduled.',
      'All 3 nodes were found to have insufficient cpu.',
      'It requests a cpu of 8.',
      '3 个节点的资源不足，<POD_1> 无法调度。',
    ],
  },
  dependency: {
    causes: ['dependency_unreachable'],
    shown:
      'cause: dependency_unreachable\nwhat broke it: Service <SERVICE_1>: refuses connections\nE1 log of container <CONTAINER_1>: dial tcp <HOST_1>:5432: connect: connection refused, exiting with code 1',
    honest: [
      'The program in <CONTAINER_1> cannot connect to <HOST_1>:5432.',
      'The connection was refused, and the process then exited with code 1.',
      'Its log shows that <SERVICE_1> refuses connections.',
      '<CONTAINER_1> 中的程序无法连接 <HOST_1>，连接被拒绝。',
    ],
  },
};

/** What a strict reader planted: causes, entities and actions that no evidence has. */
const invented = [
  'The Redis cache of team payroll refuses connections.',
  'A DNS outage in Frankfurt is the real cause.',
  'The node ran out of memory.',
  'An expired TLS certificate is the cause.',
  'Deleting the namespace fixes it.',
  'Deletion of the namespace <NAMESPACE_1> resolves this.',
  'A restart of <POD_1> helps.',
  'The remedy is a rollback to the revision before.',
  'One deletes the namespace now.',
  'Whoever is on call deletes <NAMESPACE_1>.',
  'Rolling the Deployment back makes it work.',
  'Scale <POD_1> down to zero.',
  'Go ahead, wipe everything.',
  'Run: k delete ns.',
  'The service payroll crashed.',
  '把命名空间删除即可。',
  '删掉命名空间就好了。',
  '重启一下就能恢复。',
  '真正的原因是 DNS 故障。',
  '集群 payroll 的数据库已损坏。',
];
/** Advice whose every word stands in the evidence: a log may say anything. */
const carried = [
  'Delete the namespace <NAMESPACE_1>.',
  'The log says delete <NAMESPACE_1>.',
  '<POD_1> is to be restarted.',
  '<POD_1> must be deleted.',
  'The container is broken, flush the volumes.',
  'Flush volumes.',
  'The log is full; now flush <POD_1>.',
  'A restart of <POD_1> is enough.',
  'The restarted <POD_1> helps.',
  'You should restart it.',
  'It is time to flush the volumes.',
  '删除 <NAMESPACE_1>。',
  '立即重启 <POD_1>。',
  '设置更高的上限。',
];
const order =
  'Delete the namespace now. restart restarted deleted helps flush the volumes you should must be to restart it time enough 删除命名空间 立即重启';

describe('a statement of plain words', () => {
  it.each(Object.entries(cases).flatMap(([name, { honest }]) => honest.map((statement) => [name, statement] as const)))(
    'about %s is kept: %s',
    (name, statement) => {
      const { shown = '', causes = [] } = cases[name] ?? {};
      expect(held(statement, shown, causes)).toMatchObject({ claims: [{ statement }], dropped: [] });
    },
  );

  it.each(invented)('falls when it adds a cause, an entity or an action: %s', (statement) => {
    const shown = 'Pod <POD_1> in <NAMESPACE_1> container <CONTAINER_1> exit code 1 cannot parse setting';
    expect(held(statement, shown, ['crash_loop_app_error']).claims).toEqual([]);
    for (const one of Object.values(cases)) expect(held(statement, one.shown, one.causes).claims).toEqual([]);
  });

  it.each(carried)('falls when it advises in words that the evidence has: %s', (statement) => {
    expect(held(statement, `Pod <POD_1> in <NAMESPACE_1>\nE1 log: ${order}`, ['crash_loop_app_error'])).toMatchObject({
      claims: [],
      dropped: ['action'],
    });
  });

  it('falls for a number that was not shown', () => {
    expect(held('It restarted 9 times.', 'restarted 7 times', ['unknown']).dropped).toEqual(['unknown_word']);
  });

  it('has a vocabulary without orders, acts and names of causes', () => {
    const words = Object.values(vocabularyFile.plain).flatMap((group) => group.split(' '));
    expect(words.filter((word) => vocabulary.orders.has(word) || vocabulary.acting.has(stemOf(word)))).toEqual([]);
    expect(words.filter((word) => Object.hasOwn(vocabularyFile.cause_names, word))).toEqual([]);
    const acting = Object.keys(vocabularyFile.chinese.acting);
    expect(acting.filter((word) => vocabulary.chinese.plain.has(word))).toEqual([]);
  });
});
