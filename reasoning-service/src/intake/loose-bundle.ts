import { Bundle, type Json, type JsonObject, Subject } from '@aetherius/shared/contracts';
import { textAt } from '../diagnosis/json-path.ts';
import { writerOf } from '../diagnosis/unplaced-log.ts';
import { alertsIn, readAlerts } from './alerts.ts';
import { isKubernetes, isObject, readKubernetes } from './kubernetes.ts';
import { timestamp } from './moment.ts';
import { type Context, joined, type Reading, reading, unreadable } from './reading.ts';

const parts = ['objects', 'events', 'logs', 'metrics', 'alerts', 'changes', 'forecasts'] as const;
type Part = (typeof parts)[number];

const schemas = {
  objects: Bundle.shape.objects,
  events: Bundle.shape.events,
  logs: Bundle.shape.logs,
  metrics: Bundle.shape.metrics,
  alerts: Bundle.shape.alerts,
  changes: Bundle.shape.changes,
  forecasts: Bundle.shape.forecasts,
};

/**
 * A bundle that somebody put together by hand: its items may be items of a bundle without an id, whole Kubernetes objects and
 * events, alerts, or text as `kubectl` prints it. Undefined when nothing in it looks like one.
 */
export function readLooseBundle(context: Context, value: JsonObject): Reading | undefined {
  if (!parts.some((part) => Array.isArray(value[part]))) return undefined;
  const subject = Subject.safeParse(value['subject']);
  const cluster = Bundle.shape.cluster.safeParse(value['cluster']);
  const at = timestamp(textAt(value, 'at'));
  const stated = {
    ...(cluster.success ? { cluster: cluster.data } : {}),
    ...(at === undefined ? {} : { at }),
    ...(subject.success ? { subject: subject.data } : {}),
  };
  const inner = { ...context, at: at ?? context.at };
  return joined([reading({ stated }), ...parts.flatMap((part) => readPart(inner, part, value[part]))]);
}

function readPart(context: Context, part: Part, value: Json | undefined): Reading[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [unreadable(`${context.file}: ${part}`, 'is not a list')];
  return value.map((item, index) => readItem({ ...context, file: `${context.file}: ${part}[${index}]` }, part, item));
}

function readItem(context: Context, part: Part, item: Json): Reading {
  if (typeof item === 'string') return context.readText(context.file, item);
  if (isKubernetes(item) && !isObject(item['body'])) return readKubernetes(context.file, item, context.at);
  const alerts = part === 'alerts' ? alertsIn([item]) : undefined;
  if (alerts !== undefined) return readAlerts(context.file, alerts, context.at);
  if (!isObject(item)) return unreadable(context.file, 'is neither an object nor text');
  const found = schemas[part].safeParse([{ ...defaults(context, part, item), ...item }]);
  if (found.success) return withDetail(part, found.data);
  const [issue] = found.error.issues;
  return unreadable(context.file, `${issue?.path.slice(1).join('.')}: ${issue?.message}`);
}

/** What an item may leave out. */
function defaults({ file, at }: Context, part: Part, item: JsonObject): JsonObject {
  const text = textAt(item, 'text') ?? textAt(item, 'log');
  return {
    id: `${part}:${file}`,
    ...(part === 'events' ? { type: 'Normal', message: '', last_timestamp: at } : {}),
    ...(part === 'logs' ? { pod: writerOf(file), container: 'unknown' } : {}),
    ...(part === 'logs' && text !== undefined ? { lines: text.split('\n') } : {}),
  };
}

const withDetail = (part: Part, items: unknown[]): Reading =>
  reading({
    [part]: part === 'objects' ? (items as JsonObject[]).map((item) => ({ ...item, detail: 'whole' })) : items,
  });
