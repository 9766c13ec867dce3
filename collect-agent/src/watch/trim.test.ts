import { describe, expect, it } from '@jest/globals';
import { trimEvent, trimObject } from './trim.ts';

describe('what is kept of an object', () => {
  it('of a pod is only what signals ask for', () => {
    const pod = trimObject('Pod', 'v1', {
      metadata: {
        name: 'p',
        uid: 'u',
        namespace: 'shop',
        managedFields: [{}],
        annotations: { a: 'b' },
        resourceVersion: '7',
      },
      spec: {
        nodeName: 'n1',
        containers: [{ name: 'app', env: [{ name: 'TOKEN', value: 'x' }] }],
        volumes: [{ persistentVolumeClaim: { claimName: 'data' } }, { secret: { secretName: 's' } }],
      },
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        containerStatuses: [{ name: 'app', imageID: 'sha256:1', restartCount: 1 }],
      },
    });
    expect(pod).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', uid: 'u', namespace: 'shop' },
      spec: { nodeName: 'n1', claims: ['data'], memoryLimits: {}, initContainers: [] },
      status: {
        phase: 'Running',
        conditions: [],
        containerStatuses: [{ name: 'app', restartCount: 1 }],
        initContainerStatuses: [],
      },
    });
  });

  it.each([null, 'text', [], {}, { metadata: { name: 'p' } }, { metadata: null }])('%o is no object', (raw) => {
    expect([trimObject('Pod', 'v1', raw), trimEvent(raw)]).toEqual([undefined, undefined]);
  });

  it.each(['Pod', 'Node', 'Deployment', 'Job', 'Service', 'EndpointSlice', 'PersistentVolumeClaim'] as const)(
    'a bare %s is kept as far as it goes',
    (kind) => {
      expect(trimObject(kind, 'v1', { metadata: { name: 'x', uid: 'u' }, spec: null, status: 'odd' })).toMatchObject({
        kind,
      });
    },
  );
});
