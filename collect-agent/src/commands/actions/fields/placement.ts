import type { FieldParameters, JsonObject } from '@aetherius/shared/contracts';
import type { NoPlan } from '../../change-plan.ts';
import { type FieldChange, POD } from '../field-change.ts';
import { objectAt, objectsAt, type Replacement } from '../replace-at.ts';

type Taint = FieldParameters<'tolerate_taint'>;

/** Asks for nodes with other labels. */
export const setNodeSelector: FieldChange<'set_node_selector'> = (body, { labels }) => {
  const path = [...POD, 'nodeSelector'];
  return {
    path,
    next: Object.keys(labels).length === 0 ? undefined : labels,
    undo: { action: 'set_node_selector', parameters: { labels: objectAt(body, path) } },
  };
};

const TOLERATIONS = [...POD, 'tolerations'] as const;

/** Exactly the toleration that `tolerate_taint` makes: wider ones, and ones with a time, are somebody else's. */
const isOf =
  ({ key, value, effect }: Taint) =>
  (one: JsonObject): boolean =>
    one['key'] === key &&
    (one['value'] ?? '') === value &&
    one['effect'] === effect &&
    one['operator'] !== 'Exists' &&
    one['tolerationSeconds'] === undefined;

const listOrNothing = (items: JsonObject[]) => (items.length === 0 ? undefined : items);

/** Lets the pods onto nodes with one named taint. */
export const tolerateTaint: FieldChange<'tolerate_taint'> = (body, taint) => {
  const present = objectsAt(body, TOLERATIONS);
  if (present.some(isOf(taint))) return { problem: 'already_so' };
  const { key, value, effect } = taint;
  const added = { key, operator: 'Equal', ...(value === '' ? {} : { value }), effect };
  return { path: TOLERATIONS, next: [...present, added], undo: { action: 'untolerate_taint', parameters: taint } };
};

/** Takes that toleration away again. */
export const untolerateTaint: FieldChange<'untolerate_taint'> = (body, taint) => {
  const present = objectsAt(body, TOLERATIONS);
  if (!present.some(isOf(taint))) return { problem: 'not_tolerated' };
  const rest = present.filter((one) => !isOf(taint)(one));
  return {
    path: TOLERATIONS,
    next: listOrNothing(rest),
    undo: { action: 'tolerate_taint', parameters: taint },
  };
};

const ANTI_AFFINITY = [...POD, 'affinity', 'podAntiAffinity'] as const;
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
/** The largest that there is: a rule that was required is meant. */
const WEIGHT = 100;

type Rules = { required: JsonObject[]; preferred: JsonObject[] };

const rulesOf = (body: JsonObject): Rules => ({
  required: objectsAt(body, [...ANTI_AFFINITY, REQUIRED]),
  preferred: objectsAt(body, [...ANTI_AFFINITY, PREFERRED]),
});

/** The rules of both kinds that spread the pods over this topology; the preferred ones only where they weigh most. */
function rulesFor({ required, preferred }: Rules, topologyKey: string) {
  return {
    hard: required.filter((term) => term['topologyKey'] === topologyKey),
    soft: preferred.filter(
      (one) => one['weight'] === WEIGHT && objectAt(one, ['podAffinityTerm'])['topologyKey'] === topologyKey,
    ),
  };
}

function withRules(body: JsonObject, { required, preferred }: Rules, undo: Replacement['undo']): Replacement {
  const next = { ...objectAt(body, ANTI_AFFINITY) };
  delete next[REQUIRED];
  delete next[PREFERRED];
  if (required.length > 0) next[REQUIRED] = required;
  if (preferred.length > 0) next[PREFERRED] = preferred;
  return { path: ANTI_AFFINITY, next, undo };
}

/** The one rule that can be moved there and back without another being taken for it. */
const theOnly = (of: JsonObject[], other: JsonObject[]): JsonObject | NoPlan => {
  const [only] = of;
  if (only === undefined) return { problem: 'no_such_rule' };
  return of.length > 1 || other.length > 0 ? { problem: 'several_rules' } : only;
};

const isProblem = (found: JsonObject | NoPlan): found is NoPlan => typeof found['problem'] === 'string';

/** Turns "never two on one" into "not two on one where it can be had". */
export const relaxAntiAffinity: FieldChange<'relax_anti_affinity'> = (body, { topology_key }) => {
  const rules = rulesOf(body);
  const { hard, soft } = rulesFor(rules, topology_key);
  const term = theOnly(hard, soft);
  if (isProblem(term)) return term;
  return withRules(
    body,
    {
      required: rules.required.filter((one) => one !== term),
      preferred: [...rules.preferred, { weight: WEIGHT, podAffinityTerm: term }],
    },
    { action: 'require_anti_affinity', parameters: { topology_key } },
  );
};

/** The way back: the wish becomes a must again. */
export const requireAntiAffinity: FieldChange<'require_anti_affinity'> = (body, { topology_key }) => {
  const rules = rulesOf(body);
  const { hard, soft } = rulesFor(rules, topology_key);
  const wish = theOnly(soft, hard);
  if (isProblem(wish)) return wish;
  return withRules(
    body,
    {
      required: [...rules.required, objectAt(wish, ['podAffinityTerm'])],
      preferred: rules.preferred.filter((one) => one !== wish),
    },
    { action: 'relax_anti_affinity', parameters: { topology_key } },
  );
};
