import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const pod = (name: string, limits: object = { memory: '300Mi' }, node = 'fen-2', image = `reg.test/${name}:3`) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `${name}-0`, namespace: 'moor', uid: `uid-${name}` } },
  spec: { nodeName: node, containers: [{ name: 'main', image, resources: { limits } }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'main', ready: true, restartCount: 0, state: { running: { startedAt: '2026-11-18T10:00:00Z' } } },
    ],
  },
});
const all = (pods: object[], logs: Record<string, string>, events?: string) => {
  const texts = Object.entries(logs).map(([name, text]) => [`moor_${name}-0_main.log`, text]);
  const found = pasted({
    'pods.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }),
    ...Object.fromEntries(texts),
    ...(events === undefined ? {} : { 'events.txt': events }),
  });
  return {
    short: allInShort(found),
    words: found.root_cause.description,
    quotes: found.evidence.map(({ quote }) => quote),
  };
};
const minutes = ['01', '04', '07', '10', '13'];
const lines = (line: (minute: string, pid: number) => string) =>
  minutes.map((minute, at) => line(minute, 40 + at)).join('\n');
const lostChild = lines(
  (minute, pid) => `2026-11-20T10:${minute}:00Z ERROR pool: worker ${pid} exited with 'signal 9 (SIGKILL)'`,
);
const killedOn = (node: string, process: string) =>
  `LAST SEEN   TYPE      REASON       OBJECT       MESSAGE
2m          Warning   OOMKilling   node/${node}   Memory cgroup out of memory: Killed process 811 (${process}) total-vm:998136kB, anon-rss:300004kB
`;

describe('a worker that is killed while its container goes on', () => {
  it('was killed for memory where the kernel of its node tells of a kill', () => {
    const found = all([pod('heron'), pod('crane')], { heron: lostChild }, killedOn('fen-2', 'ruby'));
    expect(found.short).toEqual(['oom_killed Pod moor/heron-0']);
    expect(found.quotes).toContainEqual(expect.stringContaining('Killed process 811 (ruby)'));
  });

  it.each<[string, object[], Record<string, string>, string | undefined]>([
    ['the kernel says nothing', [pod('heron')], { heron: lostChild }, undefined],
    ['the kernel of another node tells', [pod('heron')], { heron: lostChild }, killedOn('fen-3', 'ruby')],
    [
      'the process is that of another container there',
      [pod('heron'), pod('crane')],
      { heron: lostChild },
      killedOn('fen-2', 'crane'),
    ],
    [
      'two workloads there lose theirs',
      [pod('heron'), pod('crane')],
      { heron: lostChild, crane: lostChild },
      killedOn('fen-2', 'ruby'),
    ],
  ])('is not said to be killed for memory where %s', (_, pods, logs, events) => {
    expect(all(pods, logs, events).short.join()).not.toContain('oom_killed Pod');
  });
});

it.each([
  ['299Mi', 'oom_killed Pod moor/heron-0'],
  ['120Mi', 'log_error_signature Pod moor/heron-0'],
])('a worker is lost to memory where its container uses %s of 300Mi', (used, expected) => {
  const found = pasted({
    'pod.json': JSON.stringify(pod('heron')),
    'moor_heron-0_main.log': lostChild,
    'top.txt': `NAMESPACE   NAME      CPU(cores)   MEMORY(bytes)\nmoor        heron-0   120m         ${used}\n`,
  });
  expect(allInShort(found)).toEqual([expected]);
});

it('a server that guesses at memory by itself repeats an error, and no more is known', () => {
  const said = lines(
    (minute, pid) =>
      `[2026-11-20 10:${minute}:11 +0000] [1] [ERROR] Worker (pid:${pid}) was sent SIGKILL! Perhaps out of memory?`,
  );
  expect(all([pod('heron')], { heron: said }).short).toEqual(['log_error_signature Pod moor/heron-0']);
  expect(all([pod('heron')], { heron: said }, killedOn('fen-2', 'gunicorn')).short).toEqual([
    'oom_killed Pod moor/heron-0',
  ]);
});
