import { describe, expect, it } from '@jest/globals';
import { planted } from '../../test/planted-fault.ts';
import { fromRequest, MetricsQuestion } from './request.ts';
import { rootCauseRoutes } from './routes.ts';
import type { Samples } from './series.ts';
import { RootCauses } from './wire.ts';

const points = ({ times, values }: Samples) =>
  times.map((time, at) => {
    const value = values[at] ?? Number.NaN;
    return [new Date(time).toISOString(), Number.isFinite(value) ? value : null];
  });

const { observations, onset } = planted({ fault: 'memory', at: 'catalog', seed: 3, step: 60, before: 30, after: 5 });
const body = {
  series: observations.series.map((one) => ({ entity: one.entity, metric: one.metric, points: points(one) })),
  edges: observations.edges.map((one) => ({
    caller: one.caller,
    callee: one.callee,
    metric: one.metric,
    points: points(one),
  })),
  logs: [{ time: new Date(onset).toISOString(), entity: 'cart', message: 'took 5ms' }],
  onset: new Date(onset).toISOString(),
};

describe('POST /api/v1/analyze/metrics', () => {
  it('names the broken entity in the declared shape', async () => {
    const [route] = rootCauseRoutes();
    const input = { body: MetricsQuestion.parse(body) };
    const answer = RootCauses.parse(await route?.handler(input as never));
    expect(answer).toMatchObject({ status: 'answered', onset: body.onset, onset_found: false, target: null });
    expect(answer.ranked[0]).toMatchObject({ rank: 1, entity: 'catalog', metric: 'memory_working_set_bytes' });
  });

  it('refuses a target that was not measured, by field', () => {
    const asked = MetricsQuestion.parse({ ...body, target: { entity: 'nobody', metric: 'latency' } });
    expect(() => fromRequest(asked)).toThrow(
      expect.objectContaining({
        details: {
          fields: [{ field: 'body.target', message: expect.stringMatching(/no series of an entity "nobody"/) }],
        },
      }),
    );
  });

  it('reads as large a body as its points need, and no more points', () => {
    const [route] = rootCauseRoutes();
    const rows = Array.from({ length: 20_000 }, (_, at) => [new Date(at * 1000).toISOString(), 0.123456789]);
    const asked = (entities: number) => ({
      series: Array.from({ length: entities }, (_, at) => ({ entity: `e${at}`, metric: 'cpu', points: rows })),
    });
    expect(JSON.stringify(asked(10)).length).toBeLessThan(route?.bodyLimit ?? 0);
    expect(MetricsQuestion.safeParse(asked(10)).success).toBe(true);
    expect(MetricsQuestion.safeParse(asked(11)).error?.issues[0]).toMatchObject({
      path: ['series'],
      message: expect.stringContaining('200000 points in all'),
    });
  });

  it('needs a series, an edge or a log line', () => {
    expect(MetricsQuestion.safeParse({}).success).toBe(false);
    expect(MetricsQuestion.safeParse({ series: [{ entity: 'a', metric: 'cpu', points: [['noon', 1]] }] }).success).toBe(
      false,
    );
  });
});
