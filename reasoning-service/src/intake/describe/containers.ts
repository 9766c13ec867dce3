import type { JsonObject } from '@aetherius/shared/contracts';
import { timestamp } from '../moment.ts';
import { known } from '../table/row-cells.ts';
import { belowAt, type Line, lineAt, numberAt, valueAt, valuesAt } from './outline.ts';
import { probeOf } from './probe.ts';

/** The containers of a `Containers:` or `Init Containers:` section: what is wanted of them. */
export const containerSpecs = (section: readonly Line[]): JsonObject[] =>
  section.filter(({ key }) => key !== undefined).map(containerSpec);

/** The same containers: what became of them. */
export const containerStatuses = (section: readonly Line[]): JsonObject[] =>
  section.filter(({ below }) => lineAt(below, 'State', 'Last State') !== undefined).map(containerStatus);

function containerSpec({ key = '', below }: Line): JsonObject {
  const [limits, requests] = [amounts(below, 'Limits'), amounts(below, 'Requests')];
  return known({
    name: key,
    image: valueAt(below, 'Image'),
    command: words(below, 'Command'),
    args: words(below, 'Args'),
    ports: portsOf(below),
    resources: limits === undefined && requests === undefined ? undefined : known({ limits, requests }),
    livenessProbe: probeOf(valueAt(below, 'Liveness')),
    readinessProbe: probeOf(valueAt(below, 'Readiness')),
    startupProbe: probeOf(valueAt(below, 'Startup')),
    envFrom: sources(below),
    env: variables(below),
    volumeMounts: mounts(below),
  });
}

const words = (lines: readonly Line[], key: string): string[] | undefined => {
  const found = valuesAt(lines, key);
  return found.length === 0 ? undefined : found;
};

function amounts(lines: readonly Line[], key: string): Record<string, string> | undefined {
  const found = belowAt(lines, key).flatMap((line): [string, string][] =>
    line.key === undefined ? [] : [[line.key, line.value]],
  );
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function portsOf(lines: readonly Line[]): JsonObject[] | undefined {
  const text = valueAt(lines, 'Port', 'Ports');
  if (text === undefined) return undefined;
  return text.split(',').flatMap((one) => {
    const [, port, protocol, name] = /^\s*(\d+)\/(\w+)(?:\s+\(([^)]+)\))?/.exec(one) ?? [];
    return port === undefined ? [] : [known({ containerPort: Number(port), protocol, name })];
  });
}

const isOptional = (text: string): boolean => /Optional:\s*true/.test(text);

/** `cart-config  ConfigMap  Optional: false` */
function sources(lines: readonly Line[]): JsonObject[] | undefined {
  const found = valuesAt(lines, 'Environment Variables from').flatMap((text): JsonObject[] => {
    const [, name = '', kind] = /^(\S+)\s+(ConfigMap|Secret)\b/.exec(text) ?? [];
    if (kind === undefined) return [];
    const reference = { name, optional: isOptional(text) };
    return [kind === 'Secret' ? { secretRef: reference } : { configMapRef: reference }];
  });
  return found.length === 0 ? undefined : found;
}

const fromKey = /^<set to the key '([^']*)' (?:in|of) (secret|config ?map) '([^']*)'>/i;

function variables(lines: readonly Line[]): JsonObject[] | undefined {
  const found = belowAt(lines, 'Environment').flatMap((line): JsonObject[] =>
    line.key === undefined ? [] : [{ name: line.key, ...variable(line.value) }],
  );
  return found.length === 0 ? undefined : found;
}

function variable(value: string): JsonObject {
  const [, key, kind, name] = fromKey.exec(value) ?? [];
  if (key === undefined || kind === undefined || name === undefined) return fieldOf(value);
  const reference = { name, key, optional: isOptional(value) };
  return { valueFrom: kind.toLowerCase() === 'secret' ? { secretKeyRef: reference } : { configMapKeyRef: reference } };
}

/** `  (v1:metadata.name)` is taken from the pod itself. */
function fieldOf(value: string): JsonObject {
  const [, fieldPath] = /\(v1:([\w.]+)\)$/.exec(value) ?? [];
  return fieldPath === undefined ? { value } : { valueFrom: { fieldRef: { fieldPath } } };
}

/** `/etc/cart from config (ro,path="cart.conf")` */
function mounts(lines: readonly Line[]): JsonObject[] | undefined {
  const found = valuesAt(lines, 'Mounts').flatMap((text): JsonObject[] => {
    const [, mountPath, name, flags = ''] = /^(\S+) from (\S+)(?: \(([^)]*)\))?/.exec(text) ?? [];
    const [, subPath] = /path="([^"]*)"/.exec(flags) ?? [];
    return mountPath === undefined || name === undefined
      ? []
      : [known({ name, mountPath, subPath, readOnly: flags.startsWith('ro') })];
  });
  return found.length === 0 ? undefined : found;
}

function containerStatus({ key = '', below }: Line): JsonObject {
  const lastState = stateAt(below, 'Last State');
  const ready = valueAt(below, 'Ready');
  return known({
    name: key,
    image: valueAt(below, 'Image'),
    imageID: valueAt(below, 'Image ID'),
    containerID: valueAt(below, 'Container ID'),
    ready: ready === undefined ? undefined : ready === 'True',
    restartCount: numberAt(below, 'Restart Count'),
    state: stateAt(below, 'State'),
    lastState,
  });
}

function stateAt(lines: readonly Line[], key: string): JsonObject | undefined {
  const line = lineAt(lines, key);
  if (line === undefined) return undefined;
  const { below, value } = line;
  const reason = valueAt(below, 'Reason');
  const message = valuesAt(below, 'Message').join(' ') || undefined;
  const startedAt = timestamp(valueAt(below, 'Started'));
  if (value === 'Waiting') return { waiting: known({ reason, message }) };
  if (value === 'Running') return { running: known({ startedAt }) };
  if (value !== 'Terminated') return undefined;
  const finishedAt = timestamp(valueAt(below, 'Finished'));
  const signal = numberAt(below, 'Signal');
  return {
    terminated: known({ reason, message, exitCode: numberAt(below, 'Exit Code'), signal, startedAt, finishedAt }),
  };
}
