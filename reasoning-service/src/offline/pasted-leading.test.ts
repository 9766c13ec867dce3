import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const refused = (service: string) => `$ kubectl apply -f mill.yaml
Error from server (InternalError): error when creating "mill.yaml": Internal error occurred: failed calling webhook "check.loom.example": failed to call webhook: Post "https://${service}.looms.svc:443/check?timeout=10s": no endpoints available for service "${service}"
`;
const pods = (status: string) => `$ kubectl get pods -n looms
NAME                    READY   STATUS   RESTARTS   AGE
warden-5c7f9d8b66-hm4rz   0/1   ${status}   0   14m
`;

describe('what leads an answer', () => {
  it('is a cause that is known, before what nothing is known of', () => {
    const found = pasted({ 'terminal.txt': `${refused('warden')}${pods('Pending')}` });
    expect(found.status).toBe('answered');
    expect(allInShort(found)).toEqual([
      'webhook_unavailable Webhook check.loom.example',
      'unknown Deployment looms/warden',
    ]);
  });

  it('is what nothing is known of where there is nothing else', () =>
    expect(pasted({ 'terminal.txt': pods('Pending') }).status).toBe('abstained'));
});

describe('a part of the control plane', () => {
  const check = (name: string) => `$ kubectl get cs
NAME                 STATUS      MESSAGE                                                                                        ERROR
${name}            Unhealthy   Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused
controller-manager   Healthy     ok
`;
  const pod = (name: string) => `$ kubectl get pods -n kube-system
NAME                  READY   STATUS             RESTARTS        AGE
${name}   0/1     CrashLoopBackOff   17 (2m50s ago)  60d
`;

  it('is one fault with what its check and its pod tell', () => {
    const found = pasted({ 'terminal.txt': `${check('scheduler')}${pod('kube-scheduler-m1')}` });
    expect(allInShort(found)).toEqual(['control_plane_unhealthy Pod kube-system/kube-scheduler-m1']);
    expect(found.evidence.map(({ quote }) => quote).join('\n')).toContain(
      '127.0.0.1:10259: connect: connection refused',
    );
    expect(found.rejected).toEqual([]);
  });

  it('is not proved by the check of another', () => {
    const found = pasted({ 'terminal.txt': `${check('scheduler')}${pod('kube-controller-manager-m1')}` });
    expect(found.evidence.map(({ quote }) => quote).join('\n')).not.toContain('10259');
  });
});
