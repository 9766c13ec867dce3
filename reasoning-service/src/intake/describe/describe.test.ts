import { describe, expect, it } from '@jest/globals';
import { isDescribe, readDescribe } from './describe.ts';

const origin = { file: 'd.txt', at: '2026-01-02T03:04:05.000Z', command: undefined };

const pod = `Name:             cart-5b8c9d7f4-x2x9k
Namespace:        shop
Priority:         0
Service Account:  cart
Node:             worker-1/10.0.0.11
Start Time:       Fri, 02 Jan 2026 02:54:05 +0000
Labels:           app=cart
                  pod-template-hash=5b8c9d7f4
Annotations:      <none>
Status:           Running
IP:               10.244.1.9
IPs:
  IP:           10.244.1.9
Controlled By:  ReplicaSet/cart-5b8c9d7f4
Init Containers:
  migrate:
    Container ID:   containerd://aa
    Image:          registry.example.com/cart-migrate:1
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Fri, 02 Jan 2026 02:54:07 +0000
      Finished:     Fri, 02 Jan 2026 02:54:09 +0000
    Ready:          True
    Restart Count:  0
Containers:
  cart:
    Container ID:  containerd://bb
    Image:         registry.example.com/cart:2
    Port:          8080/TCP
    Host Port:     0/TCP
    Command:
      /bin/cart
      --config=/etc/cart/cart.yaml
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Fri, 02 Jan 2026 03:00:00 +0000
      Finished:     Fri, 02 Jan 2026 03:01:00 +0000
    Ready:          False
    Restart Count:  4
    Limits:
      memory:  256Mi
    Requests:
      cpu:      100m
      memory:   128Mi
    Liveness:   http-get http://:8080/healthz delay=5s timeout=1s period=10s #success=1 #failure=3
    Readiness:  exec [cat /tmp/ready] delay=0s timeout=1m30s period=10s #success=1 #failure=3
    Startup:    tcp-socket :http delay=0s timeout=1s period=10s #success=1 #failure=30
    Environment Variables from:
      cart-settings  ConfigMap  Optional: false
      cart-extra     Secret     Optional: true
    Environment:
      DB_HOST:      db.shop.svc
      DB_PASSWORD:  <set to the key 'password' in secret 'db'>               Optional: false
      LEVEL:        <set to the key 'level' of config map 'cart-log'>        Optional: true
      POD_IP:        (v1:status.podIP)
    Mounts:
      /etc/cart from config (ro,path="cart.yaml")
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-abcde (ro)
Conditions:
  Type              Status
  Initialized       True
  Ready             False
Volumes:
  config:
    Type:      ConfigMap (a volume populated by a ConfigMap)
    Name:      cart-files
    Optional:  false
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  cart-data
    ReadOnly:   false
QoS Class:                   Burstable
Node-Selectors:              disk=ssd
Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                             pool=search:NoSchedule
Events:
  Type     Reason   Age                   From     Message
  ----     ------   ----                  ----     -------
  Warning  BackOff  15s (x12 over 4m30s)  kubelet  Back-off restarting failed container cart in pod cart-5b8c9d7f4-x2x9k_shop(0)
`;

describe('a description of a pod', () => {
  const { objects, events, unread } = readDescribe(pod, origin);
  const body = objects[0]?.body;

  it('keeps what is wanted of each container', () => {
    expect(unread).toEqual([]);
    expect(body).toMatchObject({
      metadata: { labels: { app: 'cart' }, ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-5b8c9d7f4' }] },
      spec: {
        nodeName: 'worker-1',
        serviceAccountName: 'cart',
        nodeSelector: { disk: 'ssd' },
        tolerations: [
          { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute', operator: 'Exists' },
          { key: 'pool', value: 'search', effect: 'NoSchedule', operator: 'Equal' },
        ],
        initContainers: [{ name: 'migrate' }],
        containers: [
          {
            name: 'cart',
            command: ['/bin/cart', '--config=/etc/cart/cart.yaml'],
            resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
            livenessProbe: { httpGet: { port: 8080, path: '/healthz' }, initialDelaySeconds: 5, failureThreshold: 3 },
            readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, timeoutSeconds: 90 },
            startupProbe: { tcpSocket: { port: 'http' }, failureThreshold: 30 },
            envFrom: [
              { configMapRef: { name: 'cart-settings', optional: false } },
              { secretRef: { name: 'cart-extra', optional: true } },
            ],
            env: [
              { name: 'DB_HOST', value: 'db.shop.svc' },
              { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password', optional: false } } },
              { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'cart-log', key: 'level', optional: true } } },
              { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            ],
            volumeMounts: [{ name: 'config', mountPath: '/etc/cart', subPath: 'cart.yaml', readOnly: true }, {}],
          },
        ],
        volumes: [
          { name: 'config', configMap: { name: 'cart-files', optional: false } },
          { name: 'data', persistentVolumeClaim: { claimName: 'cart-data' } },
        ],
      },
    });
  });

  it('keeps what became of it', () => {
    expect(body).toMatchObject({
      status: {
        phase: 'Running',
        conditions: [
          { type: 'Initialized', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
        initContainerStatuses: [{ name: 'migrate', state: { terminated: { exitCode: 0 } } }],
        containerStatuses: [
          {
            name: 'cart',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-02T03:01:00.000Z' } },
          },
        ],
      },
    });
  });

  it('counts its events back from when it was printed', () => {
    expect(events).toEqual([
      expect.objectContaining({
        kind: 'Pod',
        namespace: 'shop',
        reason: 'BackOff',
        count: 12,
        first_timestamp: '2026-01-02T02:59:35.000Z',
        last_timestamp: '2026-01-02T03:03:50.000Z',
      }),
    ]);
  });
});

const others: { kind: string; text: string; body: object }[] = [
  {
    kind: 'HorizontalPodAutoscaler',
    text: `Name:                                                  cart
Namespace:                                             shop
Labels:                                                <none>
Annotations:                                           <none>
CreationTimestamp:                                     Fri, 02 Jan 2026 02:54:05 +0000
Reference:                                             Deployment/cart
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  <unknown> / 80%
Min replicas:                                          2
Max replicas:                                          10
Deployment pods:                                       2 current / 0 desired
Conditions:
  Type           Status  Reason                   Message
  ----           ------  ------                   -------
  AbleToScale    True    SucceededGetScale        the HPA controller was able to get the target's current scale
  ScalingActive  False   FailedGetResourceMetric  the HPA was unable to compute the replica count: missing request for cpu
`,
    body: {
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' }, minReplicas: 2, maxReplicas: 10 },
      status: {
        currentReplicas: 2,
        conditions: [
          { type: 'AbleToScale' },
          { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric' },
        ],
      },
    },
  },
  {
    kind: 'Ingress',
    text: `Name:             web
Labels:           <none>
Namespace:        shop
Address:
Ingress Class:    nginx
Default backend:  <default>
Rules:
  Host              Path  Backends
  ----              ----  --------
  shop.example.com
                    /      web:80 (<error: services "web" not found>)
                    /api   api:http (10.244.1.9:8080)
Annotations:        <none>
Events:             <none>
`,
    body: {
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            http: {
              paths: [
                { path: '/', backend: { service: { name: 'web', port: { number: 80 } } } },
                { path: '/api', backend: { service: { name: 'api', port: { name: 'http' } } } },
              ],
            },
          },
        ],
      },
    },
  },
  {
    kind: 'Job',
    text: `Name:             import
Namespace:        shop
Selector:         batch.kubernetes.io/controller-uid=1
Labels:           app=import
Annotations:      <none>
Parallelism:      1
Completions:      1
Completion Mode:  NonIndexed
Backoff Limit:    3
Start Time:       Fri, 02 Jan 2026 02:54:05 +0000
Active Deadline Seconds:  60s
Pods Statuses:    0 Active (0 Ready) / 0 Succeeded / 4 Failed
Pod Template:
  Labels:  app=import
  Containers:
   import:
    Image:         registry.example.com/import:1
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
Events:
  Type     Reason                Age   From            Message
  ----     ------                ----  ----            -------
  Warning  BackoffLimitExceeded  2m    job-controller  Job has reached the specified backoff limit
`,
    body: { spec: { backoffLimit: 3, activeDeadlineSeconds: 60 }, status: { active: 0, succeeded: 0, failed: 4 } },
  },
  {
    kind: 'Service',
    text: `Name:                     web
Namespace:                shop
Labels:                   <none>
Annotations:              <none>
Selector:                 app=web,tier=front
Type:                     ClusterIP
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.96.0.9
Port:                     http  80/TCP
TargetPort:               8080/TCP
Endpoints:
Session Affinity:         None
Internal Traffic Policy:  Cluster
Events:                   <none>
`,
    body: {
      spec: { selector: { app: 'web', tier: 'front' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
  },
  {
    kind: 'PersistentVolumeClaim',
    text: `Name:          data
Namespace:     shop
StorageClass:  fast
Status:        Pending
Volume:
Labels:        <none>
Annotations:   <none>
Finalizers:    [kubernetes.io/pvc-protection]
Capacity:
Access Modes:
VolumeMode:    Filesystem
Used By:       cart-1
Events:
  Type     Reason              Age               From                         Message
  ----     ------              ----              ----                         -------
  Warning  ProvisioningFailed  3s (x6 over 65s)  persistentvolume-controller  storageclass.storage.k8s.io "fast" not found
`,
    body: { spec: { storageClassName: 'fast' }, status: { phase: 'Pending' } },
  },
  {
    kind: 'ResourceQuota',
    text: `Name:            compute
Namespace:       shop
Resource         Used   Hard
--------         ----   ----
limits.memory    2Gi    2Gi
requests.cpu     900m   1
`,
    body: { status: { used: { 'limits.memory': '2Gi' }, hard: { 'requests.cpu': '1' } } },
  },
];

describe('descriptions of other kinds', () => {
  it.each(others)('$kind', ({ kind, text, body }) => {
    expect(isDescribe(text)).toBe(true);
    const objects = readDescribe(text, origin).objects.filter((object) => object.kind !== 'Endpoints');
    expect(objects).toEqual([expect.objectContaining({ kind, namespace: 'shop' })]);
    expect(objects[0]?.body).toMatchObject(body);
  });

  it('a Service tells of the addresses behind it', () => {
    const text = (endpoints: string) =>
      `Name:  web\nNamespace:  shop\nSelector:  app=web\nEndpoints:  ${endpoints}\nSession Affinity:  None\n`;
    const subsets = (endpoints: string) => readDescribe(text(endpoints), origin).objects[1]?.body;
    expect(subsets('<none>')).toEqual({ subsets: [] });
    expect(subsets('10.0.0.1:80,10.0.0.2:80 + 1 more...')).toEqual({
      subsets: [{ addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] }],
    });
  });

  it('reads several in one text, and names what it does not know', () => {
    const unknown = 'Name:  x\nNamespace:  shop\nThing:  y\nOther:  z\n';
    const { objects, unread } = readDescribe(`${pod}\n\n${unknown}`, origin);
    expect(objects).toHaveLength(1);
    expect(unread).toEqual([{ file: 'd.txt', reason: 'the description of "x", whose kind is not known' }]);
  });
});
