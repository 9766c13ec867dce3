import { ClusterId, Duration, Subject, seconds, Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { refuseUnmeasured, timesIn } from '../given-times.ts';
import { pointsIn } from '../large-body.ts';
import { forecastOf } from './forecast-of.ts';
import { hours } from './past.ts';
import { Forecast, Resource } from './resource.ts';
import type { PastAccuracy } from './trend.ts';

const percent = z.number().min(0).max(100);
const usage = z.object({ usage_percent: percent });

/** One earlier state of the metrics; its time is `at` like everywhere, and `timestamp` for those who know it by that name. */
const Earlier = z
  .object({
    at: Timestamp.optional(),
    timestamp: Timestamp.optional().meta({ description: 'The same as at' }),
    memory: usage.optional(),
    disk: usage.optional(),
    restart_count: z.int().nonnegative().optional(),
  })
  .refine(({ at, timestamp }) => (at === undefined) !== (timestamp === undefined), {
    path: ['at'],
    message: 'is needed, or timestamp in its place',
  });
type Earlier = z.infer<typeof Earlier>;

const MOST_POINTS = 100_000;

/** A question about what will break, and the history it is to be answered from where that is not stored. */
const Question = z.object({
  request_id: z.string().min(1).max(100).optional(),
  cluster_id: ClusterId,
  at: Timestamp.optional().meta({
    description: 'The time that it is asked from, for an answer about the past; the present where left out',
  }),
  object: Subject.optional().meta({
    description: 'An object whose stored series are forecast; a pod or service stands for its workload',
  }),
  resource_type: z.enum(['pod', 'node', 'service']).optional(),
  resource_name: z.string().min(1).max(253).optional(),
  metrics: z
    .object({
      memory: usage.optional(),
      cpu: usage.extend({ throttling_percent: percent.optional() }).optional(),
      disk: usage.optional(),
      network: z.object({ error_rate: z.number().min(0).max(1) }).optional(),
      restart_count: z.int().nonnegative().optional(),
      history: z
        .array(Earlier)
        .max(5_000)
        .default([])
        .refine((history) => history.every((one, index) => index === 0 || isLater(one, history[index - 1])), {
          message: 'has times that do not rise',
        }),
    })
    .default({ history: [] }),
  resources: z
    .array(Resource)
    .max(100)
    .refine((all) => pointsIn(all.flatMap((one) => ('points' in one ? [one] : []))) <= MOST_POINTS, {
      message: `have more than ${MOST_POINTS} points in all`,
    })
    .default([]),
  time_window: Duration.default('24h')
    .refine((window) => seconds(window) > 0, { message: 'is longer than nothing' })
    .meta({ description: 'How far ahead is looked, at most 30 days, such as "24h"' }),
});

/** A question names an object that agents sample, or a resource whose points it carries. */
export const PredictionRequest = Question.superRefine(({ object, at, resource_type, resource_name }, { addIssue }) => {
  if (object !== undefined && at !== undefined)
    addIssue({
      code: 'custom',
      path: ['at'],
      message: 'goes with a history; stored series are asked from the present',
    });
  for (const [field, value] of Object.entries({ resource_type, resource_name }))
    if (value === undefined && object === undefined)
      addIssue({ code: 'custom', path: [field], message: 'is needed where no object is named' });
});
export type PredictionRequest = z.infer<typeof PredictionRequest>;

const timeOf = ({ at, timestamp }: Earlier): string => at ?? timestamp ?? '';

const isLater = (one: Earlier, before: Earlier | undefined): boolean =>
  before === undefined || Date.parse(timeOf(before)) < Date.parse(timeOf(one));

export const PredictionResult = z.object({
  status: z.enum(['answered', 'not_enough_data']),
  failure_probability: z.number().min(0).max(1).nullable(),
  predicted_failure_time: Timestamp.nullable(),
  failure_types: z.array(z.string()),
  confidence: z.number().min(0).max(1).meta({
    description:
      'how often the bands of such forecasts held in the past given here; nearer to one half the fewer checks there were, and the less far ahead they looked',
  }),
  contributing_factors: z.array(z.string()),
  forecasts: z.array(Forecast),
});
export type PredictionResult = z.infer<typeof PredictionResult>;

/** A failure is named once it is as likely as not. */
const LIKELY = 0.5;

type Metrics = Pick<Earlier, 'memory' | 'disk' | 'restart_count'>;

/** Points of the history, and the present one where it is later than all of them. */
function pointsOf(
  { history, ...present }: PredictionRequest['metrics'],
  now: string,
  value: (one: Metrics) => number | undefined,
) {
  const last = history.at(-1);
  const isPresentLater = last === undefined || Date.parse(timeOf(last)) < Date.parse(now);
  const all = [
    ...history.map((one) => ({ at: timeOf(one), one })),
    ...(isPresentLater ? [{ at: now, one: present }] : []),
  ];
  return all.flatMap(({ at, one }) => {
    const found = value(one);
    return found === undefined ? [] : [{ at, value: found }];
  });
}

/** The percentages of the metrics as resources with a limit of a hundred. */
function resourcesOf({ metrics, resource_name, object, resources }: PredictionRequest, now: string): Resource[] {
  const name = resource_name ?? object?.name ?? '';
  const memory = pointsOf(metrics, now, (one) => one.memory?.usage_percent);
  const disk = pointsOf(metrics, now, (one) => one.disk?.usage_percent);
  const restarts = pointsOf(metrics, now, (one) => one.restart_count);
  const candidates: Resource[] = [
    { kind: 'memory', name, limit: 100, points: memory },
    { kind: 'disk', name, limit: 100, points: disk },
    { kind: 'restarts', name, points: restarts },
  ];
  return [...candidates.filter((one) => 'points' in one && one.points.length > 0), ...resources];
}

function factorOf({ kind, name, now, limit, probability, seconds_to_limit }: Forecast): string {
  const chance = `${Math.round(100 * (probability ?? 0))} %`;
  const left = seconds_to_limit?.value;
  const when = left === null || left === undefined ? '' : `, expected in ${hours(left)}`;
  if (kind === 'certificate') return `certificate ${name} expires in ${hours(now ?? 0)}`;
  if (kind === 'restarts') return `${name} restarts again with a chance of ${chance}${when}`;
  return `${kind} ${name} is at ${Number((now ?? 0).toPrecision(4))} of ${limit}: ${chance} to reach it${when}`;
}

/** From this share of its limit on a resource is told even when nothing says where it goes. */
const NEAR = 0.9;

const isNear = ({ now, limit }: Forecast): boolean => now !== null && limit !== null && now >= NEAR * limit;

/** What is told of what nothing was foretold of: that it is near its limit, or why an older history said nothing. */
function unknownFactorsOf(forecast: Forecast): string[] {
  const { kind, name, now, limit, reason } = forecast;
  if (forecast.status === 'answered') return [];
  if (now === null) return [`${kind} ${name}: ${reason}`];
  if (!isNear(forecast)) return [];
  const standing = `${kind} ${name} is at ${Number(now.toPrecision(4))} of ${limit} now`;
  return [`${standing}; without its history nothing says when it gets there`];
}

/** From this share of throttled periods, of failed requests and of restarts on they are told: the first as in the diagnosis. */
const THROTTLED_PERCENT = 25;
const FAILED = 0.05;
const RESTARTED = 5;

/** What runs towards no limit and is foretold by nothing, but is high now and makes a failure likelier. */
function presentFactors({ metrics: { cpu, network, restart_count }, resource_name, object }: PredictionRequest) {
  const name = resource_name ?? object?.name ?? '';
  const [used, throttled, failed] = [cpu?.usage_percent, cpu?.throttling_percent, network?.error_rate];
  return [
    used !== undefined && used >= 100 * NEAR ? [`cpu ${name} is at ${used} of 100 now`] : [],
    throttled !== undefined && throttled >= THROTTLED_PERCENT
      ? [`cpu ${name} is throttled in ${throttled} of 100 periods now`]
      : [],
    failed !== undefined && failed >= FAILED ? [`${name} has a network error rate of ${failed} now`] : [],
    restart_count !== undefined && restart_count >= RESTARTED ? [`${name} has restarted ${restart_count} times`] : [],
  ].flat();
}

/**
 * A band that always held says less after two checks than after eight: one more of each is added. A check that looked a part of
 * the way counts as that part.
 */
export function confidenceIn({ past_accuracy: past, kind, at_end_seconds: asked }: Forecast): number {
  if (kind === 'certificate') return 1;
  if (past === null) return 0.5;
  const checks = past.checks * Math.min(1, past.seconds_ahead / Math.max(1, asked ?? past.seconds_ahead));
  return (past.within_band * checks + 1) / (checks + 2);
}

/** Something stored, with how forecasts of it turned out that were made before. */
type Stored = { resource: Resource; made: PastAccuracy | null };

/** Refuses points that were not measured yet: what has not come cannot be extrapolated. */
export function refuseFuture({ at, metrics, resources }: PredictionRequest, now: Date): void {
  if (at !== undefined) refuseUnmeasured([{ field: 'at', at }], now);
  const present = new Date(Math.min(now.getTime(), Date.parse(at ?? now.toISOString())));
  const history = metrics.history.map((one, row) => ({ field: `metrics.history.${row}.at`, at: timeOf(one) }));
  const measured = resources.map((one) => ('points' in one ? one : { points: [] }));
  refuseUnmeasured([...history, ...timesIn('resources', measured)], present);
}

/** The most probable failure of a window, with every forecast that it was read from. */
export function predict(request: PredictionRequest, present: Date, stored: readonly Stored[] = []): PredictionResult {
  const now = request.at === undefined ? present : new Date(request.at);
  const window = { now: now.getTime() / 1000, seconds: seconds(request.time_window) };
  const forecasts = [
    ...resourcesOf(request, now.toISOString()).map((resource) => forecastOf(resource, window)),
    ...stored.map(({ resource, made }) => {
      const forecast = forecastOf(resource, window);
      return { ...forecast, past_accuracy: made ?? forecast.past_accuracy };
    }),
  ];
  const others = [...forecasts.flatMap(unknownFactorsOf), ...presentFactors(request)];
  const answered = forecasts.filter(({ status }) => status === 'answered');
  const [worst] = [...answered].sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0));
  if (worst === undefined)
    return {
      status: 'not_enough_data',
      failure_probability: null,
      predicted_failure_time: null,
      failure_types: [],
      confidence: 0,
      contributing_factors: others,
      forecasts,
    };
  const likely = answered.filter(({ probability }) => (probability ?? 0) >= LIKELY);
  const times = likely.flatMap(({ seconds_to_limit }) => seconds_to_limit?.value ?? []);
  const first = Math.min(...times);
  return {
    status: 'answered',
    failure_probability: worst.probability,
    predicted_failure_time: times.length === 0 ? null : new Date(now.getTime() + first * 1000).toISOString(),
    failure_types: [...new Set(likely.map(({ kind }) => kind))],
    confidence: confidenceIn(worst),
    contributing_factors: [...answered.filter((one) => likely.includes(one) || isNear(one)).map(factorOf), ...others],
    forecasts,
  };
}
