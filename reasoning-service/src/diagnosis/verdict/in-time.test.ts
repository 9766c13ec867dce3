import type { Bundle, JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { inTime } from './in-time.ts';

const at = '2026-11-21T10:00:00.000Z';
const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const bundle = (parts: Partial<Bundle>): Bundle => ({
  ...{ cluster: 'eu-1', at, subject: cart, objects: [], events: [], logs: [], metrics: [], alerts: [], changes: [] },
  ...{ forecasts: [], cut: [], complete: [] },
  ...parts,
});

type Run = { startedAt?: string; finishedAt?: string };
const crashing = (last: Run, metadata: JsonObject = {}) => ({
  ...{ id: 'object:cart-1', kind: 'Pod', namespace: 'shop', name: 'cart-1' },
  body: {
    metadata,
    spec: { containers: [{ name: 'app', image: 'cart:2' }] },
    status: {
      containerStatuses: [
        {
          ...{ name: 'app', ready: false, restartCount: 6, state: { waiting: { reason: 'CrashLoopBackOff' } } },
          lastState: { terminated: { exitCode: 1, reason: 'Error', ...last } },
        },
      ],
    },
  },
});
const justNow = { startedAt: '2026-11-21T09:57:00Z', finishedAt: '2026-11-21T09:57:04Z' };
const log = (...lines: string[]) => ({
  ...{ id: 'log:cart-1', namespace: 'shop', pod: 'cart-1', container: 'app', previous: true },
  lines,
});
const refused = 'connection refused db.shop.svc:5432';
const said = (line: string, pod = crashing(justNow)) => diagnose(bundle({ objects: [pod], logs: [log(line)] }));

describe('a log of another time', () => {
  it.each([
    `2024-01-01T10:00:00Z ERROR ${refused}`,
    `2024-01-01T10:00:00Z ${refused}`,
    `2024-01-01 ${refused}`,
    `2026-11-14 10:00:00 ERROR ${refused}`,
    `{"level":"error","ts":1704103200,"msg":"${refused}"}`,
    `E0301 10:00:00.000000       1 main.go:3] ${refused}`,
    `2027-01-01T10:00:00Z ERROR ${refused}`,
  ])('is evidence of nothing, and the right one is asked for: %s', (line) => {
    const { status, category, evidence, missing_evidence } = said(line);
    expect([status, category]).toEqual(['abstained', 'unknown']);
    expect(evidence.map(({ id }) => id)).not.toContain('log:cart-1');
    expect(missing_evidence[0]).toContain('kubectl logs cart-1 -n shop -c app --previous');
    expect(missing_evidence.at(-1)).toBe('1 of 1 lines of the log of cart-1 app: they are of another time');
  });

  it('is not called missing', () => {
    const old = said(`2024-01-01T10:00:00Z ERROR ${refused}`).root_cause?.description;
    expect(old).toContain('its log is of another time');
    const none = diagnose(bundle({ objects: [crashing(justNow)] })).root_cause?.description;
    expect(none).toContain('its log is not there');
  });

  it('takes with it what stands below it without a time', () => {
    const lines = [
      '2024-01-01 10:00:00 INFO starting',
      '2024-01-01 10:00:01 ERROR in worker',
      'Traceback (most recent call last):',
      '  File "/app/main.py", line 3, in <module>',
      `psycopg2.OperationalError: ${refused}`,
    ];
    expect(inTime(bundle({ objects: [crashing(justNow)], logs: [log(...lines)] })).logs).toEqual([]);
  });

  it('leaves what else the same log says of now', () => {
    const now = '2026-11-21T09:57:03Z ERROR required key DATABASE_URL missing value';
    const logs = [log(`2024-01-01T10:00:00Z ERROR ${refused}`, now)];
    const found = diagnose(bundle({ objects: [crashing(justNow)], logs }));
    expect([found.category, found.evidence.some(({ quote }) => quote === now)]).toEqual(['missing_env_var', true]);
  });

  it('is known by where the bundle stands when the status of the pod tells no time', () => {
    expect(said(`2024-01-01T10:00:00Z ERROR ${refused}`, crashing({})).status).toBe('abstained');
    expect(said(`2026-11-12T10:00:00Z ERROR ${refused}`, crashing({})).category).toBe('dependency_unreachable');
  });
});

describe('a log that is of its time', () => {
  const old = { startedAt: '2026-06-01T08:00:00Z', finishedAt: '2026-11-21T09:57:04Z' };
  it.each([
    ['in the zone furthest east', `2026-11-21 23:57:03 ERROR ${refused}`, justNow],
    ['in the zone furthest west', `2026-11-20 21:57:03 ERROR ${refused}`, justNow],
    ['without a date', `09:57:03.120 ERROR ${refused}`, justNow],
    ['with an uptime', `{"level":"error","ts":3.21,"msg":"${refused}"}`, justNow],
    ['with a clock that nobody set', `1970-01-01T00:00:03Z ERROR ${refused}`, justNow],
    ['in seconds', `{"level":"error","ts":1795255023,"msg":"${refused}"}`, justNow],
    ['in milliseconds', `{"level":"error","time":1795255023000,"msg":"${refused}"}`, justNow],
    ['in microseconds', `{"level":"error","time":1795255023000000,"msg":"${refused}"}`, justNow],
    ['in nanoseconds', `{"level":"error","time":1795255023000000000,"msg":"${refused}"}`, justNow],
    ['without a year', `E1121 09:57:03.000000       1 main.go:3] ${refused}`, justNow],
    ['from early in a long run', `2026-06-01T08:00:02Z ERROR ${refused}`, old],
    ['without a year from early in a long run', `E0601 08:00:02.000000       1 main.go:3] ${refused}`, old],
  ])('counts: %s', (_, line, run) => {
    const found = said(line, crashing(run));
    expect([found.category, found.status]).toEqual(['dependency_unreachable', 'answered']);
  });

  it('is judged by its own end where it is all that is there', () => {
    const lone = bundle({ logs: [log(`2024-01-01T10:00:00Z ERROR ${refused}`)] });
    expect(inTime(lone).logs).toEqual(lone.logs);
  });

  it('counts although a banner names the day of its build', () => {
    const lines = ['2024-01-01 10:00:00 cart 2.4.1', `ERROR ${refused}`];
    expect(diagnose(bundle({ objects: [crashing(justNow)], logs: [log(...lines)] })).category).toBe(
      'dependency_unreachable',
    );
  });

  it('is not dated by the age of a row, which counts back from when it was read', () => {
    const row = crashing({}, { creationTimestamp: '2026-11-21T09:50:00Z' });
    expect(said(`2026-11-12T10:00:00Z ERROR ${refused}`, row).category).toBe('dependency_unreachable');
    const whole = crashing({}, { uid: 'u', creationTimestamp: '2026-11-21T09:50:00Z' });
    expect(said(`2026-11-12T10:00:00Z ERROR ${refused}`, whole).status).toBe('abstained');
  });
});

describe('what else tells its time', () => {
  it('counts where that is the time of the bundle', () => {
    const change = { kind: 'Deployment', namespace: 'shop', name: 'cart', change: 'rollout' as const };
    const rest = { from_revision: '1', to_revision: '2', fields: [] };
    const alert = { name: 'A', labels: {}, annotations: {}, ends_at: null };
    const found = inTime(
      bundle({
        metrics: [
          { id: 'm1', name: 'up', labels: {}, points: [['2024-01-01T10:00:00Z', 1]] },
          {
            ...{ id: 'm2', name: 'up', labels: {} },
            points: [
              ['2024-01-01T10:00:00Z', 9],
              ['2026-11-21T09:59:00Z', 1],
            ],
          },
        ],
        alerts: [
          { ...alert, id: 'a1', starts_at: '2026-10-01T00:00:00Z' },
          { ...alert, id: 'a2', starts_at: '2026-12-01T00:00:00Z' },
        ],
        changes: [
          { ...change, ...rest, id: 'c1', at: '2026-11-21T09:50:00Z' },
          { ...change, ...rest, id: 'c2', at: '2026-01-21T09:50:00Z' },
        ],
      }),
    );
    expect(found.metrics.map(({ id, points }) => [id, points])).toEqual([['m2', [['2026-11-21T09:59:00Z', 1]]]]);
    expect(found.alerts.map(({ id }) => id)).toEqual(['a1']);
    expect(found.changes.map(({ id }) => id)).toEqual(['c1']);
  });
});
