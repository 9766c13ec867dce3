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

const leaving =
  '$ kubectl get pods -n doors\nNAME     READY   STATUS        RESTARTS   AGE\nhall-1   1/1     Terminating   0          9d\n';
const told = (...rows: string[]) =>
  `$ kubectl get events -n doors\nLAST SEEN   TYPE      REASON          OBJECT       MESSAGE\n${rows.join('\n')}\n`;
const stop = (age: string) => `${age}         Normal    Killing         pod/hall-1   Stopping container hall`;
const late = (status: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: hall-1\n  namespace: doors\n  creationTimestamp: "2026-11-10T08:00:00Z"\n  deletionTimestamp: "2026-11-20T08:00:00Z"\nspec: {containers: [{name: hall, image: "hall:1"}]}\nstatus: ${status}\n`;

describe('a row of a pod that is told to go', () => {
  it.each([
    ['which does not say since when', leaving, ['unknown Pod doors/hall-1']],
    ['and was a moment ago', leaving + told(stop('40s')), ['no_incident Pod doors/hall-1']],
    ['and was half an hour ago', leaving + told(stop('31m')), ['unknown Pod doors/hall-1']],
    [
      'and cannot be ended',
      leaving + told('1m          Warning   FailedKillPod   pod/hall-1   error killing pod: context deadline exceeded'),
      ['unknown Pod doors/hall-1'],
    ],
  ])('is judged by when that was: one %s', (_, text, expected) => {
    expect(allInShort(pasted({ 'terminal.txt': text }))).toEqual(expected);
  });

  it('is no failing probe when it lingers, and is well when it has ended', () => {
    const runs =
      '{phase: Running, containerStatuses: [{name: hall, ready: false, restartCount: 0, state: {running: {}}}]}';
    const found = pasted({ 'pod.yaml': late(runs) });
    expect(allInShort(found)).toEqual(['unknown Pod doors/hall-1']);
    expect(found.root_cause.description).toContain('was to be gone by 2026-11-20T08:00:00.000Z and is still there');
    expect(pasted({ 'pod.yaml': late('{phase: Succeeded}') }).category).toBe('no_incident');
  });

  it.each([
    ['9s', 'no_incident'],
    ['2h', 'unknown'],
  ])('tells in its description for how long: %s', (lasts, category) => {
    const text = `Name:             hall-1\nNamespace:        doors\nStart Time:       Tue, 10 Nov 2026 08:00:00 +0000\nStatus:           Terminating (lasts ${lasts})\nContainers:\n  hall:\n    Image:          hall:1\n    State:          Running\n      Started:      Tue, 10 Nov 2026 08:00:01 +0000\n    Ready:          True\n    Restart Count:  0\nConditions:\n  Type              Status\n  Ready             True\nEvents:  <none>\n`;
    expect(pasted({ 'pod.txt': text }).category).toBe(category);
  });
});

describe('a row of a pod that is told to go beside others of its ReplicaSet', () => {
  const old = 'gate-6c8d9f7b5-2vxkz   1/1   Terminating   0   5d';
  const beside = (...rows: string[]) =>
    pasted({
      'pods.txt': `$ kubectl get pods -n doors\nNAME   READY   STATUS   RESTARTS   AGE\n${[old, ...rows].join('\n')}\n`,
    });
  it('is stuck where a younger one took its place long ago', () => {
    const found = beside('gate-6c8d9f7b5-8mlqz   1/1   Running   0   3h');
    expect(allInShort(found)).toEqual(['unknown Deployment doors/gate']);
    expect(found.root_cause.description).toContain('has a pod that was replaced long ago and is not gone');
    expect(found.missing_evidence.join()).toContain('kubectl describe pod gate-6c8d9f7b5-2vxkz -n doors');
  });

  it.each([
    ['makes room for one that has just come', ['gate-7d9c8f6b4-8mlqz   1/1   Running   0   2m']],
    ['is the youngest, as where there are to be fewer', ['gate-6c8d9f7b5-8mlqz   1/1   Running   0   6d']],
    [
      'is one of several that are rolled out',
      ['gate-7d9c8f6b4-8mlqz   1/1   Running   0   12m', 'gate-7d9c8f6b4-c4n2q   1/1   Running   0   1m'],
    ],
  ])('is in order where it %s', (_, rows) => {
    expect(beside(...rows).category).toBe('no_incident');
  });
});
