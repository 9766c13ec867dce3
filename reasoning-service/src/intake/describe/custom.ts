import type { JsonObject } from '@aetherius/shared/contracts';
import { own } from '../../diagnosis/json-path.ts';
import { known } from '../table/row-cells.ts';
import { conditionsAt } from './conditions.ts';
import { belowAt, type Line, valueAt } from './outline.ts';

const fields: Record<string, string> = {
  Type: 'type',
  Status: 'status',
  Reason: 'reason',
  Message: 'message',
  'Last Transition Time': 'lastTransitionTime',
};

/** `kubectl describe` prints a list of a kind that it does not know without a mark between its items: a key that comes again begins the next. */
function conditionsBelow(lines: readonly Line[]): JsonObject[] {
  const found: Record<string, string>[] = [];
  for (const { key = '', value, below } of lines) {
    const field = own(fields, key);
    if (field === undefined) continue;
    const last = found.at(-1);
    const text = [value, ...below.map((line) => line.text)].join(' ').trim();
    if (last === undefined || field in last) found.push({ [field]: text });
    else last[field] = text;
  }
  return found;
}

/** A kind that `kubectl` does not know: its conditions and the single values of its status, if it has such. */
export function customBody(lines: readonly Line[]): JsonObject {
  const status = belowAt(lines, 'Status');
  const conditions = conditionsBelow(belowAt(status, 'Conditions'));
  const told = {
    ...fieldsAt(status),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
  const apiVersion = valueAt(lines, 'API Version');
  return Object.keys(told).length === 0
    ? {}
    : known({ apiVersion, spec: known({ secretName: valueAt(belowAt(lines, 'Spec'), 'Secret Name') }), status: told });
}

/** The single values below a key by the names that they have in the object: `Not After` is `notAfter`. */
const fieldsAt = (lines: readonly Line[]): JsonObject =>
  Object.fromEntries(
    lines
      .filter(
        ({ key, value, below }) =>
          key !== undefined && /^[A-Z][\w ]{0,60}$/.test(key) && value !== '' && below.length === 0,
      )
      .map(({ key = '', value }) => [`${key[0]?.toLowerCase()}${key.slice(1).replaceAll(' ', '')}`, value]),
  );

/** `kubectl describe namespace`: when it is to go, its conditions say what is left in it. */
export function namespaceBody(lines: readonly Line[]): JsonObject {
  return {
    status: known({ phase: valueAt(lines, 'Status'), conditions: conditionsAt(lines) }),
  };
}
