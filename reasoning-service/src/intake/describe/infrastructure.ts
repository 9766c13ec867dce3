import type { JsonObject } from '@aetherius/shared/contracts';
import { currentMetrics, figuresOfLines, statedMetrics } from '../scaler-metrics.ts';
import { known } from '../table/row-cells.ts';
import { conditionsAt } from './conditions.ts';
import { belowAt, type Line, lineAt, numberAt, pairsAt, valueAt, valuesAt } from './outline.ts';

const amounts = (lines: readonly Line[], key: string): JsonObject | undefined => {
  const found = belowAt(lines, key).flatMap((line): [string, string][] =>
    line.key === undefined ? [] : [[line.key, line.value]],
  );
  return found.length === 0 ? undefined : Object.fromEntries(found);
};

/** `pool=search:NoSchedule` or `node.kubernetes.io/unreachable:NoExecute` */
function taintOf(text: string): JsonObject[] {
  const [, key, value, effect] = /^([\w./-]+)(?:=([^:]*))?:(\w+)$/.exec(text) ?? [];
  return key === undefined || effect === undefined ? [] : [known({ key, value, effect })];
}

/** `Non-terminated Pods: (29 in total)` */
function podCount(lines: readonly Line[]): number | undefined {
  const [, count] = /^\((\d+) in total\)/.exec(valueAt(lines, 'Non-terminated Pods') ?? '') ?? [];
  return count === undefined ? undefined : Number(count);
}

/** The column of requests below `Allocated resources`. */
function requests(lines: readonly Line[]): JsonObject | undefined {
  const found = belowAt(lines, 'Allocated resources').flatMap(({ text }): [string, string][] => {
    const [, resource, amount] = /^([a-z][\w./-]*)\s+(\d\w*) \(\d+%\)/.exec(text) ?? [];
    return resource === undefined || amount === undefined ? [] : [[resource, amount]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** `kubectl describe node`. */
export function nodeBody(lines: readonly Line[]): JsonObject {
  const taints = valuesAt(lines, 'Taints').flatMap(taintOf);
  return {
    spec: known({
      taints: taints.length === 0 ? undefined : taints,
      unschedulable: valueAt(lines, 'Unschedulable') === 'true' ? true : undefined,
    }),
    status: known({
      conditions: conditionsAt(lines) ?? [],
      capacity: amounts(lines, 'Capacity'),
      allocatable: amounts(lines, 'Allocatable'),
      // Not of the object: `kubectl` counted the pods and summed up what they ask for.
      podCount: podCount(lines),
      requested: requests(lines),
      nodeInfo: known({
        kubeletVersion: valueAt(belowAt(lines, 'System Info'), 'Kubelet Version'),
        containerRuntimeVersion: valueAt(belowAt(lines, 'System Info'), 'Container Runtime Version'),
      }),
    }),
  };
}

/** `kubectl describe pvc`. */
export function claimBody(lines: readonly Line[]): JsonObject {
  const storage = valueAt(lines, 'Capacity');
  return {
    spec: known({
      storageClassName: valueAt(lines, 'StorageClass'),
      volumeName: valueAt(lines, 'Volume'),
      volumeMode: valueAt(lines, 'VolumeMode'),
      accessModes: valueAt(lines, 'Access Modes')?.split(','),
    }),
    status: known({
      phase: valueAt(lines, 'Status')?.split(' ')[0],
      // Not of the object: `kubectl` looked up which pods want it.
      usedBy: usersOf(lines),
      capacity: storage === undefined ? undefined : { storage },
      conditions: conditionsAt(lines),
    }),
  };
}

function usersOf(lines: readonly Line[]): string[] | undefined {
  const users = valuesAt(lines, 'Used By');
  return users.length === 0 ? undefined : users;
}

/** `kubectl describe pv`. */
export function volumeBody(lines: readonly Line[]): JsonObject {
  const [namespace = '', name] = (valueAt(lines, 'Claim') ?? '').split('/');
  return {
    spec: known({
      storageClassName: valueAt(lines, 'StorageClass'),
      claimRef: name === undefined ? undefined : { kind: 'PersistentVolumeClaim', namespace, name },
    }),
    status: known({ phase: valueAt(lines, 'Status'), message: valueAt(lines, 'Message') }),
  };
}

/** `kubectl describe service`. */
export function serviceBody(lines: readonly Line[]): JsonObject {
  const hasIngress = valueAt(lines, 'LoadBalancer Ingress', 'LoadBalancer Ingress VIP');
  return {
    spec: known({
      type: valueAt(lines, 'Type'),
      clusterIP: valueAt(lines, 'IP'),
      selector: pairsAt(lines, 'Selector'),
      ports: portsOf(lines),
    }),
    status: {
      loadBalancer: hasIngress === undefined ? {} : { ingress: [{ ip: hasIngress.split(' ')[0] ?? '' }] },
    },
  };
}

/** The addresses that stand in the description of a Service, as its Endpoints have them; undefined where none are told of. */
export function endpointsBody(lines: readonly Line[]): JsonObject | undefined {
  if (lineAt(lines, 'Endpoints') === undefined) return undefined;
  const ips = valuesAt(lines, 'Endpoints').flatMap((text) =>
    text.split(',').flatMap((one) => /^\s*(\S+):\d+/.exec(one)?.[1] ?? []),
  );
  return { subsets: ips.length === 0 ? [] : [{ addresses: [...new Set(ips)].map((ip) => ({ ip })) }] };
}

/** Each port is told in the lines `Port: http 80/TCP` and `TargetPort: 8080/TCP`. */
const portsOf = (lines: readonly Line[]): JsonObject[] =>
  lines.flatMap((line, at) => (line.key === 'Port' ? portOf(line.value, lines[at + 1]) : []));

function portOf(text: string, next: Line | undefined): JsonObject[] {
  const [, name, port, protocol] = /^(\S+)\s+(\d+)\/(\w+)/.exec(text) ?? [];
  if (port === undefined) return [];
  const target = next?.key === 'TargetPort' ? next.value.split('/')[0] : undefined;
  const targetPort = target === undefined || !/^\d+$/.test(target) ? target : Number(target);
  return [known({ name: name === '<unset>' ? undefined : name, port: Number(port), protocol, targetPort })];
}

/** `kubectl describe ingress`. */
export function ingressBody(lines: readonly Line[]): JsonObject {
  const paths = belowAt(lines, 'Rules').flatMap((line) => [
    line,
    ...line.below,
    ...line.below.flatMap(({ below }) => below),
  ]);
  const backends = paths.flatMap(({ text }): JsonObject[] => {
    const [, path, service, port] = /^(\/\S*)\s+([a-z0-9.-]+):(\S+)/.exec(text) ?? [];
    return path === undefined || service === undefined || port === undefined ? [] : [backendOf(path, service, port)];
  });
  return {
    spec: known({
      ingressClassName: valueAt(lines, 'Ingress Class'),
      rules: backends.length === 0 ? undefined : [{ http: { paths: backends } }],
    }),
    status: known({ loadBalancer: {}, problem: paths.flatMap(({ text }) => problemOf(text))[0] }),
  };
}

/** What stands in brackets behind the backend of a path. The default backend that few controllers have stands behind no path. */
const problemOf = (text: string): string[] => /^\/\S*\s+\S+ \(<error: (.+)>\)/.exec(text)?.slice(1) ?? [];

const backendOf = (path: string, name: string, port: string): JsonObject => ({
  path,
  backend: { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } },
});

/** `kubectl describe hpa`. */
export function autoscalerBody(lines: readonly Line[]): JsonObject {
  const [kind = '', name = ''] = (valueAt(lines, 'Reference') ?? '').split('/');
  const [, current, desired] =
    /^(\d+) current \/ (\d+) desired/.exec(valueAt(lines, 'Deployment pods', `${kind} pods`) ?? '') ?? [];
  const metrics = belowAt(lines, 'Metrics').map(({ text }) => text);
  const figures = figuresOfLines(metrics);
  return {
    spec: known({
      scaleTargetRef: name === '' ? undefined : { kind, name },
      minReplicas: numberAt(lines, 'Min replicas'),
      maxReplicas: numberAt(lines, 'Max replicas'),
      metrics: statedMetrics(figures),
    }),
    status: known({
      currentReplicas: current === undefined ? undefined : Number(current),
      desiredReplicas: desired === undefined ? undefined : Number(desired),
      targets: metrics.length === 0 ? undefined : metrics.join('; '),
      currentMetrics: currentMetrics(figures),
      conditions: conditionsAt(lines),
    }),
  };
}

/** `kubectl describe quota`: a table of resource, used and hard. */
export function quotaBody(lines: readonly Line[]): JsonObject {
  const rows = lines
    .map(({ text }) => text.split(/\s{2,}/))
    .filter((cells) => cells.length === 3 && /^[a-z]/.test(cells[0] ?? ''));
  const used = Object.fromEntries(rows.map(([name = '', taken = '']): [string, string] => [name, taken]));
  const hard = Object.fromEntries(rows.map(([name = '', , limit = '']): [string, string] => [name, limit]));
  return { spec: { hard }, status: { hard, used } };
}

/** `kubectl describe pdb`. */
export const budgetBody = (lines: readonly Line[]): JsonObject => ({
  spec: known({
    minAvailable: amount(valueAt(lines, 'Min available')),
    maxUnavailable: amount(valueAt(lines, 'Max unavailable')),
    selector: { matchLabels: pairsAt(lines, 'Selector') ?? {} },
  }),
  status: known({
    disruptionsAllowed: numberAt(belowAt(lines, 'Status'), 'Allowed disruptions'),
    currentHealthy: numberAt(belowAt(lines, 'Status'), 'Current'),
    desiredHealthy: numberAt(belowAt(lines, 'Status'), 'Desired'),
    expectedPods: numberAt(belowAt(lines, 'Status'), 'Total'),
  }),
});

const amount = (text: string | undefined): number | string | undefined =>
  text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : text;
