import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadPolicy } from './load-policy.ts';
import { Policy } from './policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'policy.yaml');

describe('the policy of a cluster', () => {
  it('is what its file says, and the default without one', () => {
    writeFileSync(file, 'namespaces: [shop]\n');
    expect(loadPolicy(file)).toMatchObject({ namespaces: ['shop'] });
    expect(loadPolicy(undefined)).toEqual(Policy.parse({}));
  });

  it.each([
    ['namespaces: shop', 'problem: namespaces: must be of the type array, and is string, way_out: correct the file'],
    ['actionz: []', 'problem: the file: has actionz, which nobody reads'],
    ['protected_namespaces: [Shop]', 'problem: protected_namespaces.0: must be a name of a namespace'],
    ['[', 'POLICY_FILE'],
  ])('is refused in words of the file: %j', (text, words) => {
    writeFileSync(file, text);
    expect(() => loadPolicy(file)).toThrow(words);
  });

  it('is refused where it is no file', () => {
    expect(() => loadPolicy(folder)).toThrow(`POLICY_FILE: ${folder}, problem: is a folder`);
    expect(() => loadPolicy(join(folder, 'none'))).toThrow('problem: is not there');
  });
});
