/** A kind that a snapshot lists; one that is `extra` is not served everywhere, and its absence means nothing. */
export type SnapshotKind = {
  kind: string;
  group: string;
  plural: string;
  scope: 'namespaced' | 'cluster';
  extra?: true;
};

const namespaced = (group: string, kind: string, plural: string): SnapshotKind => ({
  kind,
  group,
  plural,
  scope: 'namespaced',
});
const clusterWide = (group: string, kind: string, plural: string): SnapshotKind => ({
  kind,
  group,
  plural,
  scope: 'cluster',
});
const extra = (kind: SnapshotKind): SnapshotKind => ({ ...kind, extra: true });

/** Everything that a snapshot reads besides Events, logs and usage. Secrets are not among it, not even their names. */
export const snapshotKinds: readonly SnapshotKind[] = [
  namespaced('v1', 'Pod', 'pods'),
  namespaced('apps/v1', 'Deployment', 'deployments'),
  namespaced('apps/v1', 'ReplicaSet', 'replicasets'),
  namespaced('apps/v1', 'StatefulSet', 'statefulsets'),
  namespaced('apps/v1', 'DaemonSet', 'daemonsets'),
  namespaced('batch/v1', 'Job', 'jobs'),
  namespaced('batch/v1', 'CronJob', 'cronjobs'),
  namespaced('v1', 'Service', 'services'),
  namespaced('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  namespaced('v1', 'ConfigMap', 'configmaps'),
  namespaced('v1', 'ServiceAccount', 'serviceaccounts'),
  namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  namespaced('v1', 'ResourceQuota', 'resourcequotas'),
  namespaced('v1', 'LimitRange', 'limitranges'),
  namespaced('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  namespaced('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  namespaced('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  namespaced('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  clusterWide('v1', 'Node', 'nodes'),
  clusterWide('v1', 'Namespace', 'namespaces'),
  clusterWide('v1', 'PersistentVolume', 'persistentvolumes'),
  clusterWide('storage.k8s.io/v1', 'StorageClass', 'storageclasses'),
  extra(clusterWide('storage.k8s.io/v1', 'VolumeAttachment', 'volumeattachments')),
  extra(clusterWide('networking.k8s.io/v1', 'IngressClass', 'ingressclasses')),
  extra(clusterWide('apiregistration.k8s.io/v1', 'APIService', 'apiservices')),
  extra(
    clusterWide('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'),
  ),
  extra(
    clusterWide('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'),
  ),
  extra(clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles')),
  extra(clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings')),
  extra(clusterWide('gateway.networking.k8s.io/v1', 'GatewayClass', 'gatewayclasses')),
  extra(namespaced('gateway.networking.k8s.io/v1', 'Gateway', 'gateways')),
  extra(namespaced('gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes')),
  extra(namespaced('cert-manager.io/v1', 'Certificate', 'certificates')),
  extra(namespaced('argoproj.io/v1alpha1', 'Application', 'applications')),
];

/** Where a collection is, in one namespace or in all. */
export function collectionPath(
  { group, plural, scope }: Omit<SnapshotKind, 'kind'>,
  namespace: string | undefined,
): string {
  const root = group === 'v1' ? '/api/v1' : `/apis/${group}`;
  return scope === 'cluster' || namespace === undefined
    ? `${root}/${plural}`
    : `${root}/namespaces/${namespace}/${plural}`;
}
