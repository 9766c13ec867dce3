import type { JsonObject } from '@aetherius/shared/contracts';
import { deployment } from './agent-fixture.ts';

const of = (apiVersion: string, kind: string, name: string, spec: JsonObject) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
});
const rule = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };

/** A Deployment in whose template there is one of everything that a field action changes. */
export const web = (name: string) => {
  const made = deployment(name, {
    ports: [{ containerPort: 8080 }],
    envFrom: [{ configMapRef: { name: 'web-config' } }],
    startupProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, failureThreshold: 30 },
  });
  const { template } = made.spec;
  const spec = {
    ...template.spec,
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } },
    tolerations: [{ key: 'pool', operator: 'Equal', value: 'web', effect: 'NoSchedule' }],
  };
  return { ...made, spec: { ...made.spec, template: { ...template, spec } } };
};

/** One object of each other kind that a field action changes, and the class that the claim is of. */
export const others = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'p',
    allowVolumeExpansion: true,
  },
  of('v1', 'PersistentVolumeClaim', 'data', {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'fast',
    resources: { requests: { storage: '2Gi' } },
  }),
  of('v1', 'ResourceQuota', 'team', { hard: { services: '10', pods: '40' } }),
  of('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
    scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' },
    minReplicas: 1,
    maxReplicas: 4,
  }),
  of('policy/v1', 'PodDisruptionBudget', 'web', { minAvailable: 2, selector: { matchLabels: { app: 'kept' } } }),
  of('batch/v1', 'CronJob', 'report', {
    schedule: '0 3 * * *',
    jobTemplate: {
      spec: {
        activeDeadlineSeconds: 60,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'r', image: 'r:1' }] } },
      },
    },
  }),
  of('v1', 'Service', 'web', { selector: { app: 'wbe' }, ports: [{ port: 80, targetPort: 8081 }] }),
  of('networking.k8s.io/v1', 'Ingress', 'web', {
    ingressClassName: 'ngix',
    rules: [
      {
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'wbe', port: { number: 80 } } } }],
        },
      },
    ],
  }),
];
