import { describe, expect, it } from '@jest/globals';
import { type Change, createObjectStore, type NewObject } from './object-store.ts';

function newStore() {
  let ids = 0;
  return createObjectStore({ clock: { now: () => new Date('2026-01-02T03:04:05.678Z') }, newId: () => `id-${++ids}` });
}

const deployment: NewObject = {
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 1 },
};

describe('create', () => {
  it('fills in what only the server knows', () => {
    const { metadata, apiVersion } = newStore().create(deployment);
    expect(apiVersion).toBe('apps/v1');
    expect(metadata).toMatchObject({
      uid: 'id-1',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-02T03:04:05Z',
    });
  });

  it('completes a generated name and refuses a taken one', () => {
    const store = newStore();
    const created = store.create({ ...deployment, metadata: { namespace: 'shop', generateName: 'web-' } });
    expect(created.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    store.create(deployment);
    expect(() => store.create(deployment)).toThrow(expect.objectContaining({ code: 409, reason: 'AlreadyExists' }));
  });

  it('stores nothing in a dry run', () => {
    const store = newStore();
    store.create(deployment, { dryRun: true });
    expect([store.list('Deployment'), store.resourceVersion()]).toEqual([[], '0']);
  });

  it('refuses a kind that is not served', () => {
    expect(() => newStore().create({ kind: 'Widget', metadata: { name: 'w' } })).toThrow('no kind "Widget"');
  });
});

describe('update', () => {
  it('refuses a stale reading and another object of the same name', () => {
    const store = newStore();
    const first = store.create(deployment);
    store.update({ ...first, spec: { replicas: 2 } });
    expect(() => store.update({ ...first, spec: { replicas: 3 } })).toThrow(expect.objectContaining({ code: 409 }));
    const stranger = { ...first, metadata: { ...first.metadata, resourceVersion: '', uid: 'other' } };
    expect(() => store.update(stranger)).toThrow('UID in precondition: other');
  });

  it('moves the generation with the spec alone', () => {
    const store = newStore();
    const first = store.create(deployment);
    const labelled = store.update({ ...first, metadata: { ...first.metadata, labels: { a: 'b' } } });
    expect(labelled.metadata.generation).toBe(1);
    expect(store.update({ ...labelled, spec: { replicas: 2 } }).metadata.generation).toBe(2);
  });

  it('keeps spec and status behind their own doors', () => {
    const store = newStore();
    const first = store.create(deployment);
    const both = { ...first, spec: { replicas: 9 }, status: { replicas: 9 } };
    expect(store.update(both, { subresource: 'status' })).toMatchObject({
      spec: { replicas: 1 },
      status: { replicas: 9 },
    });
    const changed = store.mutate('Deployment', 'shop', 'web', (draft) => {
      draft.spec = { replicas: 2 };
      draft.status = {};
    });
    expect(changed).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 9 } });
  });

  it('does not move the version when nothing changes', () => {
    const store = newStore();
    const first = store.create(deployment);
    expect(store.update({ ...first })).toBe(first);
    expect(store.resourceVersion()).toBe('1');
  });

  it('hands out objects that cannot be changed behind its back', () => {
    const created = newStore().create(deployment);
    expect(() => Object.assign(created.spec ?? {}, { replicas: 7 })).toThrow(TypeError);
  });
});

describe('remove', () => {
  it('waits for finalizers', () => {
    const store = newStore();
    store.create({ ...deployment, metadata: { ...deployment.metadata, finalizers: ['example.com/hold'] } });
    expect(store.remove('Deployment', 'shop', 'web').metadata.deletionTimestamp).toBe('2026-01-02T03:04:05Z');
    store.mutate('Deployment', 'shop', 'web', ({ metadata }) => {
      metadata.finalizers = [];
    });
    expect(store.get('Deployment', 'shop', 'web')).toBeUndefined();
  });

  it('marks an object that has a grace period, and ends it without one', () => {
    const store = newStore();
    store.create({ kind: 'Pod', metadata: { name: 'p' } });
    const marked = store.remove('Pod', 'default', 'p', { graceSeconds: 30 });
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: '2026-01-02T03:04:35Z',
      deletionGracePeriodSeconds: 30,
    });
    store.mutate('Pod', 'default', 'p', ({ metadata }) => {
      metadata.labels = { still: 'here' };
    });
    expect(store.get('Pod', 'default', 'p')).toBeDefined();
    store.remove('Pod', 'default', 'p');
    expect(store.get('Pod', 'default', 'p')).toBeUndefined();
  });

  it('refuses on a failed precondition and on nothing there', () => {
    const store = newStore();
    store.create(deployment);
    expect(() => store.remove('Deployment', 'shop', 'web', { uid: 'x' })).toThrow(
      expect.objectContaining({ code: 409 }),
    );
    expect(() => store.remove('Deployment', 'shop', 'no')).toThrow('deployments.apps "no" not found');
  });
});

describe('changes', () => {
  it('reach every listener in the order of the writes, even when a listener writes', () => {
    const store = newStore();
    const seen: string[] = [];
    store.subscribe(({ type, object }) => {
      if (type === 'ADDED' && object.kind === 'Deployment') store.create({ kind: 'Pod', metadata: { name: 'child' } });
    });
    const stop = store.subscribe(({ object }) => seen.push(object.metadata.name));
    store.create(deployment);
    stop();
    store.remove('Deployment', 'shop', 'web');
    expect(seen).toEqual(['web', 'child']);
  });

  it('reach the other listeners when one fails, and the writer hears of the failure', () => {
    const store = newStore();
    const seen: string[] = [];
    store.subscribe(() => {
      throw new Error('cannot cope');
    });
    store.subscribe(({ object }) => seen.push(object.metadata.name));
    expect(() => store.create(deployment)).toThrow('cannot cope');
    expect([seen, store.list('Deployment').length]).toEqual([['web'], 1]);
  });

  it('can be read again from a version on, until they are forgotten', () => {
    const store = newStore();
    const { metadata } = store.create(deployment);
    store.create({ kind: 'Pod', metadata: { name: 'p' } });
    store.remove('Deployment', 'shop', 'web');
    const later = store.historySince(metadata.resourceVersion, 'Deployment') as Change[];
    expect(later.map(({ type, object }) => [type, object.metadata.resourceVersion])).toEqual([['DELETED', '3']]);
    store.compact();
    expect(store.historySince('2', 'Deployment')).toBe('gone');
    expect(store.historySince('3', 'Deployment')).toEqual([]);
  });
});
