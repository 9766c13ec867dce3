type Scope = 'namespaced' | 'cluster';
type Row = [kind: string, words: string, scope?: Scope];

/** Kinds with the words that `kubectl` takes and prints for them. */
const rows: readonly Row[] = [
  ['Pod', 'pod pods po'],
  ['Node', 'node nodes no', 'cluster'],
  ['Namespace', 'namespace namespaces ns', 'cluster'],
  ['Service', 'service services svc'],
  ['Endpoints', 'endpoints ep'],
  ['EndpointSlice', 'endpointslice endpointslices'],
  ['ConfigMap', 'configmap configmaps cm'],
  ['Secret', 'secret secrets'],
  ['ServiceAccount', 'serviceaccount serviceaccounts sa'],
  ['Event', 'event events ev'],
  ['PersistentVolumeClaim', 'persistentvolumeclaim persistentvolumeclaims pvc'],
  ['PersistentVolume', 'persistentvolume persistentvolumes pv', 'cluster'],
  ['ResourceQuota', 'resourcequota resourcequotas quota'],
  ['LimitRange', 'limitrange limitranges limits'],
  ['Deployment', 'deployment deployments deploy'],
  ['ReplicaSet', 'replicaset replicasets rs'],
  ['StatefulSet', 'statefulset statefulsets sts'],
  ['DaemonSet', 'daemonset daemonsets ds'],
  ['Job', 'job jobs'],
  ['CronJob', 'cronjob cronjobs cj'],
  ['HorizontalPodAutoscaler', 'horizontalpodautoscaler horizontalpodautoscalers hpa'],
  ['Ingress', 'ingress ingresses ing'],
  ['IngressClass', 'ingressclass ingressclasses', 'cluster'],
  ['NetworkPolicy', 'networkpolicy networkpolicies netpol'],
  ['PodDisruptionBudget', 'poddisruptionbudget poddisruptionbudgets pdb'],
  ['StorageClass', 'storageclass storageclasses sc', 'cluster'],
  ['VolumeAttachment', 'volumeattachment volumeattachments', 'cluster'],
  ['CSIDriver', 'csidriver csidrivers', 'cluster'],
  ['PriorityClass', 'priorityclass priorityclasses pc', 'cluster'],
  ['Role', 'role roles'],
  ['RoleBinding', 'rolebinding rolebindings'],
  ['ClusterRole', 'clusterrole clusterroles', 'cluster'],
  ['ClusterRoleBinding', 'clusterrolebinding clusterrolebindings', 'cluster'],
  ['APIService', 'apiservice apiservices', 'cluster'],
  ['CustomResourceDefinition', 'customresourcedefinition customresourcedefinitions crd crds', 'cluster'],
  ['CertificateSigningRequest', 'certificatesigningrequest certificatesigningrequests csr', 'cluster'],
  ['ValidatingWebhookConfiguration', 'validatingwebhookconfiguration validatingwebhookconfigurations', 'cluster'],
  ['MutatingWebhookConfiguration', 'mutatingwebhookconfiguration mutatingwebhookconfigurations', 'cluster'],
  ['GatewayClass', 'gatewayclass gatewayclasses gc', 'cluster'],
  ['ComponentStatus', 'componentstatus componentstatuses cs', 'cluster'],
  ['Gateway', 'gateway gateways gtw'],
  ['HTTPRoute', 'httproute httproutes'],
  ['Certificate', 'certificate certificates cert certs'],
  ['Application', 'application applications app apps'],
];

const byWord = new Map(rows.flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind])));
const clusterWide = new Set(rows.filter(([, , scope]) => scope === 'cluster').map(([kind]) => kind));

/** The kind that a word of the command line means, with or without its group (`deploy`, `deployments.apps`), or undefined. */
export const kindOfWord = (word: string): string | undefined => byWord.get(word.toLowerCase().split('.')[0] ?? '');

/** Whether objects of this kind stand outside of namespaces; kinds not known are taken for namespaced. */
export const isClusterWide = (kind: string): boolean => clusterWide.has(kind);
