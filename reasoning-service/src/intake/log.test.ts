import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';

describe('a log that looks like a document', () => {
  const read = (name: string, text: string) => recognise({ name, text }, at);
  it('is no log where one line of JSON says nothing, or of no time and level', () => {
    for (const text of ['{"level":"info","nests":2}', '{"message":"no nest"}', '{"msg":"a",\n"level":"info"}'])
      expect(read('x.txt', text).logs).toEqual([]);
  });

  it.each([
    [
      'the queue of Python',
      'x.txt',
      '[2026-03-01 07:15:02,118: INFO/ForkPoolWorker-12] Task nest.warm succeeded\n'.repeat(3),
    ],
    ['printed objects', 'x.txt', '[07:15:02.118] ERROR (1): no nest\n    err: {\n      "code": "EAGAIN"\n    }\n'],
    ['one line of JSON and words', 'x.txt', '{"level":"info","msg":"up"}\nwords\nmore words\n'],
    [
      'what it said and when, where one line of JSON is all',
      'x.txt',
      '{"time":1,"level":50,"err":{"code":"E"},"msg":"no nest"}\n',
    ],
    ['the name of the file', 'nest.log', '{ owl: 1 }\n{ owl: 2,\n'],
    [
      'times within the lines',
      'x.txt',
      '*** Mode: eager ***\n[pid: 1|app: 0] 10.0.0.3 () [Sun Mar  1 07:15:02 2026] GET /\n'.repeat(2),
    ],
    [
      'times of day between the fences of notes',
      'notes.md',
      'and its log\n```\n07:15:02 INFO warming the nest (1/2)\n07:15:09 INFO warming the nest (2/2)\n```\n',
    ],
  ])('is read by %s', (_, name, text) => {
    const { logs, unread } = read(name, text);
    expect(logs).toHaveLength(1);
    expect(unread.filter(({ reason }) => !reason.startsWith('words outside of the fences'))).toEqual([]);
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

describe('what of a log is too much', () => {
  it('is told where a line is long', () => {
    const { logs, cut } = recognise({ name: 'x.log', text: `ERROR ${'no answer '.repeat(400)}\nup again\n` }, at);
    expect(logs[0]?.lines[0]?.length).toBeLessThan(2_010);
    expect(cut).toEqual(['x.log: what stands beyond 2000 letters in 1 of its lines']);
  });

  it.each(['x.log', 'wood_owl-0_app.log'])('is all of it where it has no words: %s', (name) => {
    const { logs, unread } = recognise({ name, text: 'a'.repeat(50_000) }, at);
    expect([logs, unread]).toEqual([
      [],
      [{ file: name, reason: 'holds no words: it begins with "aaaaaaaaaaaaaaaaaaaa"' }],
    ]);
  });

  it.each(['Killed\n', '启动失败：无法连接数据库'.repeat(200), 'up\n'.repeat(2_000)])(
    'is not one that says little',
    (text) => {
      expect(recognise({ name: 'x.log', text }, at).unread).toEqual([]);
    },
  );
});

it('names how deep a document is that is too deep to be read', () => {
  const { unread } = recognise(
    { name: 'x.json', text: `{"a":"[[", "b":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
    at,
  );
  expect(unread).toEqual([{ file: 'x.json', reason: 'is nested 100001 levels deep; up to about 1000 are read' }]);
});
