import { bus, member, type Refused } from './unworkable-values.ts';

/** What no API server takes of a pod, as the agent's chart hands it on: the value, and what the refusal names. */
const ofPods: [value: string, given: unknown, names: string][] = [
  ['replicaCount', 99_999_999_999, '/replicaCount'],
  ['nodeSelector', { disk: 'b c' }, '/nodeSelector/disk'],
  ['tolerations', [{ key: 'a', operator: 'Exists', value: 'x' }], '/tolerations/0'],
  ['tolerations', [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 }], '/tolerations/0'],
  ['tolerations', [{ operator: 'Equal' }], '/tolerations/0'],
  ['extraVolumes', [{ name: 'a', secret: { name: 'x' } }], '/extraVolumes/0/secret'],
  ['extraVolumes', [{ name: 'a', persistentVolumeClaim: { claimNam: 'x' } }], '/extraVolumes/0/persistentVolumeClaim'],
  ['extraEnv', [{ name: 'A', valueFrom: { secretKeyRef: { name: 's' } } }], '/extraEnv/0/valueFrom/secretKeyRef'],
  ['extraEnv', [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }], '/extraEnv/0'],
  ['extraEnvFrom', [{}], '/extraEnvFrom/0'],
  ['extraEnvFrom', [{ secretRef: {} }], '/extraEnvFrom/0/secretRef'],
  ['podSecurityContext', { fsGroup: -5 }, '/podSecurityContext/fsGroup'],
  ['podSecurityContext', { fsGroupChangePolicy: 'Sometimes' }, '/podSecurityContext/fsGroupChangePolicy'],
  ['podSecurityContext', { runAsUser: '1000' }, '/podSecurityContext/runAsUser'],
  ['podSecurityContext', { supplementalGroups: ['5'] }, '/podSecurityContext/supplementalGroups/0'],
  ['podSecurityContext', { seccompProfile: { type: 'Localhost' } }, '/podSecurityContext/seccompProfile'],
  ['rbac', { extraRules: [{ verbs: ['get'], resources: ['pods'] }] }, '/rbac/extraRules/0'],
];

/** Values that Kubernetes would refuse, and that the charts refuse before anything is applied. */
export const misshapen: Refused[] = [
  ...ofPods.map(
    ([value, given, names]): Refused => [
      `${value} ${JSON.stringify(given)}`,
      'aetherius-agent',
      { ...member, [value]: given },
      names,
    ],
  ),
  [
    'an Ingress for an address',
    'aetherius',
    { ...bus, ingress: { enabled: true, tlsSecret: 'door', host: '10.0.0.1' } },
    '/ingress/host',
  ],
];
