import { describe, expect, it } from '@jest/globals';
import { readDescribe } from './describe.ts';

const origin = { file: 'd.txt', at: '2026-01-02T03:04:05.000Z', command: undefined };

describe('a description of which somebody cut most', () => {
  it('is of a Job where the statuses of its pods are left, which no other kind has', () => {
    const part = 'Name:  backup\nNamespace:  ops\nPods Statuses:  0 Active (0 Ready) / 1 Succeeded / 1 Failed\n';
    expect(readDescribe(part, origin).objects).toMatchObject([
      { kind: 'Job', name: 'backup', body: { status: { succeeded: 1, failed: 1 } } },
    ]);
  });
});
