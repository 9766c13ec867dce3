import { ClusterId } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { chosenCluster, clusterIdOf } from './kubeconfig.ts';

const file = (parts: Record<string, unknown> = {}) =>
  JSON.stringify({
    'current-context': 'Prod EU',
    contexts: [
      { name: 'Prod EU', context: { cluster: 'one', user: 'me' } },
      { name: 'test', context: { cluster: 'two', user: 'me' } },
      { name: 'lost', context: { cluster: 'gone', user: 'me' } },
    ],
    clusters: [
      {
        name: 'one',
        cluster: { server: 'https://one:6443', 'certificate-authority-data': Buffer.from('CA').toString('base64') },
      },
      { name: 'two', cluster: { server: 'https://two:6443', 'certificate-authority': 'ca.pem' } },
    ],
    ...parts,
  });

describe('chosenCluster', () => {
  it('takes the current context, or the one that was named', () => {
    expect(chosenCluster(file())).toEqual({ context: 'Prod EU', server: 'https://one:6443', ca: { data: 'CA' } });
    expect(chosenCluster(file(), 'test')).toEqual({
      context: 'test',
      server: 'https://two:6443',
      ca: { file: 'ca.pem' },
    });
  });

  it.each([
    ['{', undefined, 'is not YAML'],
    ['just words', undefined, 'is not a kubeconfig'],
    ['', undefined, 'is not a kubeconfig'],
    [file({ contexts: 3 }), undefined, 'contexts'],
    [file({ 'current-context': '' }), undefined, 'no current context'],
    [file(), 'other', 'has no context "other"; it has Prod EU, test, lost'],
    [file({ contexts: [], 'current-context': 'a' }), undefined, 'has no context "a"; it has none'],
    [file(), 'lost', 'cluster "gone"'],
  ])('refuses %j with the reason', (text, context, reason) => {
    expect(chosenCluster(text, context)).toMatchObject({ problem: expect.stringContaining(reason) });
  });
});

describe('clusterIdOf', () => {
  const one = { context: 'Prod EU', server: 'https://one:6443', ca: 'CA' };

  it('is the same for the same cluster, and another for another server or authority', () => {
    const id = clusterIdOf(one);
    expect(id).toMatch(/^prod-eu-[0-9a-f]{10}$/);
    expect(clusterIdOf({ ...one })).toBe(id);
    expect(
      new Set([id, clusterIdOf({ ...one, server: 'https://two:6443' }), clusterIdOf({ ...one, ca: 'XX' })]).size,
    ).toBe(3);
  });

  it.each(['Prod EU', 'äöü', '-', 'arn:aws:eks:eu-1:1:cluster/x', 'a'.repeat(300)])(
    'fits a subject for %j',
    (context) => {
      expect(ClusterId.safeParse(clusterIdOf({ ...one, context })).success).toBe(true);
    },
  );
});
