import { describe, expect, it } from '@jest/globals';
import { changeKinds, expectedRows, foundRows, keyOf, questions, tableOf, wrongRows } from './verbs.ts';

const reading = expectedRows({ writes: false, namespaced: false });
const answered = (allow: (key: string) => boolean) =>
  foundRows(reading, new Set(questions(reading, 'shop').map(keyOf).filter(allow)));

describe('the table of verbs', () => {
  it('is as it should be when the answers are', () => {
    const allowed = new Set(reading.flatMap((row) => row.allowed.map((verb) => keyOf({ ...row, verb }))));
    expect(
      wrongRows(
        reading,
        answered((key) => allowed.has(key)),
      ),
    ).toEqual([]);
  });

  it('names each verb too many and too few', () => {
    const everything = wrongRows(
      reading,
      answered(() => true),
    );
    expect(everything).toContain('get secrets is allowed');
    expect(everything).toContain('patch deployments.apps is allowed');
    expect(
      wrongRows(
        reading,
        answered(() => false),
      ),
    ).toContain('list pods is refused');
  });

  it('gives the write verbs to the write role, and nothing on the cluster to a namespaced agent', () => {
    const rowOf = (resource: string, way: { writes: boolean; namespaced: boolean }) =>
      expectedRows(way).find((row) => row.group === '' && row.resource === resource)?.allowed;
    expect(rowOf('nodes', { writes: true, namespaced: false })).toEqual(['get', 'list', 'watch', 'patch']);
    expect(rowOf('nodes', { writes: true, namespaced: true })).toEqual([]);
    expect(rowOf('secrets', { writes: true, namespaced: false })).toEqual([]);
  });

  it('gives each further kind its own verb and nothing else', () => {
    const allowedWith = (kinds: readonly string[]) =>
      expectedRows({ writes: true, namespaced: false, kinds }).flatMap(({ resource, allowed }) =>
        allowed.filter((verb) => !['get', 'list', 'watch'].includes(verb)).map((verb) => `${verb} ${resource}`),
      );
    expect(allowedWith([])).toEqual([]);
    expect(allowedWith(['evictions'])).toEqual(['create pods/eviction']);
    expect(allowedWith(['services'])).toEqual(['patch services']);
    expect(changeKinds.flatMap((kind) => allowedWith([kind])).filter((right) => !right.startsWith('patch '))).toEqual([
      'delete pods',
      'create pods/eviction',
    ]);
  });

  it('can be read', () => {
    expect(tableOf([{ group: '', resource: 'pods', allowed: ['get', 'patch'] }])).toEqual([
      '      get  list  watch  create  update  patch  delete  deletecollection',
      'pods  yes  -     -      -       -       yes    -       -',
    ]);
  });
});
