import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

/** Told to go three days before it is read. */
const lock = (finalizers: string, more = '') =>
  `apiVersion: example.org/v1\nkind: Lock\nmetadata:\n  name: front\n  namespace: doors\n  deletionTimestamp: "2026-11-17T08:00:00Z"\n${finalizers}${more}`;
const key = '  finalizers: [example.org/key]\n';

describe('an object that was to be gone', () => {
  it('is a fault while a finalizer holds it, whatever its kind', () => {
    const found = pasted({ 'lock.yaml': lock(key) });
    expect(allInShort(found)).toEqual(['unknown Lock doors/front']);
    expect(found.root_cause.description).toContain(
      'was to be gone by 2026-11-17T08:00:00.000Z and is held: example.org/key',
    );
  });

  it('is none where nothing says what holds it', () => {
    expect(pasted({ 'lock.yaml': lock('') }).root_cause.description).not.toContain('is held');
  });

  it('is none while its deletion is under way, by a heartbeat beside it', () => {
    const lease =
      '---\napiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: n1, namespace: kube-node-lease}\nspec: {renewTime: "2026-11-17T08:02:00.000000Z"}\n';
    const found = pasted({ 'lock.yaml': lock(key, lease) });
    expect(found.root_cause.description).not.toContain('is held');
  });

  it('is told by what a jsonpath prints of it', () => {
    const text =
      '$ kubectl get pods -n doors\nNAME     READY   STATUS        RESTARTS   AGE\nhall-0   1/1     Running       0          9d\nhall-1   1/1     Terminating   0          9d\n$ kubectl get pod hall-1 -n doors -o jsonpath=\'{.metadata.deletionTimestamp} {.metadata.finalizers}\'\n2026-11-17T08:00:00Z ["example.org/key"]\n';
    expect(allInShort(pasted({ 'terminal.txt': text }))).toEqual(['unknown StatefulSet doors/hall']);
  });
});
