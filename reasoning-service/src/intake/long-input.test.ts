import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';
const pods = `NAME                   READY   STATUS             RESTARTS      AGE
cart-5b8c9d7f4-x2x9k   0/1     CrashLoopBackOff   7 (2m1s ago)  12m
web-0                  1/1     Running            0             3d
`;

describe('what would take too long', () => {
  const read = (name: string, text: string) => recognise({ name, text }, at);
  const isQuick = (name: string, text: string): ReturnType<typeof read> => {
    const from = process.cpuUsage();
    const found = read(name, text);
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1000).toBeLessThan(2_000);
    return found;
  };

  it('is refused as YAML by its lines, keys and items, not only by its length', () => {
    const keys = (count: number) => `kind: List\n${Array.from({ length: count }, (_, n) => `k${n}: v`).join('\n')}`;
    expect(isQuick('a.yaml', keys(20_000)).unread[0]?.reason).toContain('holds no Kubernetes objects');
    expect(isQuick('a.yaml', keys(150_000)).unread[0]?.reason).toContain('JSON of that size is read');
  });

  it('still names a key that stands twice', () => {
    expect(read('a.yaml', 'kind: Pod\nmetadata:\n  name: a\n  name: b\n').unread[0]?.reason).toBe(
      'is broken YAML: the key name stands twice in one mapping',
    );
    expect(read('a.yaml', 'kind: A\nx: &x {a: 1}\ny: {<<: *x, b: 1}\n').unread[0]?.reason).not.toContain('twice');
  });

  it('is named as broken YAML by the first place, however many there are in one line', () => {
    const text = `kind: Pod\nname: ${'name-of-a-long-key: value '.repeat(100_000)}`;
    expect(isQuick('a.yaml', text).unread[0]?.reason).toMatch(/^is broken YAML: .* at line 2, column \d+$/);
  });

  it('is read as a screen of k9s in time that grows with its length alone', () => {
    const text = `┌──── Pods(shop)[1] ────┐\n│ NAME      READY ${' '.repeat(400_000)} STATUS │\n│ cart-5b8c9d7f4-x2x9k  0/1   Pending │\n`;
    expect(isQuick('a.txt', text).objects[0]).toMatchObject({ kind: 'Pod', namespace: 'shop' });
  });

  it('is given up as JSON lines at the first line that is none', () => {
    expect(isQuick('a.json', `{\n${'"a": }\n'.repeat(300_000)}`).unread[0]?.reason).toContain('is broken JSON');
  });

  it('is read from both ends as a table, and is then no whole listing', () => {
    const row = (n: number) => `web-${n}                  1/1     Running            0             3d\n`;
    const { objects, cut, complete } = read('a.txt', pods + Array.from({ length: 80_000 }, (_, n) => row(n)).join(''));
    expect(cut).toContain('a.txt: 1 MiB between its first and last 2 MiB');
    expect(complete).toEqual([]);
    expect(objects.at(0)?.name).toBe('cart-5b8c9d7f4-x2x9k');
  });

  it('of which neither end tells anything is not read in part', () => {
    const { unread, cut } = read('a.txt', `x\n${' '.repeat(50)}- and so on\n`.repeat(80_000));
    expect({ unread: unread.length, cut }).toEqual({ unread: 1, cut: [] });
  });

  it('is bounded in what it says of itself', () => {
    expect(read('a.txt', `${pods}\n${'zzz\n\n'.repeat(500)}`).unread).toHaveLength(21);
    const usage = 'NAME    CPU(cores)   MEMORY(bytes)\nweb-0   1m           2Mi\n'.repeat(11_000);
    expect(read('a.txt', usage)).toMatchObject({ cut: ['a.txt: 2000 figures of usage'] });
  });

  it('and what holds nothing says so', () => {
    expect(read('a.json', '{"kind":"List","apiVersion":"v1","items":[]}').unread).toEqual([
      { file: 'a.json', reason: 'holds no object, event, log line, figure or alert' },
    ]);
  });
});
