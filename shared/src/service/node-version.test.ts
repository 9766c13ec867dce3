import { describe, expect, it } from '@jest/globals';
import { requireNode } from './node-version.ts';

describe('the running Node', () => {
  it('is refused in one line with the way out where it is too old', () => {
    expect(() => requireNode('20.20.2')).toThrow(/found: 20\.20\.2, needed: 24, way_out: start it with Node 24/);
  });

  it.each(['24.0.0', '24.21.0', '26.1.0'])('is taken: %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });
});
