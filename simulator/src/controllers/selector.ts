import type { LabelSelector, Requirement, StringMap } from './types.ts';

const ordered = (left: string | undefined, right: string | undefined, test: (a: number, b: number) => boolean) =>
  left !== undefined && right !== undefined && test(Number(left), Number(right));

/** Whether labels meet one requirement. */
export function meets(labels: StringMap, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return ordered(value, values[0], (left, right) => left > right);
    case 'Lt':
      return ordered(value, values[0], (left, right) => left < right);
  }
}

/** Whether labels carry every given pair. */
export const carries = (labels: StringMap | undefined, pairs: StringMap): boolean =>
  Object.entries(pairs).every(([key, value]) => labels?.[key] === value);

/** Whether a label selector picks these labels. */
export const selects = (selector: LabelSelector, labels: StringMap | undefined): boolean =>
  carries(labels, selector.matchLabels ?? {}) &&
  (selector.matchExpressions ?? []).every((requirement) => meets(labels ?? {}, requirement));
