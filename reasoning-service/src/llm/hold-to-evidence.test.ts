import { Action } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { isActionText } from './action-text.ts';
import { type Given, holdToEvidence } from './hold-to-evidence.ts';

const given: Given = {
  evidence: new Map([
    ['E1', 'o1'],
    ['E2', 'l1'],
  ]),
  shown:
    'E1 Pod <POD_1>: exit code 137, reason OOMKilled, limit 64Mi, restartCount 3\nE2 log of container <CONTAINER_1>: heap of 60Mi is full',
  causes: ['oom_killed', 'crash_loop_app_error'],
  close: ['oom_killed', 'crash_loop_app_error'],
  strangers: (text) =>
    [...text.matchAll(/<?\b([A-Z]+_\d+)\b>?/g)]
      .map(([, token = '']) => token)
      .filter((token) => !['POD_1', 'CONTAINER_1'].includes(token)),
};
const hold = (statement: string, evidence: string[] = ['E1']) =>
  holdToEvidence({ claims: [{ statement, evidence }], ranking: [] }, given);

describe('what a model may say', () => {
  it.each([
    'The container <CONTAINER_1> of <POD_1> was killed because it used more memory than its limit of 64Mi.',
    'The process ended with exit code 137, as a container that is out of memory does.',
    'Its restart count of 3 shows that it was restarted each time.',
    'The cause oom_killed is more likely than crash_loop_app_error.',
    '容器 <CONTAINER_1> 超出 64Mi 的内存限制，已被终止并重启了 3 次。',
    'Pod 使用的内存超过了限制。',
  ])('keeps: %s', (statement) => {
    expect(hold(statement)).toMatchObject({ claims: [{ statement, evidence: ['o1'] }], dropped: [] });
  });

  it.each<[string, string[], string]>([
    ['It ran out of memory.', [], 'no_evidence'],
    ['It ran out of memory.', ['E9'], 'no_evidence'],
    ['It ran out of memory.', ['E1', 'E9'], 'unknown_evidence'],
    ['It ran out of memory [E7].', ['E1'], 'unknown_evidence'],
    ['The pod <POD_2> took its memory.', ['E1'], 'unknown_entity'],
    ['The service payment-db took its memory.', ['E1'], 'unknown_entity'],
    ['It calls 10.1.2.3:5432 too often.', ['E1'], 'unknown_entity'],
    ['See https://evil.example.com/fix for more.', ['E1'], 'unknown_entity'],
    ['The key `maxHeap` is wrong.', ['E1'], 'unknown_entity'],
    ['This is node_memory_pressure on the node.', ['E1'], 'unknown_cause'],
    ['The memory leak is in the process.', ['E1'], 'unknown_cause'],
    ['容器存在内存泄漏。', ['E1'], 'unknown_cause'],
    ['You should raise the limit.', ['E1'], 'action'],
    ['Delete the namespace and start over.', ['E1'], 'action'],
    ['It was killed; now restart the pod.', ['E1'], 'action'],
    ['Run kubectl delete pod <POD_1>.', ['E1'], 'action'],
    ['The limit can be increased.', ['E1'], 'action'],
    ['It would be helped by set_resources.', ['E1'], 'action'],
    ['建议删除该命名空间。', ['E1'], 'action'],
    ['内存不足，需要立即扩容。', ['E1'], 'action'],
    ['重启 <POD_1>。', ['E1'], 'action'],
  ])('drops: %s %j as %s', (statement, evidence, reason) => {
    expect(hold(statement, evidence)).toMatchObject({ claims: [], dropped: [reason] });
  });

  it('orders only causes that were left open, each once', () => {
    const ranking = ['disk_full', 'crash_loop_app_error', 'delete everything', 'crash_loop_app_error', 'oom_killed'];
    expect(holdToEvidence({ claims: [], ranking }, given).ranking).toEqual(['crash_loop_app_error', 'oom_killed']);
  });

  it('sees every action of the catalogue by its name', () => {
    for (const action of Action.options.filter((one) => one.includes('_')))
      expect(isActionText(`then ${action}`)).toBe(true);
  });
});
