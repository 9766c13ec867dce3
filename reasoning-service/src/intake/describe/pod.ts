import type { JsonObject } from '@aetherius/shared/contracts';
import { UNKNOWN_TIME } from '../../diagnosis/health/held-deletion.ts';
import { own } from '../../diagnosis/json-path.ts';
import { timestamp } from '../moment.ts';
import { known } from '../table/row-cells.ts';
import { conditionsAt } from './conditions.ts';
import { containerSpecs, containerStatuses } from './containers.ts';
import { belowAt, type Line, pairsAt, valueAt, valuesAt } from './outline.ts';

/** The pod spec that a pod or a pod template shows. */
export function podSpec(lines: readonly Line[]): JsonObject {
  const inits = containerSpecs(belowAt(lines, 'Init Containers'));
  const volumes = belowAt(lines, 'Volumes').flatMap(volumeOf);
  const tolerations = valuesAt(lines, 'Tolerations').flatMap(tolerationOf);
  return known({
    serviceAccountName: valueAt(lines, 'Service Account'),
    priorityClassName: valueAt(lines, 'Priority Class Name'),
    initContainers: inits.length === 0 ? undefined : inits,
    containers: containerSpecs(belowAt(lines, 'Containers')),
    volumes: volumes.length === 0 ? undefined : volumes,
    nodeSelector: pairsAt(lines, 'Node-Selectors'),
    tolerations: tolerations.length === 0 ? undefined : tolerations,
  });
}

/** `kubectl describe pod`. */
export function podBody(lines: readonly Line[]): JsonObject {
  const [node] = (valueAt(lines, 'Node') ?? '').split('/');
  const status = valueAt(lines, 'Status') ?? '';
  const phase = status === '' ? undefined : status.split(' ')[0];
  const inits = containerStatuses(belowAt(lines, 'Init Containers'));
  const statuses = containerStatuses(belowAt(lines, 'Containers'));
  return {
    metadata: known({ deletionTimestamp: status.startsWith('Terminating') ? UNKNOWN_TIME : undefined }),
    spec: { ...podSpec(lines), ...(node === undefined || node === '' ? {} : { nodeName: node }) },
    status: known({
      phase: phase === 'Terminating' ? 'Running' : phase,
      reason: valueAt(lines, 'Reason'),
      message: valuesAt(lines, 'Message').join(' ') || undefined,
      podIP: valueAt(lines, 'IP'),
      startTime: startTime(lines),
      qosClass: valueAt(lines, 'QoS Class'),
      conditions: conditionsAt(lines),
      initContainerStatuses: inits.length === 0 ? undefined : inits,
      containerStatuses: statuses.length === 0 ? undefined : statuses,
    }),
  };
}

const startTime = (lines: readonly Line[]): string | undefined => timestamp(valueAt(lines, 'Start Time'));

/** `pool=search:NoSchedule`, `node.kubernetes.io/not-ready:NoExecute op=Exists for 300s` */
function tolerationOf(text: string): JsonObject[] {
  const [, key, value, effect, rest = ''] =
    /^([\w./-]+)?(?:=([^:\s]*))?(?::(\w+))?((?: op=| for ).*)?$/.exec(text) ?? [];
  const isAny = rest.includes('op=Exists') || value === undefined;
  if (key === undefined && !rest.includes('op=Exists')) return [];
  return [known({ key, value, effect, operator: isAny ? 'Exists' : 'Equal' })];
}

const optional = (below: readonly Line[]): boolean => valueAt(below, 'Optional') === 'true';

function volumeOf({ key, below }: Line): JsonObject[] {
  if (key === undefined) return [];
  const [type = ''] = (valueAt(below, 'Type') ?? '').split(' ');
  return [{ name: key, ...(own(sources, type)?.(below) ?? {}) }];
}

const sources: Record<string, (below: readonly Line[]) => JsonObject> = {
  ConfigMap: (below) => ({ configMap: known({ name: valueAt(below, 'Name'), optional: optional(below) }) }),
  Secret: (below) => ({ secret: known({ secretName: valueAt(below, 'SecretName'), optional: optional(below) }) }),
  PersistentVolumeClaim: (below) => ({ persistentVolumeClaim: known({ claimName: valueAt(below, 'ClaimName') }) }),
  EmptyDir: (below) => ({
    emptyDir: known({ medium: valueAt(below, 'Medium'), sizeLimit: valueAt(below, 'SizeLimit') }),
  }),
  HostPath: (below) => ({ hostPath: known({ path: valueAt(below, 'Path') }) }),
  NFS: (below) => ({ nfs: known({ server: valueAt(below, 'Server'), path: valueAt(below, 'Path') }) }),
  CSI: (below) => ({ csi: known({ driver: valueAt(below, 'Driver') }) }),
  Projected: (below) => ({ projected: { sources: projections(below) } }),
};

function projections(below: readonly Line[]): JsonObject[] {
  return below.flatMap(({ key, value }): JsonObject[] => {
    if (key === 'ConfigMapName') return [{ configMap: { name: value, optional: isKubeRoot(value) } }];
    if (key === 'SecretName') return [{ secret: { name: value } }];
    return [];
  });
}

/** The token volume names its authority's ConfigMap, which is there in every namespace. */
const isKubeRoot = (name: string): boolean => name === 'kube-root-ca.crt';
