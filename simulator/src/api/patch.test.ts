import { describe, expect, it } from '@jest/globals';
import { applyPatch } from './patch.ts';

const strategic = 'application/strategic-merge-patch+json';

const deployment = {
  kind: 'Deployment',
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template: {
      spec: {
        containers: [
          {
            name: 'app',
            image: 'app:1',
            args: ['--a', '--b'],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
            ports: [{ containerPort: 80, name: 'http' }],
          },
          { name: 'sidecar', image: 'side:1' },
        ],
      },
    },
  },
};

const containersAfter = (patch: object): unknown => {
  const body = { spec: { template: { spec: { containers: [patch] } } } };
  const patched = applyPatch(deployment, JSON.parse(JSON.stringify(body)), strategic);
  return JSON.parse(JSON.stringify(patched)).spec.template.spec.containers;
};

describe('strategic merge', () => {
  it('merges containers by name and leaves the others alone', () => {
    expect(containersAfter({ name: 'app', image: 'app:2' })).toEqual([
      { ...deployment.spec.template.spec.containers[0], image: 'app:2' },
      deployment.spec.template.spec.containers[1],
    ]);
  });

  it('merges a nested list by its own key and replaces a list without one', () => {
    const env = [{ name: 'B', value: '3' }];
    expect(containersAfter({ name: 'app', env, args: ['--c'] })).toMatchObject([
      {
        args: ['--c'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '3' },
        ],
      },
      {},
    ]);
  });

  it('adds an unknown item at the end', () => {
    expect(containersAfter({ name: 'new', image: 'new:1' })).toHaveLength(3);
  });

  it('deletes an item on $patch: delete', () => {
    expect(containersAfter({ name: 'sidecar', $patch: 'delete' })).toEqual([
      deployment.spec.template.spec.containers[0],
    ]);
  });

  it('merges ports of a container by containerPort and ports of a Service by port', () => {
    const ports = [{ containerPort: 80, protocol: 'TCP' }];
    expect(containersAfter({ name: 'app', ports })).toMatchObject([
      { ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }] },
      {},
    ]);
    const service = { spec: { ports: [{ port: 80, name: 'http' }] } };
    expect(applyPatch(service, { spec: { ports: [{ port: 81 }] } }, strategic)).toEqual({
      spec: { ports: [{ port: 80, name: 'http' }, { port: 81 }] },
    });
  });
});

describe('the directives of a strategic merge', () => {
  it('obeys $setElementOrder, $retainKeys and a null', () => {
    const patch = {
      spec: {
        replicas: null,
        strategy: { $retainKeys: ['type'], type: 'Recreate' },
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'sidecar' }, { name: 'app' }],
            containers: [{ name: 'app', image: 'app:3' }],
          },
        },
      },
    };
    const patched = applyPatch(deployment, patch, strategic);
    expect(patched).toMatchObject({
      spec: {
        strategy: { type: 'Recreate' },
        template: { spec: { containers: [{ name: 'sidecar' }, { name: 'app' }] } },
      },
    });
    expect(JSON.stringify(patched)).not.toMatch(/replicas|rollingUpdate|\$/);
  });

  it('unites finalizers and deletes from them', () => {
    const object = { metadata: { finalizers: ['a', 'b'] } };
    const patch = { metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['a'] } };
    expect(applyPatch(object, patch, strategic)).toEqual({ metadata: { finalizers: ['b', 'c'] } });
  });

  it('refuses an item without its merge key', () => {
    expect(() => containersAfter({ image: 'x' })).toThrow('does not contain declared merge key: name');
  });

  it('leaves the original as it was', () => {
    const before = JSON.stringify(deployment);
    containersAfter({ name: 'app', image: 'changed' });
    expect(JSON.stringify(deployment)).toBe(before);
  });
});

describe('merge patch', () => {
  it('replaces lists whole and removes on null', () => {
    const patched = applyPatch({ a: { b: 1, c: [1, 2] } }, { a: { b: null, c: [3] } }, 'application/merge-patch+json');
    expect(patched).toEqual({ a: { c: [3] } });
  });

  it('refuses what is not an object', () => {
    expect(() => applyPatch({}, [], 'application/merge-patch+json')).toThrow('must be a JSON object');
  });
});

describe('JSON patch', () => {
  const type = 'application/json-patch+json';

  it('applies its operations in order', () => {
    const patch = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'replace', path: '/a', value: 2 },
      { op: 'add', path: '/list/-', value: 'x' },
    ];
    expect(applyPatch({ a: 1, list: [] }, patch, type)).toEqual({ a: 2, list: ['x'] });
  });

  it('answers 422 for a failed test and for a path that is not there', () => {
    for (const patch of [[{ op: 'test', path: '/a', value: 2 }], [{ op: 'remove', path: '/no/where' }]]) {
      expect(() => applyPatch({ a: 1 }, patch, type)).toThrow(expect.objectContaining({ code: 422 }));
    }
  });
});

it('answers 415 to server-side apply, with the reason', () => {
  expect(() => applyPatch({}, {}, 'application/apply-patch+yaml')).toThrow(
    expect.objectContaining({ code: 415, message: expect.stringContaining('client-side apply') }),
  );
});
