import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';

describe('a log that looks like a document', () => {
  const read = (name: string, text: string) => recognise({ name, text }, at);
  it.each([
    [
      'the queue of Python',
      'x.txt',
      '[2026-03-01 07:15:02,118: INFO/ForkPoolWorker-12] Task nest.warm succeeded\n'.repeat(3),
    ],
    ['printed objects', 'x.txt', '[07:15:02.118] ERROR (1): no nest\n    err: {\n      "code": "EAGAIN"\n    }\n'],
    ['one line of JSON and words', 'x.txt', '{"level":"info","msg":"up"}\nwords\nmore words\n'],
    ['the name of the file', 'nest.log', '{ owl: 1 }\n{ owl: 2,\n'],
    [
      'times within the lines',
      'x.txt',
      '*** Mode: eager ***\n[pid: 1|app: 0] 10.0.0.3 () [Sun Mar  1 07:15:02 2026] GET /\n'.repeat(2),
    ],
  ])('is read by %s', (_, name, text) => {
    const { logs, unread } = read(name, text);
    expect([logs.length, unread]).toEqual([1, []]);
  });
  it.each([
    ['x.txt', '{"apiVersion": "v1", "kind": "Pod",'],
    ['x.log', '{\n  "apiVersion": "v1",\n  "kind": "Pod",\n'],
    ['x.txt', '[{"a": 1}, {"a": ]'],
    ['x.json', '{"level": "info"'],
  ])('is still named where it is a broken document: %s', (name, text) => {
    const { logs, unread } = read(name, text);
    expect([logs.length, unread[0]?.reason.slice(0, 14)]).toEqual([0, 'is broken JSON']);
  });
});
