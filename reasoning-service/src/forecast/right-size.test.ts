import { describe, expect, it } from '@jest/globals';
import { RightSizeRequest, rightSize } from './right-size.ts';

const usage = (hours: number, value: (row: number) => number) =>
  Array.from({ length: hours * 4 }, (_, row) => ({
    at: new Date(Date.parse('2026-03-01T00:00:00Z') + row * 900_000).toISOString(),
    value: value(row),
  }));

describe('right-sizing', () => {
  it('covers nearly all use of processors and all of memory, with headroom', () => {
    const sized = rightSize(
      RightSizeRequest.parse({
        container: 'app',
        cpu: { current: { request: 2, limit: null }, points: usage(48, (row) => (row % 50 === 0 ? 1 : 0.2)) },
        memory: { points: usage(48, (row) => 1e8 + (row === 7 ? 1e8 : 0)) },
      }),
    );
    expect(sized.cpu).toMatchObject({ status: 'answered', limit: null });
    expect(sized.cpu.request).toBeCloseTo(0.23, 5);
    expect(sized.cpu.saved).toBeCloseTo(1.77, 5);
    expect(sized.memory.limit).toBeCloseTo(2.5e8, 0);
    expect(sized.memory.saved).toBeNull();
  });

  it('recommends nothing from less than a day', () => {
    const request = RightSizeRequest.parse({
      container: 'app',
      cpu: { points: usage(12, () => 1) },
      memory: { points: [] },
    });
    expect([rightSize(request).cpu.status, rightSize(request).memory.status]).toEqual([
      'not_enough_data',
      'not_enough_data',
    ]);
  });

  it('recommends no size of nothing, and takes no usage below it', () => {
    const asked = (cpu: number, memory: number) =>
      RightSizeRequest.safeParse({
        container: 'app',
        cpu: { points: usage(48, () => cpu) },
        memory: { points: usage(48, () => memory) },
      });
    const idle = rightSize(asked(0, 0).data ?? {});
    const none = { status: 'not_enough_data', request: null, limit: null, reason: expect.stringMatching(/was 0/) };
    expect(idle).toMatchObject({ cpu: none, memory: none });
    expect(asked(-1, 0).error?.issues[0]?.path).toEqual(['cpu', 'points', 0, 'value']);
  });

  it('needs an object with its cluster, or a container with its points, and says which part is missing', () => {
    const object = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
    const paths = (given: object) => RightSizeRequest.safeParse(given).error?.issues.map(({ path }) => path.join('.'));
    expect(paths({ cluster_id: 'eu-1', object })).toBeUndefined();
    expect(paths({ object })).toEqual(['cluster_id']);
    expect(paths({ cluster_id: 'eu-1', object, cpu: { points: usage(1, () => 1) } })).toEqual(['cpu.points']);
    expect(paths({})).toEqual(['container', 'cpu', 'memory']);
  });
});
