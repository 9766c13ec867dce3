import { describe, expect, it } from '@jest/globals';
import { misspelt } from './misspelt.ts';

const known = ['PROTECTED_NAMESPACES', 'ALLOW_CHANGES', 'PORT'];
const meantBy = (...names: string[]) =>
  misspelt(known, Object.fromEntries(names.map((name) => [name, 'x']))).map(({ meant }) => meant);

describe('misspelt', () => {
  it.each([
    'PROTECTED_NAMESPACE',
    'PROTECTED_NAMESPACESS',
    'PROTECTED_NAMESPACED',
    'PROTECTED_NAMESAPCES',
    'PROTECTEDNAMESPACES',
  ])('knows what %s means', (name) => expect(meantBy(name)).toEqual(['PROTECTED_NAMESPACES']));
  it.each(['protected_namespaces', 'PROTECTED-NAMESPACES'])('knows it in another form: %s', (name) =>
    expect(meantBy(name)).toEqual(['PROTECTED_NAMESPACES']),
  );
  it('knows it with and without the name of the product', () => {
    expect(meantBy('AETHERIUS_ALLOW_CHANGES')).toEqual(['ALLOW_CHANGES']);
    expect(misspelt(['AETHERIUS_TOKEN_FILE'], { TOKEN_FILE: '/t' })).toEqual([
      { name: 'TOKEN_FILE', meant: 'AETHERIUS_TOKEN_FILE' },
    ]);
  });
  it('leaves other names, short ones, and those beside the one that is meant', () => {
    expect(meantBy('PROTECTED_PLACES', 'PORTS', 'PATH', 'HOME')).toEqual([]);
    expect(meantBy('ALLOW_CHANGE', 'ALLOW_CHANGES')).toEqual([]);
  });
});
