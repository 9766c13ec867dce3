import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './run.ts';

const pages = ['README.md', 'docs/deploy-kubernetes.md'];
const linesIn = (page: string) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^ +(printf '\{"auths".*) \\$/gm)].map(([, line = '']) => line);

describe('the Secret of a registry, as people make it', () => {
  it.each(pages)('holds any name and any password: %s', (page) => {
    const [line = '', ...others] = linesIn(page);
    expect(others).toEqual([]);
    const [user, password] = ['ci$robot', `a"b\\c%d 'e' ${'x'.repeat(200)}`];
    const env = { ...process.env, REGISTRY: 'registry.local:5000/team', PULL_USER: user, PULL_PASSWORD: password };
    const { auths } = JSON.parse(execFileSync('sh', ['-c', line], { env, encoding: 'utf8' })) as {
      auths: Record<string, { auth: string }>;
    };
    expect(Object.keys(auths)).toEqual(['registry.local:5000']);
    const { auth = '' } = auths['registry.local:5000'] ?? {};
    expect(Buffer.from(auth, 'base64').toString()).toBe(`${user}:${password}`);
  });
});
