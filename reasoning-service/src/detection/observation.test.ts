import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PredictionRequest, predict } from '../forecast/prediction.ts';
import { RightSizeRequest, rightSize } from '../forecast/right-size.ts';
import { ObserveRequest, observationsOf } from './observation.ts';

const subject = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const at = (second: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + second * 1000).toISOString();
const request = (points: unknown[]) => ({ cluster_id: 'eu-1', series: [{ series: { name: 'cpu' }, subject, points }] });

/** Where the first fault of a body lies, and what is said of it. */
const faultIn = (body: unknown): string => {
  const [issue] = ObserveRequest.safeParse(body).error?.issues ?? [];
  return `${issue?.path.join('.')}: ${issue?.message}`;
};

describe('what is observed', () => {
  it('is refused with the place of its fault', () => {
    const point = (second: number, value: unknown = 1) => ({ at: at(second), value });
    expect(faultIn(request([point(2), point(1)]))).toBe('series.0.points.1.at: is earlier than the point before it');
    expect(faultIn(request([point(2), point(2)]))).toBe('series.0.points.1.at: is the time of the point before it');
    expect(faultIn(request([point(1, Number.NaN)]))).toMatch(/^series\.0\.points\.0\.value: .*NaN/);
    expect(faultIn(request([point(1, 1e300)]))).toMatch(/^series\.0\.points\.0\.value: Too big/);
    expect(faultIn(request([]))).toMatch(/^series\.0\.points: Too small/);
    expect(faultIn({ cluster_id: 'eu-1' })).toMatch(/names neither a series nor a workload/);
  });

  it('keeps "no data" apart from zero', () => {
    const body = ObserveRequest.parse(
      request([
        { at: at(1), value: null },
        { at: at(2), value: 0 },
      ]),
    );
    expect(observationsOf(body)[0]?.points.map(({ values }) => values)).toEqual([[null], [0]]);
  });

  it('lists workloads with their values in the order of the preset', () => {
    const points = [{ at: at(1), requests_per_second: 1, p95_seconds: 2, memory_bytes: null }];
    const body = ObserveRequest.parse({ cluster_id: 'eu-1', workloads: [{ preset: 'aegisops', subject, points }] });
    expect(observationsOf(body)).toMatchObject([{ kind: 'aegisops', points: [{ values: [1, 2, null] }] }]);
  });
});

describe('any body', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const times = fc.oneof(
    fc.constant(at(1)),
    fc.nat().map(at),
    fc.date({ noInvalidDate: true, min: new Date('0001'), max: new Date('9999') }).map((time) => time.toISOString()),
    json,
  );
  const points = fc.array(fc.record({ at: times, value: fc.oneof(fc.double(), json) }));
  const bodies = fc.oneof(
    json,
    fc.record({
      cluster_id: fc.constant('eu-1'),
      series: fc.array(fc.record({ series: json, subject: fc.constant(subject), points })),
    }),
    fc.record({
      cluster_id: fc.constant('eu-1'),
      resource_type: fc.constant('pod'),
      resource_name: fc.constant('x'),
      time_window: fc.oneof(fc.constant('24h'), json),
      resources: fc.array(
        fc.record({
          kind: fc.constantFrom('disk', 'hpa', 'restarts'),
          name: fc.constant('d'),
          limit: fc.double(),
          points,
        }),
      ),
    }),
  );

  it('is answered or refused, never a crash', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const [observed, asked, sized] = [ObserveRequest, PredictionRequest, RightSizeRequest].map((schema) =>
          schema.safeParse(body),
        );
        if (observed?.success) observationsOf(observed.data as ObserveRequest);
        if (asked?.success) predict(asked.data as PredictionRequest, new Date(at(0)));
        if (sized?.success) rightSize(sized.data as RightSizeRequest);
      }),
      { numRuns: 3_000 },
    );
  });
});
