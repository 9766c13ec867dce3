import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt, textsAt, wordsAt } from '../json-path.ts';

export type Labels = Record<string, string>;

/** Whether the labels carry every wanted pair. */
export const carries = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

function meets(expression: JsonObject, labels: Labels): boolean {
  const key = textAt(expression, 'key') ?? '';
  const values = wordsAt(expression, 'values');
  const found = labels[key];
  switch (textAt(expression, 'operator')) {
    case 'In':
      return found !== undefined && values.includes(found);
    case 'NotIn':
      return found === undefined || !values.includes(found);
    case 'Exists':
      return found !== undefined;
    case 'DoesNotExist':
      return found === undefined;
    default:
      return false;
  }
}

/** A LabelSelector (matchLabels and matchExpressions) against labels; an empty selector matches all. */
export const selects = (selector: Json | undefined, labels: Labels): boolean =>
  carries(textsAt(selector, 'matchLabels'), labels) &&
  objectsAt(selector, 'matchExpressions').every((expression) => meets(expression, labels));
