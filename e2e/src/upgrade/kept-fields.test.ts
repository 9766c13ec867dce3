import { describe, expect, it } from '@jest/globals';
import { objectsIn } from '../charts/objects.ts';
import { keptIn, refusedChanges } from './kept-fields.ts';

const rendered = ({ version = '1', size = '1Gi', ip = 'None', role = 'read' } = {}) =>
  keptIn(
    objectsIn(`
{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: bus, namespace: a, labels: { version: "${version}" } },
  spec: { replicas: 1, serviceName: bus, selector: { matchLabels: { app: bus } }, volumeClaimTemplates: [{ size: ${size} }] } }
---
{ apiVersion: v1, kind: Service, metadata: { name: bus, namespace: a }, spec: { clusterIP: ${ip}, ports: [] } }
---
{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: { name: b }, roleRef: { name: ${role} } }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: c, namespace: a }, data: { version: "${version}" } }`),
  );

describe('refusedChanges', () => {
  it('finds nothing in what may change', () => {
    expect(refusedChanges(rendered(), rendered({ version: '2' }))).toEqual([]);
  });

  it('does not mind the order in which something is written', () => {
    expect(
      refusedChanges(
        { 'Deployment a/x': { selector: { a: 1, b: 2 } } },
        { 'Deployment a/x': { selector: { b: 2, a: 1 } } },
      ),
    ).toEqual([]);
  });

  it.each([
    ['volumeClaimTemplates', { size: '2Gi' }, /^StatefulSet a\/bus cannot be changed from/],
    ['clusterIP', { ip: '""' }, /^Service a\/bus cannot be changed/],
    ['roleRef', { role: 'write' }, /^ClusterRoleBinding \/b cannot be changed/],
  ] as const)('names what the API server refuses: %s', (_field, change, words) => {
    expect(refusedChanges(rendered(), rendered(change))).toEqual([expect.stringMatching(words)]);
  });

  it('names what would leave its data behind, and nothing else that goes', () => {
    expect(refusedChanges(rendered(), {})).toEqual(['StatefulSet a/bus is gone, and what it kept with it']);
  });
});
