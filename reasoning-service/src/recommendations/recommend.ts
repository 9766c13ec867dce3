import {
  type Advice,
  type Bundle,
  type Diagnosis,
  JsonObject,
  parametersOf,
  type Recommendation,
  type Subject,
} from '@aetherius/shared/contracts';
import type { Facts } from '../diagnosis/facts.ts';
import { changes } from './changes/index.ts';
import { conditions } from './conditions.ts';
import { logLook } from './log-look.ts';
import { lookTargets } from './look-targets.ts';
import { type Outcomes, type Risk, scoreOf } from './rank.ts';
import { type Advising, type Doing, filled, isAdvising, isDoing, type Remedy, told } from './remedy.ts';
import { type Scope, scopeOf } from './scope.ts';
import { suits, targets } from './targets.ts';
import { type ValueName, values } from './values.ts';

type Asked = {
  diagnosis: Diagnosis;
  bundle: Bundle;
  /** The bundle as facts, where it was read already. */
  facts?: Facts;
  outcomes: Outcomes;
  catalogue: readonly Remedy[];
};

/** What agents can do and what people can do, the most promising first. */
export type Recommended = Pick<Diagnosis, 'recommendations' | 'advice'>;

const unseen = { worked: 0, failed: 0 };
/** What a remedy of the rules is worth that the catalogue does not know. */
const UNLISTED = 0.8;

/**
 * What to do about a diagnosis. What the rules recommended stays as they computed it; the catalogue adds the rest, one
 * recommendation per action, for a workflow takes the first of its action. Ranked by confidence × risk × past ends;
 * among equals comes first what helped in the similar cases.
 */
export function recommend({ diagnosis, bundle, facts, outcomes, catalogue }: Asked): Recommended {
  if (diagnosis.status === 'abstained') return { recommendations: [], advice: [] };
  const scope = scopeOf(diagnosis, bundle, facts);
  const worth = worthFor(diagnosis, outcomes);
  const fitting = catalogue.filter(
    ({ categories, when }) => categories.includes(diagnosis.category) && when.every((name) => conditions[name](scope)),
  );
  const byRules = diagnosis.recommendations.map((given) => {
    const entry = catalogue.find(({ name }) => name === given.name);
    return {
      ...given,
      score: worth({
        words: [given.name ?? '', given.action],
        risk: given.risk,
        confidence: entry?.confidence ?? UNLISTED,
      }),
    };
  });
  const computed = fitting.filter(isDoing).flatMap((remedy) => recommendation(remedy, scope, worth));
  const order = orderFor(diagnosis);
  const recommendations = firstOfEachAction([...byRules, ...order(computed)]).toSorted(byScore);
  // Whoever is asked to approve an action wants to know what to look at first, so its advice stays beside it.
  const advice = fitting.filter(isAdvising).map((remedy) => adviceOf(remedy, scope, worth));
  return { recommendations, advice: order(advice) };
}

type Worth = (of: { words: readonly string[]; risk: Risk; confidence: number }) => number;

/** Runs report the action that they took, people the remedy that they used: ends are found under either. */
const worthFor =
  (diagnosis: Diagnosis, outcomes: Outcomes): Worth =>
  ({ words, risk, confidence }) => {
    const ends = words.map((word) => outcomes.get(`${diagnosis.category} ${word}`) ?? unseen);
    const record = ends.reduce(
      (sum, one) => ({ worked: sum.worked + one.worked, failed: sum.failed + one.failed }),
      unseen,
    );
    return scoreOf({ diagnosis: diagnosis.confidence, remedy: confidence, risk, record });
  };

const valuesOf = (scope: Scope) => (name: ValueName) => values[name].of(scope);

/** The remedy with its target and parameters, or nothing where the evidence does not give them. */
function recommendation(remedy: Doing, scope: Scope, worth: Worth): Recommendation[] {
  const { action, success, rollback } = remedy.do;
  const aimed = aimedBy(remedy.do, scope);
  if (aimed === undefined || !suits(action, aimed.target)) return [];
  const { name, risk, confidence } = remedy;
  return [
    {
      name,
      score: worth({ words: [name, action], risk, confidence }),
      action,
      ...aimed,
      risk,
      reason: told(remedy.reason, valuesOf(scope)),
      success,
      rollback,
    },
  ];
}

/** What a computed change says is held to the catalogue's schema once more: a name in a bundle may be anything. */
function aimedBy(how: Doing['do'], scope: Scope): { target: Subject; parameters: JsonObject } | undefined {
  if (how.change === undefined) {
    const target = targets[how.target](scope);
    const parameters = JsonObject.safeParse(filled(how.parameters, valuesOf(scope)));
    return target === undefined || !parameters.success ? undefined : { target, parameters: parameters.data };
  }
  const aimed = changes[how.change].of(scope);
  const parameters = parametersOf[how.action].safeParse(aimed?.parameters);
  return aimed === undefined || !parameters.success
    ? undefined
    : { target: aimed.target, parameters: parameters.data as JsonObject };
}

function adviceOf(remedy: Advising, scope: Scope, worth: Worth): Advice {
  const { name, risk, confidence, title, advice } = remedy;
  const say = (words: string) => told(words, valuesOf(scope));
  return {
    name,
    score: worth({ words: [name], risk, confidence }),
    risk,
    title: say(title),
    steps: advice.steps.map(say),
    look: lookOf(advice.look, scope),
    expect: say(advice.expect),
    undo: advice.undo === null ? null : say(advice.undo),
  };
}

function lookOf(look: Advising['advice']['look'], scope: Scope): Advice['look'] {
  const target = lookTargets[look.target](scope);
  const parameters = JsonObject.safeParse(filled(look.parameters, valuesOf(scope)));
  if (target !== undefined && suits(look.action, target) && parameters.success) {
    const isLog = look.action === 'logs';
    return {
      action: look.action,
      target,
      parameters: isLog ? logLook(parameters.data, target, scope) : parameters.data,
    };
  }
  // Where there is no pod whose log could be read, what is known to be there is looked at.
  const near = lookTargets.nearest(scope);
  return near === undefined ? null : { action: 'describe', target: near, parameters: {} };
}

const byScore = (a: { score: number | null }, b: { score: number | null }) => (b.score ?? 0) - (a.score ?? 0);

function orderFor({ similar_cases: cases }: Diagnosis) {
  const helped = (words: readonly (string | null)[]): number =>
    cases.filter(({ remedy, outcome }) => remedy !== null && words.includes(remedy) && goodEnds.has(outcome)).length;
  return <T extends { name: string | null; score: number | null; action?: string }>(items: readonly T[]): T[] =>
    items.toSorted((a, b) => byScore(a, b) || helped([b.name, b.action ?? null]) - helped([a.name, a.action ?? null]));
}

const goodEnds: ReadonlySet<string> = new Set(['verified', 'contained', 'confirmed']);

const firstOfEachAction = (all: readonly Recommendation[]): Recommendation[] =>
  all.filter(({ action }, index) => all.findIndex((other) => other.action === action) === index);
