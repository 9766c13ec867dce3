import { asArray, asObject, asString, at } from '../../store/json.ts';
import type { KubeObject } from '../../store/kube-object.ts';
import { eventCount, lastSeen } from '../event-view.ts';
import { ageColumn, type Column, labelsText, nameColumn, selectorText, since, textAt } from './column.ts';

function nodeStatus({ spec, status }: KubeObject): string {
  const ready = asArray(status?.['conditions']).find((condition) => at(condition, 'type') === 'Ready');
  const state = at(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  const words = [
    ready === undefined ? 'Unknown' : state,
    ...(spec?.['unschedulable'] === true ? ['SchedulingDisabled'] : []),
  ];
  return words.join(',');
}

const rolePrefix = 'node-role.kubernetes.io/';

function nodeRoles({ metadata }: KubeObject): string {
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(rolePrefix));
  return (
    roles
      .map((label) => label.slice(rolePrefix.length))
      .sort()
      .join(',') || '<none>'
  );
}

const address =
  (type: string) =>
  ({ status }: KubeObject): string => {
    const found = asArray(status?.['addresses']).find((item) => at(item, 'type') === type);
    return asString(at(found, 'address')) || '<none>';
  };

function servicePorts({ spec }: KubeObject): string {
  const ports = asArray(spec?.['ports']).map((port) => {
    const node = asString(at(port, 'nodePort'));
    return `${asString(at(port, 'port'))}${node === '' ? '' : `:${node}`}/${asString(at(port, 'protocol')) || 'TCP'}`;
  });
  return ports.join(',') || '<none>';
}

function externalAddress({ spec, status }: KubeObject): string {
  if (spec?.['type'] === 'ExternalName') return asString(spec['externalName']);
  const ingress = asArray(at(status, 'loadBalancer', 'ingress')).map(
    (item) => asString(at(item, 'ip')) || asString(at(item, 'hostname')),
  );
  if (ingress.length > 0) return ingress.join(',');
  return spec?.['type'] === 'LoadBalancer' ? '<pending>' : '<none>';
}

function endpointsText(object: KubeObject): string {
  const targets = asArray(object['subsets']).flatMap((subset) =>
    asArray(at(subset, 'addresses')).flatMap((target) =>
      asArray(at(subset, 'ports')).map((port) => `${asString(at(target, 'ip'))}:${asString(at(port, 'port'))}`),
    ),
  );
  const more = targets.length > 3 ? ` + ${targets.length - 3} more...` : '';
  return targets.length === 0 ? '<none>' : `${targets.slice(0, 3).join(',')}${more}`;
}

const accessModes: { [mode: string]: string } = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const modesText = ({ spec }: KubeObject): string =>
  asArray(spec?.['accessModes'])
    .map((mode) => accessModes[asString(mode)] ?? asString(mode))
    .join(',');

/** A claim shows capacity and modes only once it is bound. */
const claimCapacity = ({ spec, status }: KubeObject): string =>
  asString(spec?.['volumeName']) === '' ? '' : asString(at(status, 'capacity', 'storage'));

function quotaText(prefix: RegExp) {
  return ({ spec, status }: KubeObject): string => {
    const hard = Object.entries(asObject(status?.['hard'] ?? spec?.['hard'])).filter(([name]) => prefix.test(name));
    const used = asObject(status?.['used']);
    return hard
      .map(([name, limit]) => `${name}: ${asString(used[name]) || '0'}/${asString(limit)}`)
      .sort()
      .join(', ');
  };
}

const countOf = (field: string): Column => ({
  name: 'Data',
  type: 'string',
  cell: (object) => Object.keys(asObject(object[field])).length,
});

const created: Column = { name: 'Created At', cell: ({ metadata }) => metadata.creationTimestamp };
const subject = ({ involvedObject }: KubeObject): string =>
  `${asString(at(involvedObject, 'kind')).toLowerCase()}/${asString(at(involvedObject, 'name'))}`;

const roleBinding: Column[] = [
  nameColumn,
  {
    name: 'Role',
    cell: (object) => `${asString(at(object['roleRef'], 'kind'))}/${asString(at(object['roleRef'], 'name'))}`,
  },
  ageColumn,
];

/** What kubectl prints of the cluster's own objects, its network, storage and access rules. */
export const clusterColumns: { [kind: string]: Column[] } = {
  Namespace: [nameColumn, { name: 'Status', cell: textAt('status.phase') }, ageColumn],
  Node: [
    nameColumn,
    { name: 'Status', cell: nodeStatus },
    { name: 'Roles', cell: nodeRoles },
    ageColumn,
    { name: 'Version', cell: textAt('status.nodeInfo.kubeletVersion') },
    { name: 'Internal-IP', priority: 1, cell: address('InternalIP') },
    { name: 'External-IP', priority: 1, cell: address('ExternalIP') },
    { name: 'OS-Image', priority: 1, cell: textAt('status.nodeInfo.osImage', '<unknown>') },
    { name: 'Kernel-Version', priority: 1, cell: textAt('status.nodeInfo.kernelVersion', '<unknown>') },
    { name: 'Container-Runtime', priority: 1, cell: textAt('status.nodeInfo.containerRuntimeVersion', '<unknown>') },
  ],
  Service: [
    nameColumn,
    { name: 'Type', cell: textAt('spec.type') },
    { name: 'Cluster-IP', cell: textAt('spec.clusterIP') },
    { name: 'External-IP', cell: externalAddress },
    { name: 'Port(s)', cell: servicePorts },
    ageColumn,
    { name: 'Selector', priority: 1, cell: ({ spec }) => labelsText(asObject(spec?.['selector'])) },
  ],
  Endpoints: [nameColumn, { name: 'Endpoints', cell: endpointsText }, ageColumn],
  EndpointSlice: [
    nameColumn,
    { name: 'AddressType', cell: textAt('addressType') },
    {
      name: 'Ports',
      cell: (object) =>
        asArray(object['ports'])
          .map((port) => asString(at(port, 'port')))
          .join(',') || '<unset>',
    },
    {
      name: 'Endpoints',
      cell: (object) =>
        asArray(object['endpoints'])
          .flatMap((item) => asArray(at(item, 'addresses')).map(asString))
          .join(',') || '<unset>',
    },
    ageColumn,
  ],
  ConfigMap: [nameColumn, countOf('data'), ageColumn],
  Secret: [nameColumn, { name: 'Type', cell: textAt('type') }, countOf('data'), ageColumn],
  ServiceAccount: [
    nameColumn,
    { name: 'Secrets', type: 'string', cell: (object) => asArray(object['secrets']).length },
    ageColumn,
  ],
  PersistentVolumeClaim: [
    nameColumn,
    {
      name: 'Status',
      cell: ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined ? asString(status?.['phase']) : 'Terminating',
    },
    { name: 'Volume', cell: textAt('spec.volumeName', '') },
    { name: 'Capacity', cell: claimCapacity },
    { name: 'Access Modes', cell: (claim) => (claimCapacity(claim) === '' ? '' : modesText(claim)) },
    { name: 'StorageClass', cell: textAt('spec.storageClassName', '') },
    { name: 'VolumeAttributesClass', cell: textAt('spec.volumeAttributesClassName', '<unset>') },
    ageColumn,
    { name: 'VolumeMode', priority: 1, cell: textAt('spec.volumeMode', '<unset>') },
  ],
  PersistentVolume: [
    nameColumn,
    { name: 'Capacity', cell: textAt('spec.capacity.storage', '') },
    { name: 'Access Modes', cell: modesText },
    { name: 'Reclaim Policy', cell: textAt('spec.persistentVolumeReclaimPolicy', '') },
    { name: 'Status', cell: textAt('status.phase', '') },
    {
      name: 'Claim',
      cell: ({ spec }) =>
        spec?.['claimRef'] === undefined
          ? ''
          : `${asString(at(spec, 'claimRef', 'namespace'))}/${asString(at(spec, 'claimRef', 'name'))}`,
    },
    { name: 'StorageClass', cell: textAt('spec.storageClassName', '') },
    { name: 'Reason', cell: textAt('status.reason', '') },
    ageColumn,
  ],
  StorageClass: [
    nameColumn,
    { name: 'Provisioner', cell: textAt('provisioner') },
    { name: 'ReclaimPolicy', cell: textAt('reclaimPolicy') },
    { name: 'VolumeBindingMode', cell: textAt('volumeBindingMode') },
    { name: 'AllowVolumeExpansion', cell: (object) => String(object['allowVolumeExpansion'] === true) },
    ageColumn,
  ],
  ResourceQuota: [
    nameColumn,
    { name: 'Request', cell: quotaText(/^(?!limits\.)/) },
    { name: 'Limit', cell: quotaText(/^limits\./) },
    ageColumn,
  ],
  LimitRange: [nameColumn, created],
  Event: [
    { name: 'Last Seen', cell: (event, now) => since(lastSeen(event), now) },
    { name: 'Type', cell: textAt('type', '') },
    { name: 'Reason', cell: textAt('reason', '') },
    { name: 'Object', cell: subject },
    { name: 'Subobject', priority: 1, cell: textAt('involvedObject.fieldPath', '') },
    {
      name: 'Source',
      priority: 1,
      cell: (event) => asString(at(event['source'], 'component')) || asString(event['reportingComponent']),
    },
    { name: 'Message', cell: (event) => asString(event['message']).trim() },
    {
      name: 'First Seen',
      priority: 1,
      cell: (event, now) => since(asString(event['firstTimestamp']) || asString(event['eventTime']), now),
    },
    { name: 'Count', priority: 1, cell: eventCount },
    { name: 'Name', priority: 1, cell: ({ metadata }) => metadata.name },
  ],
  Ingress: [
    nameColumn,
    { name: 'Class', cell: textAt('spec.ingressClassName') },
    {
      name: 'Hosts',
      cell: ({ spec }) =>
        asArray(spec?.['rules'])
          .map((rule) => asString(at(rule, 'host')) || '*')
          .join(',') || '*',
    },
    { name: 'Address', cell: (object) => externalAddress(object).replace('<none>', '') },
    { name: 'Ports', cell: ({ spec }) => (spec?.['tls'] === undefined ? '80' : '80, 443') },
    ageColumn,
  ],
  NetworkPolicy: [
    nameColumn,
    { name: 'Pod-Selector', cell: ({ spec }) => selectorText(spec?.['podSelector']) },
    ageColumn,
  ],
  Lease: [nameColumn, { name: 'Holder', cell: textAt('spec.holderIdentity', '') }, ageColumn],
  Role: [nameColumn, created],
  ClusterRole: [nameColumn, created],
  RoleBinding: roleBinding,
  ClusterRoleBinding: roleBinding,
};
