import { describe, expect, it } from '@jest/globals';
import { networkPolicyBody } from './network-policy.ts';
import { outline } from './outline.ts';

const described = (spec: string) => networkPolicyBody(outline(`Name: lock\nCreated on: now\nSpec:\n${spec}`));

describe('the description of a NetworkPolicy', () => {
  it('tells whom it is about, and each of its rules', () => {
    const body = described(`  PodSelector:     app=eggs,tier in (db,cache),!canary
  Allowing ingress traffic:
    To Port: 6379/TCP
    To Port: 8000-8080/TCP
    From:
      NamespaceSelector: team=moor
      PodSelector: role=client
    From:
      IPBlock:
        CIDR: 10.0.0.0/16
        Except: 10.0.3.0/24
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Allowing egress traffic:
    <none> (Selected pods are isolated for egress connectivity)
  Policy Types: Ingress, Egress
`);
    expect(body).toEqual({
      spec: {
        podSelector: {
          matchLabels: { app: 'eggs' },
          matchExpressions: [
            { key: 'tier', operator: 'In', values: ['db', 'cache'] },
            { key: 'canary', operator: 'DoesNotExist' },
          ],
        },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            ports: [
              { protocol: 'TCP', port: 6379 },
              { protocol: 'TCP', port: 8000, endPort: 8080 },
            ],
            from: [
              {
                namespaceSelector: { matchLabels: { team: 'moor' } },
                podSelector: { matchLabels: { role: 'client' } },
              },
              { ipBlock: { cidr: '10.0.0.0/16' } },
            ],
          },
          {},
        ],
        egress: [],
      },
    });
  });

  it('takes all pods where it says so, and says nothing of a direction that it leaves alone', () => {
    const body = described(`  PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)
  Allowing ingress traffic:
    <none> (Selected pods are isolated for ingress connectivity)
  Not affecting egress traffic
  Policy Types: Ingress
`);
    expect(body).toEqual({ spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [] } });
  });
});
