import { apart } from './apart.ts';
import { type CallGraph, callGraph, reachable } from './call-graph.ts';
import { chooseOnsets, type Onset } from './choose-onset.ts';
import { complaints, deepest } from './complaints.ts';
import {
  budgetCertainty,
  type Certainty,
  certaintyOf,
  LEAST_DEVIATION,
  LEAST_FAIR,
  marginOf,
  symptomCertainty,
  walkCertainty,
} from './confidence.ts';
import type { Evidence } from './evidence.ts';
import { LEAST_LASTING, lastingDeviation } from './lasting.ts';
import { metricKind } from './metric-kind.ts';
import { LEAST_SAMPLES } from './onset.ts';
import type { Moment } from './resources.ts';
import { cutAt, type Observations, reachOf, type Target } from './series.ts';
import { SETTINGS, type Settings } from './settings.ts';
import { type NodeView, nodeView, symptomOf } from './symptom.ts';
import { unknownChange } from './unknown-change.ts';
import { isUnprecedented } from './unprecedented.ts';
import { findWhat, ranked, type Suspect } from './what.ts';
import { findWhere, type Where } from './where.ts';

/** One entity of the answer; `score` falls with the rank, its unit depends on `by`. */
export type Ranked = { entity: string; score: number; metric: string; evidence: Evidence[] };

/** What broke, or nothing with the reason. `onset` is epoch milliseconds. */
export type Answer = {
  onset: number | null;
  onset_found: boolean;
  status: 'answered' | 'empty';
  reason: string | null;
  /** What the ranking rests on: lost time or requests, the walk over callees, causes of a service's own, or symptoms. */
  by: 'budgets' | 'walk' | 'causes' | 'symptoms' | 'nothing';
  confidence: number;
  strength: Certainty['strength'] | 'none';
  /** Share of the target's loss that the answer explains, where budgets were counted. */
  coverage: number | null;
  ranked: Ranked[];
  notes: string[];
};

export type Question = { target?: Target | undefined; onset?: number | undefined; settings?: Settings };

const MOST_RANKED = 20;
/** From this deviation on symptoms are loud enough to be believed without a cause. */
const LOUD = 8;
/** How much louder than the best cause they must be. */
const SYMPTOM_LEAD = 3;
const APPENDED = 0.001;

type Draft = Pick<Answer, 'by' | 'ranked' | 'notes'> & { certainty: Certainty; coverage?: number };
type Nothing = { by: 'nothing'; reason: string };
type Unexplained = Where & { by: 'nothing' };

/** The root causes of what changed at the onset, by steps 1 to 7 of docs/adr/0009. Pure: the same input, the same answer. */
export function analyze(known: Observations, question: Question = {}): Answer {
  const settings = question.settings ?? SETTINGS;
  const { onset, calm } =
    question.onset === undefined
      ? foundOnset(known, settings)
      : { onset: { began: question.onset, judged: question.onset }, calm: undefined };
  const isFound = question.onset === undefined && onset !== undefined && calm === undefined;
  // A moment at which nothing lasting happened is no onset.
  const found = { onset: calm === undefined ? (onset?.began ?? null) : null, onset_found: isFound };
  const result: Draft | Nothing =
    onset === undefined
      ? { by: 'nothing', reason: withoutOnset(known) }
      : (unusable(known, onset.judged) ?? calm ?? draft(known, question.target, { onset: onset.judged, settings }));
  const parts = apart(known) ?? [];
  if ('reason' in result) {
    const unknown = unknownChange(known.series, { onset: question.onset, settings });
    return { ...found, ...emptyAnswer([result.reason, parts, unknown ?? []].flat().join('; ')) };
  }
  const { certainty, coverage, ranked, notes, ...rest } = result;
  return {
    ...found,
    status: 'answered',
    reason: null,
    ...certainty,
    coverage: coverage ?? null,
    ranked: ranked.slice(0, MOST_RANKED),
    notes: [notes, parts].flat(),
    ...rest,
  };
}

/** Too few samples are no calm. */
function withoutOnset({ series, edges, logs }: Observations): string {
  const all = [...series, ...edges];
  if (all.length === 0 && logs.length > 0)
    return 'no log changes how often it writes of errors and warnings, so there is no onset; give the onset if it is known';
  const most = Math.max(...all.map(({ values }) => values.filter(Number.isFinite).length));
  return all.length > 0 && logs.length === 0 && most < LEAST_SAMPLES
    ? `too few samples: no series has more than ${most}, and a change of level shows in ${LEAST_SAMPLES} or more`
    : 'no series changes its level, so there is no onset';
}

const emptyAnswer = (reason: string): Omit<Answer, 'onset' | 'onset_found'> => ({
  status: 'empty',
  reason,
  by: 'nothing',
  confidence: 0,
  strength: 'none',
  coverage: null,
  ranked: [],
  notes: [],
});

function unusable(known: Observations, onset: number): Nothing | undefined {
  const lines = known.logs.map(({ time }) => time).sort((a, b) => a - b);
  const all = [...known.series, ...known.edges, { times: lines, values: lines }];
  const cuts = all.map((samples) => cutAt(samples, onset, reachOf(samples)));
  if (cuts.every(({ before }) => before.length < 2))
    return { by: 'nothing', reason: 'no series has a history before the onset' };
  if (cuts.some(({ after }) => after.length > 0)) return undefined;
  const later = all.some(({ times }) => (times.at(-1) ?? 0) >= onset);
  return {
    by: 'nothing',
    reason: later ? 'no sample lies within reach of the onset' : 'no sample lies at or after the onset',
  };
}

/** The likeliest moment if it shows something lasting, else one at which a change clearly holds; else why there is none. */
function foundOnset(known: Observations, settings: Settings): { onset?: Onset; calm?: Nothing } {
  let likeliest: { onset: Onset; calm: Nothing } | undefined;
  for (const onset of chooseOnsets(known, settings)) {
    const moment = { onset: onset.judged, settings };
    const calm = likeliest?.calm ?? unremarkable(known, moment);
    if (calm === undefined || isClear(known, moment)) return { onset };
    likeliest ??= { onset, calm };
  }
  return likeliest ?? {};
}

/** A found onset must show something that lasts; a given one is a fact. */
function unremarkable(known: Observations, moment: Moment): Nothing | undefined {
  const lasting = lastingDeviation(known, moment);
  if (lasting >= LEAST_LASTING) return undefined;
  const shown = Math.round(lasting * 10) / 10;
  return {
    by: 'nothing',
    reason: `the clearest change that was found lasts at ${shown} scales from its baseline, and one that nobody reported must last at ${LEAST_LASTING}, or be of one entity that stays where it never was; give the onset if it is known`,
  };
}

/** One entity leads and stays where it never was: a wave of traffic moves all alike. */
function isClear(known: Observations, moment: Moment): boolean {
  const suspects = findWhat(known, moment);
  const isLed = certaintyAmong(suspects).strength !== 'weak';
  return isLed && suspects[0]?.evidence.some((one) => isUnprecedented(one, known, moment)) === true;
}

function draft(known: Observations, target: Target | undefined, moment: Moment): Draft | Nothing {
  const graph = callGraph([...known.calls, ...known.edges]);
  const suspects = findWhat(known, moment);
  if (target === undefined) return fromCauses(suspects, known, moment, graph);
  const where = whereOf(known, target, moment, graph);
  if (where.by !== 'nothing') return fromPlaces(where, suspects, target, graph);
  return byOwnCause(where, suspects) ?? byComplaints(where, known, { target, moment, graph });
}

const certaintyAmong = (suspects: readonly Suspect[]): Certainty => {
  const top = suspects[0]?.deviation ?? 0;
  return certaintyOf(top, marginOf(top, suspects[1]?.deviation ?? 0));
};

/** Those that deviate; what stays within its usual scatter is no runner-up. */
const standingOut = (suspects: readonly Suspect[]): Ranked[] =>
  suspects.filter(({ deviation }, rank) => rank === 0 || deviation >= LEAST_DEVIATION).map(scored);

const scored = ({ entity, deviation, metric, evidence }: Suspect): Ranked => ({
  entity,
  score: deviation,
  metric,
  evidence,
});

function whereOf(known: Observations, target: Target, moment: Moment, graph: CallGraph): Where {
  const symptom = symptomOf(metricKind(target.metric)) ?? 'latency';
  const views = new Map<string, NodeView>();
  for (const [entity, series] of Map.groupBy(known.series, ({ entity }) => entity)) {
    const view = nodeView(series, symptom, target.metric);
    if (view !== undefined) views.set(entity, view);
  }
  const measure = views.get(target.entity)?.measure ?? { times: [], values: [] };
  const reach = reachOf(measure);
  const { times } = cutAt(measure, moment.onset, reach);
  return findWhere(views, target.entity, { symptom, ...moment, reach, times }, graph);
}

/** The target deviates or not, but no place was found: a strong cause of a service's own is still an answer. */
function byOwnCause(where: Unexplained, suspects: readonly Suspect[]): Draft | undefined {
  const certainty = certaintyAmong(suspects);
  const enough = certainty.strength === 'strong' || (where.deviates && certainty.strength === 'fair');
  return enough ? { by: 'causes', certainty, ranked: standingOut(suspects), notes: [where.reason] } : undefined;
}

/** What a target that deviates calls may complain loudly although the loss is not counted in full where it is measured. */
function byComplaints(
  where: Unexplained,
  known: Observations,
  { target, moment, graph }: { target: Target; moment: Moment; graph: CallGraph },
): Draft | Nothing {
  const below = new Set(reachable(graph, target.entity));
  const symptom = symptomOf(metricKind(target.metric));
  const alike = complaints(known, moment).filter(
    ({ entity, metric }) => below.has(entity) && symptomOf(metricKind(metric)) === symptom,
  );
  const loud = where.deviates ? ranked(alike, known, moment) : [];
  if ((loud[0]?.deviation ?? 0) < LOUD) return { by: 'nothing', reason: where.reason };
  const guess = fromSymptoms(loud, moment, graph);
  return { ...guess, notes: [where.reason, ...guess.notes] };
}

/** Lost time says where, causes say what. A strong cause below the target outranks the place: it is right more often still. */
function fromPlaces(
  where: Where & { by: 'budgets' | 'walk' },
  suspects: readonly Suspect[],
  target: Target,
  graph: CallGraph,
): Draft {
  const causes = new Map(suspects.map((suspect) => [suspect.entity, suspect]));
  const places = where.places.map(({ entity, score, z }): Ranked => {
    const cause = causes.get(entity);
    const excess: Evidence = { entity, kind: 'excess', metric: where.metric, deviation: z, before: null, after: null };
    const telling = cause !== undefined && cause.deviation >= LEAST_DEVIATION;
    return {
      entity,
      score,
      metric: telling ? cause.metric : where.metric,
      evidence: telling ? [excess, ...cause.evidence] : [excess],
    };
  });
  const coverage = where.by === 'budgets' ? { coverage: where.coverage } : {};
  const certainty = certaintyAmong(suspects);
  const [top] = suspects;
  const below = new Set([target.entity, ...reachable(graph, target.entity)]);
  if (
    top === undefined ||
    certainty.strength !== 'strong' ||
    !below.has(top.entity) ||
    top.entity === places[0]?.entity
  )
    return {
      by: where.by,
      certainty: where.by === 'budgets' ? budgetCertainty : walkCertainty,
      ...coverage,
      ranked: places,
      notes: [],
    };
  const rest = places.filter(({ entity }) => entity !== top.entity);
  const largest = Math.max(...rest.map(({ score }) => score), Number.MIN_VALUE);
  return {
    by: 'causes',
    certainty,
    ...coverage,
    ranked: [
      scored(top),
      ...rest.map((place) => ({ ...place, score: (APPENDED * top.deviation * place.score) / largest })),
    ],
    notes: [`the loss of the target alone would name ${places[0]?.entity ?? 'nothing'}`],
  };
}

/** Without an alert to explain causes rank; symptoms lead only where causes are weak and no calls are measured. */
function fromCauses(
  suspects: readonly Suspect[],
  known: Observations,
  moment: Moment,
  graph: CallGraph,
): Draft | Nothing {
  const certainty = certaintyAmong(suspects);
  const loudest = suspects[0]?.deviation ?? 0;
  if (certainty.strength === 'weak' && (known.edges.length === 0 || loudest < LEAST_FAIR)) {
    const symptoms = ranked(complaints(known, moment), known, moment);
    if ((symptoms[0]?.deviation ?? 0) >= Math.max(LOUD, SYMPTOM_LEAD * loudest))
      return fromSymptoms(symptoms, moment, graph);
  }
  if (loudest < LEAST_DEVIATION)
    return { by: 'nothing', reason: `nothing that could be a cause deviates by ${LEAST_DEVIATION} scales or more` };
  return { by: 'causes', certainty, ranked: standingOut(suspects), notes: [] };
}

function fromSymptoms(symptoms: readonly Suspect[], { settings }: Moment, graph: CallGraph): Draft {
  const complaining = symptoms.filter(({ deviation }) => deviation >= settings.latency_gate);
  const first = new Set(
    deepest(
      complaining.map(({ entity }) => entity),
      graph,
    ),
  );
  const entries = symptoms.map((suspect) => ({
    ...scored(suspect),
    score: suspect.deviation * (first.has(suspect.entity) ? 1 : APPENDED),
  }));
  return {
    by: 'symptoms',
    certainty: symptomCertainty,
    ranked: entries.sort((a, b) => b.score - a.score),
    notes: ['only symptoms deviate: a guess from who complains most'],
  };
}
